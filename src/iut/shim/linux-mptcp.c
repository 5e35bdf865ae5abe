/*
 * The Linux kernel's own MPTCP as an implementation under test: a robe-ctl/1 shim in C.
 *
 *     cc -Wall -Wextra -Werror -O2 -o linux-mptcp linux-mptcp.c      (robe-ctl.h lies beside it)
 *
 * Does what robe-ctl/1 tells it over stdin with IPPROTO_MPTCP sockets: a twin of linux-mptcp.py for machines without Python, and a model for a stack of your own: replace
 * what is below "sockets". One thread, one epoll, no library but the C one; Linux 5.19 or newer.
 *
 * A connection that may use more than one path is created under the kernel's user-space path manager: once the kernel says
 * that it is fully established, this shim asks for a subflow from each further address. One with a single path stays under
 * the kernel's own path manager and never grows, so that connections do not meddle with one another.
 */
#define _GNU_SOURCE
#include "robe-ctl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MPTCP_PROTOCOL = 262, MPTCP_LEVEL = 284, MPTCP_INFO_OPTION = 1, INFO_FLAG_FALLBACK = 1 };
enum { MOST_PATHS = 8, MOST_LISTENERS = 32, CHUNK = 65536 };

/* What epoll hands back: the first member of everything that is watched. */
struct source {
  enum { COMMANDS, LISTENER, CONNECTION, MANAGER } kind;
  int fd;
};

struct listener {
  struct source source;
  int family, port, echo;
};

enum state { CONNECTING, ESTABLISHED, CLOSING, CLOSED, FAILED };
static const char *const state_names[] = {"connecting", "established", "closing", "closed", "failed"};

struct path {
  int path;
  char address[2][INET6_ADDRSTRLEN]; /* IPv4, IPv6; empty where there is none */
};

struct connection {
  struct source source; /* fd is -1 once the socket is gone */
  struct connection *next;
  enum state state;
  char name[LONGEST_NAME];     /* what control calls it; empty for an accepted one */
  char peer[INET6_ADDRSTRLEN]; /* where it was accepted from; empty for a connected one */
  int echo, mptcp, subflows, closing, peer_finished, watched;
  unsigned long long received;
  char why[128];
  unsigned char *outgoing;
  size_t waiting; /* octets in outgoing */
  uint32_t token;
  struct sockaddr_storage target;
  const struct path *further[MOST_PATHS];
  int further_count;
  int managed; /* under the user-space path manager */
};

static int epoll = -1;
static struct source commands = {COMMANDS, 0}, manager = {MANAGER, -1};
static struct listener listeners[MOST_LISTENERS];
static int listener_count;
static struct path paths[MOST_PATHS];
static int path_count;
static struct connection *connections; /* the newest first */
static struct connection *condemned;   /* forgotten, to be freed when no event can name them any more */

static void *claim(void *memory, size_t size) {
  void *claimed = realloc(memory, size);
  if (claimed == NULL) {
    fprintf(stderr, "out of memory\n");
    exit(1);
  }
  return claimed;
}

/* ---- sockets */

static int family_of(const char *address) { return strchr(address, ':') == NULL ? AF_INET : AF_INET6; }

static const char *own_address(const struct path *path, int family) { return path->address[family == AF_INET6]; }

static socklen_t fill_address(struct sockaddr_storage *address, const char *text, int port) {
  memset(address, 0, sizeof *address);
  address->ss_family = (sa_family_t)family_of(text);
  if (address->ss_family == AF_INET6) {
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    six->sin6_port = htons((uint16_t)port);
    return inet_pton(AF_INET6, text, &six->sin6_addr) == 1 ? sizeof *six : 0;
  }
  struct sockaddr_in *four = (struct sockaddr_in *)address;
  four->sin_port = htons((uint16_t)port);
  return inet_pton(AF_INET, text, &four->sin_addr) == 1 ? sizeof *four : 0;
}

static struct connection *new_connection(int fd, enum state state) {
  struct connection *connection = claim(NULL, sizeof *connection);
  memset(connection, 0, sizeof *connection);
  connection->source = (struct source){CONNECTION, fd};
  connection->state = state;
  connection->next = connections;
  connections = connection;
  return connection;
}

static struct connection *find(const char *name) {
  const char *peer = strncmp(name, "accepted:", 9) == 0 ? name + 9 : NULL;
  for (struct connection *each = connections; each != NULL; each = each->next)
    if (peer == NULL ? strcmp(each->name, name) == 0 : strcmp(each->peer, peer) == 0) return each;
  return NULL;
}

/* Takes what MPTCP_INFO tells while the socket is there; a fallen-back or plain socket has none. */
static void look(struct connection *connection) {
  unsigned char info[128];
  socklen_t length = sizeof info;
  uint32_t flags;
  if (connection->source.fd < 0 || connection->state == CONNECTING) return;
  connection->subflows = 1;
  connection->mptcp = 0;
  if (getsockopt(connection->source.fd, MPTCP_LEVEL, MPTCP_INFO_OPTION, info, &length) != 0 || length < 16) return;
  memcpy(&flags, info + 8, sizeof flags);
  memcpy(&connection->token, info + 12, sizeof connection->token);
  connection->mptcp = (flags & INFO_FLAG_FALLBACK) == 0;
  connection->subflows = info[0] + 1;
}

static const char *reason(int code) {
  switch (code) {
    case ECONNREFUSED: return "refused";
    case ETIMEDOUT: return "timeout";
    case ECONNRESET:
    case EPIPE: return "reset";
    default: return strerror(code);
  }
}

static void drop(struct connection *connection, enum state state, const char *because) {
  if (connection->source.fd < 0) return;
  look(connection);
  close(connection->source.fd); /* which epoll notices */
  connection->source.fd = -1;
  connection->state = state;
  snprintf(connection->why, sizeof connection->why, "%s", because);
  free(connection->outgoing);
  connection->outgoing = NULL;
  connection->waiting = 0;
}

static void abort_connection(struct connection *connection) {
  struct linger linger = {1, 0};
  if (connection->source.fd < 0) return;
  setsockopt(connection->source.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  drop(connection, CLOSED, "aborted");
}

/* Registers for exactly what the connection waits for. */
static void watch(struct connection *connection) {
  struct epoll_event event = {0, {.ptr = connection}};
  if (connection->state == CONNECTING || connection->waiting > 0) event.events |= EPOLLOUT;
  if (connection->state != CONNECTING && !connection->peer_finished) event.events |= EPOLLIN;
  int how = event.events == 0 ? EPOLL_CTL_DEL : connection->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (how != EPOLL_CTL_DEL || connection->watched) epoll_ctl(epoll, how, connection->source.fd, &event);
  connection->watched = event.events != 0;
}

static void flush_out(struct connection *connection) {
  while (connection->waiting > 0 && connection->state != CONNECTING) {
    ssize_t sent = send(connection->source.fd, connection->outgoing, connection->waiting, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (sent < 0) {
      drop(connection, CLOSED, reason(errno));
      return;
    }
    connection->waiting -= (size_t)sent;
    memmove(connection->outgoing, connection->outgoing + sent, connection->waiting);
  }
  if (connection->closing && connection->waiting == 0) {
    if (connection->peer_finished) {
      drop(connection, CLOSED, "");
      return;
    }
    if (connection->state == ESTABLISHED) {
      connection->state = CLOSING;
      if (shutdown(connection->source.fd, SHUT_WR) != 0) {
        drop(connection, CLOSED, reason(errno));
        return;
      }
    }
  }
  watch(connection);
}

/* Room for octets after those that wait. */
static unsigned char *extend(struct connection *connection, size_t count) {
  connection->outgoing = claim(connection->outgoing, connection->waiting + count + 1);
  connection->waiting += count;
  return connection->outgoing + connection->waiting - count;
}

static void take_in(struct connection *connection) {
  static unsigned char octets[CHUNK];
  for (;;) {
    ssize_t count = recv(connection->source.fd, octets, sizeof octets, 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (count < 0) {
      drop(connection, CLOSED, reason(errno));
      return;
    }
    if (count == 0) {
      connection->peer_finished = 1;
      connection->state = CLOSING;
      if (connection->echo) connection->closing = 1;
      return;
    }
    connection->received += (unsigned long long)count;
    if (connection->echo) memcpy(extend(connection, (size_t)count), octets, (size_t)count);
  }
}

/* ---- the kernel's path manager, over generic netlink (linux/mptcp_pm.h) */

enum { PM_SET_FLAGS = 7, PM_ANNOUNCE = 8, PM_REMOVE = 9, PM_CREATE_SUBFLOW = 10, PM_EVENT_ESTABLISHED = 2, FLAG_DENY_JOIN_ID0 = 1 };
enum { PM_LOCAL = 1, PM_TOKEN = 4, PM_LOCAL_ID = 5, PM_REMOTE = 6, PM_EVENT_TOKEN = 1, PM_EVENT_FLAGS = 13 };
enum { ADDR_FAMILY = 1, ADDR_ID = 2, ADDR_4 = 3, ADDR_6 = 4, ADDR_PORT = 5, ADDR_FLAGS = 6, FLAG_SIGNAL = 1, FLAG_BACKUP = 4 };
enum { NESTED = 0x8000, KIND_MASK = 0x3fff, NETLINK_LEVEL = 270, HEADERS = 20 };

struct message {
  unsigned char octets[512];
  size_t length;
};
static uint16_t manager_family;

static size_t put(struct message *message, int kind, const void *value, size_t length) {
  struct nlattr attribute = {(uint16_t)(length + 4), (uint16_t)kind};
  size_t at = message->length;
  memcpy(message->octets + at, &attribute, 4);
  if (value != NULL) memcpy(message->octets + at + 4, value, length);
  message->length = at + ((length + 7) & ~(size_t)3);
  return at;
}

static void close_nest(struct message *message, size_t at) {
  uint16_t length = (uint16_t)(message->length - at);
  memcpy(message->octets + at, &length, sizeof length);
}

static void post(struct message *message, uint16_t family, uint8_t command) {
  static uint32_t sequence;
  struct nlmsghdr header = {(uint32_t)message->length, family, NLM_F_REQUEST, ++sequence, 0};
  struct genlmsghdr generic = {command, 1, 0};
  memcpy(message->octets, &header, sizeof header);
  memcpy(message->octets + sizeof header, &generic, sizeof generic);
  if (send(manager.fd, message->octets, message->length, 0) < 0) perror("path manager");
}

/* The value of an attribute among those from `octets` on; NULL where there is none. Lengths include the header. */
static const unsigned char *attribute(const unsigned char *octets, size_t length, int kind, size_t *value_length) {
  while (length >= 4) {
    struct nlattr header;
    memcpy(&header, octets, 4);
    if (header.nla_len < 4 || header.nla_len > length) return NULL;
    if ((header.nla_type & KIND_MASK) == kind) {
      *value_length = header.nla_len - 4u;
      return octets + 4;
    }
    size_t whole = (header.nla_len + 3u) & ~3u;
    if (whole > length) return NULL;
    octets += whole;
    length -= whole;
  }
  return NULL;
}

static int open_manager(void) {
  static unsigned char answer[CHUNK];
  struct message ask = {.length = HEADERS};
  struct sockaddr_nl here = {.nl_family = AF_NETLINK};
  size_t length, group_length, number_length;
  if (manager.fd >= 0) return 0;
  manager.fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
  if (manager.fd < 0 || bind(manager.fd, (struct sockaddr *)&here, sizeof here) != 0) return -1;
  put(&ask, CTRL_ATTR_FAMILY_NAME, "mptcp_pm", sizeof "mptcp_pm");
  post(&ask, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
  ssize_t count = recv(manager.fd, answer, sizeof answer, 0);
  if (count <= HEADERS) return -1;
  const unsigned char *attributes = answer + HEADERS, *family, *groups;
  if ((family = attribute(attributes, (size_t)count - HEADERS, CTRL_ATTR_FAMILY_ID, &length)) == NULL) return -1;
  memcpy(&manager_family, family, sizeof manager_family);
  groups = attribute(attributes, (size_t)count - HEADERS, CTRL_ATTR_MCAST_GROUPS, &length);
  for (int index = 1; groups != NULL && index < 16; index++) {
    const unsigned char *group = attribute(groups, length, index, &group_length);
    const unsigned char *name = group == NULL ? NULL : attribute(group, group_length, CTRL_ATTR_MCAST_GRP_NAME, &number_length);
    if (name == NULL || strcmp((const char *)name, "mptcp_pm_events") != 0) continue;
    uint32_t number;
    memcpy(&number, attribute(group, group_length, CTRL_ATTR_MCAST_GRP_ID, &number_length), sizeof number);
    setsockopt(manager.fd, NETLINK_LEVEL, NETLINK_ADD_MEMBERSHIP, &number, sizeof number);
  }
  fcntl(manager.fd, F_SETFL, O_NONBLOCK);
  struct epoll_event event = {EPOLLIN, {.ptr = &manager}};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, manager.fd, &event);
}

static void put_address(struct message *message, const struct sockaddr_storage *address) {
  const struct sockaddr_in *four = (const struct sockaddr_in *)address;
  const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
  uint16_t family = address->ss_family;
  put(message, ADDR_FAMILY, &family, sizeof family);
  if (family == AF_INET6) put(message, ADDR_6, &six->sin6_addr, 16);
  else put(message, ADDR_4, &four->sin_addr, 4);
}

static void create_subflow(const struct connection *connection, const struct path *path) {
  struct message message = {.length = HEADERS};
  struct sockaddr_storage own;
  uint8_t identifier = (uint8_t)path->path;
  uint16_t port = ntohs(((const struct sockaddr_in *)&connection->target)->sin_port);
  fill_address(&own, own_address(path, connection->target.ss_family), 0);
  size_t nest = put(&message, PM_LOCAL | NESTED, NULL, 0);
  put_address(&message, &own);
  put(&message, ADDR_ID, &identifier, 1);
  close_nest(&message, nest);
  put(&message, PM_TOKEN, &connection->token, 4);
  nest = put(&message, PM_REMOTE | NESTED, NULL, 0);
  put_address(&message, &connection->target);
  put(&message, ADDR_PORT, &port, 2);
  close_nest(&message, nest);
  post(&message, manager_family, PM_CREATE_SUBFLOW);
}

/* Tokens that the kernel reported before their connect was noticed here. */
static uint32_t established[4096];
static size_t established_count;

static void grow(struct connection *connection) {
  if (connection->token == 0) look(connection);
  for (size_t index = 0; index < established_count; index++) {
    if (connection->token == 0 || established[index] != connection->token) continue;
    established[index] = established[--established_count];
    for (int each = 0; each < connection->further_count; each++) create_subflow(connection, connection->further[each]);
    connection->further_count = 0;
    return;
  }
}

/* RFC 8684 section 3.1: a user-space path manager has to heed the peer's C flag itself. */
static void hear(void) {
  static unsigned char octets[CHUNK];
  for (;;) {
    ssize_t count = recv(manager.fd, octets, sizeof octets, 0);
    if (count < 0 && errno == ENOBUFS) continue;
    if (count < 0) break;
    for (size_t at = 0; at + HEADERS <= (size_t)count;) {
      struct nlmsghdr header;
      memcpy(&header, octets + at, sizeof header);
      if (header.nlmsg_len < HEADERS || header.nlmsg_len > (size_t)count - at) break;
      const unsigned char *attributes = octets + at + HEADERS;
      size_t length = header.nlmsg_len - HEADERS, value_length;
      const unsigned char *token = attribute(attributes, length, PM_EVENT_TOKEN, &value_length);
      const unsigned char *flags = attribute(attributes, length, PM_EVENT_FLAGS, &value_length);
      int denied = flags != NULL && (flags[0] & FLAG_DENY_JOIN_ID0) != 0;
      if (header.nlmsg_type == manager_family && octets[at + 16] == PM_EVENT_ESTABLISHED && token != NULL && !denied &&
          established_count < sizeof established / sizeof *established)
        memcpy(&established[established_count++], token, 4);
      at += (header.nlmsg_len + 3u) & ~(size_t)3;
    }
  }
  for (struct connection *each = connections; each != NULL; each = each->next)
    if (each->further_count > 0 && each->source.fd >= 0) grow(each);
}

static int write_setting(const char *value) {
  int setting = open("/proc/sys/net/mptcp/pm_type", O_WRONLY);
  int written = setting < 0 ? -1 : write(setting, value, strlen(value)) < 0 ? -1 : 0;
  if (setting >= 0) close(setting);
  return written;
}

/* ---- verbs */

static struct connection *named(const char *request) {
  char name[LONGEST_NAME] = "";
  struct connection *connection = read_string(member(request, "connection"), name, sizeof name) == 0 ? find(name) : NULL;
  if (connection == NULL) failed("no connection %.200s", name);
  return connection;
}

static enum outcome verb_configure(const char *request) {
  const char *list = member(request, "paths");
  path_count = 0;
  for (const char *p = first_element(list); p != NULL && path_count < MOST_PATHS; p = next_element(p)) {
    struct path *path = &paths[path_count++];
    const char *address = member(p, "address");
    memset(path, 0, sizeof *path);
    path->path = (int)read_number(member(p, "path"), 0);
    read_string(member(address, "4"), path->address[0], INET6_ADDRSTRLEN);
    read_string(member(address, "6"), path->address[1], INET6_ADDRSTRLEN);
  }
  return OK;
}

static enum outcome verb_listen(const char *request) {
  char service[16] = "";
  int port = (int)read_number(member(request, "port"), 0), on = 1;
  read_string(member(request, "service"), service, sizeof service);
  for (int six = 0; six <= 1; six++) {
    int family = six ? AF_INET6 : AF_INET, known = 0;
    for (int index = 0; index < listener_count; index++)
      known |= listeners[index].family == family && listeners[index].port == port;
    if (known) continue;
    if (listener_count == MOST_LISTENERS) return failed("more than %d listeners", MOST_LISTENERS);
    struct sockaddr_storage any;
    socklen_t length = fill_address(&any, six ? "::" : "0.0.0.0", port);
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, MPTCP_PROTOCOL);
    if (fd < 0) return failed("%s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (six) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&any, length) != 0 || listen(fd, 4096) != 0) {
      close(fd);
      return failed("%s", strerror(errno));
    }
    struct listener *listener = &listeners[listener_count++];
    *listener = (struct listener){{LISTENER, fd}, family, port, strcmp(service, "echo") == 0};
    struct epoll_event event = {EPOLLIN, {.ptr = listener}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }
  return OK;
}

static enum outcome verb_connect(const char *request) {
  char name[LONGEST_NAME] = "", address[INET6_ADDRSTRLEN] = "", profile[32] = "mptcp";
  const char *to = member(request, "to"), *list = member(request, "paths");
  const struct path *chosen[MOST_PATHS];
  int count = 0;
  if (read_string(member(request, "connection"), name, sizeof name) != 0) return failed("a connection needs a name");
  if (find(name) != NULL) return failed("connection %.200s exists", name);
  if (member(request, "profile") != NULL && read_string(member(request, "profile"), profile, sizeof profile) != 0)
    return UNSUPPORTED;
  int plain = strcmp(profile, "tcp") == 0;
  if (read_number(member(request, "version"), 1) != 1 || (!plain && strcmp(profile, "mptcp") != 0)) return UNSUPPORTED;
  struct sockaddr_storage target, own;
  read_string(member(to, "address"), address, sizeof address);
  socklen_t length = fill_address(&target, address, (int)read_number(member(to, "port"), 0));
  if (length == 0 || list == NULL) return failed("bad request: no address, or no paths");
  for (const char *p = first_element(list); p != NULL && count < MOST_PATHS; p = next_element(p)) {
    const struct path *found = NULL;
    for (int index = 0; index < path_count; index++)
      if (paths[index].path == read_number(p, 0)) found = &paths[index];
    if (found == NULL || own_address(found, target.ss_family)[0] == '\0')
      return failed("path %ld has no IPv%d address", read_number(p, 0), target.ss_family == AF_INET6 ? 6 : 4);
    chosen[count++] = found;
  }
  if (count == 0) return failed("bad request: no paths");
  int several = count > 1 && !plain;
  if (several && (open_manager() != 0 || write_setting("1") != 0)) return failed("path manager: %s", strerror(errno));
  int fd = socket(target.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, plain ? IPPROTO_TCP : MPTCP_PROTOCOL);
  if (several) write_setting("0");
  if (fd < 0) return failed("%s", strerror(errno));
  fill_address(&own, own_address(chosen[0], target.ss_family), 0);
  if (bind(fd, (struct sockaddr *)&own, length) != 0 ||
      (connect(fd, (struct sockaddr *)&target, length) != 0 && errno != EINPROGRESS)) {
    enum outcome outcome = failed("%s", strerror(errno));
    close(fd);
    return outcome;
  }
  struct connection *connection = new_connection(fd, CONNECTING);
  strcpy(connection->name, name);
  connection->target = target;
  connection->managed = several;
  for (int index = 1; several && index < count; index++) connection->further[connection->further_count++] = chosen[index];
  watch(connection);
  return OK;
}

static enum outcome verb_send(const char *request) {
  struct connection *connection = named(request);
  const char *octets = member(request, "octets");
  if (connection == NULL) return FAILURE;
  if (connection->source.fd < 0 || connection->closing) return failed("the connection is %s", state_names[connection->state]);
  if (octets == NULL) return failed("bad request: no octets");
  size_t count = octets_in(octets);
  unsigned char *into = extend(connection, count);
  for (size_t index = 0; index < count; index++) into[index] = octet_of(octets, index);
  if (connection->state == ESTABLISHED) flush_out(connection);
  return OK;
}

static enum outcome verb_close(const char *request) {
  struct connection *connection = named(request);
  if (connection == NULL) return FAILURE;
  if (connection->source.fd < 0) return OK;
  connection->closing = 1;
  if (connection->state == CONNECTING) drop(connection, CLOSED, "");
  else flush_out(connection);
  return OK;
}

static enum outcome verb_abort(const char *request) {
  struct connection *connection = named(request);
  if (connection == NULL) return FAILURE;
  abort_connection(connection);
  return OK;
}

/* A connection under the user-space path manager, and the path of the address, whose number is its Address ID. */
static enum outcome managed(const char *request, struct connection **connection, const struct path **path,
                            struct sockaddr_storage *address) {
  char text[INET6_ADDRSTRLEN] = "";
  *connection = named(request);
  if (*connection == NULL) return FAILURE;
  if (!(*connection)->managed) return UNSUPPORTED;
  read_string(member(request, "address"), text, sizeof text);
  *path = NULL;
  for (int index = 0; index < path_count; index++)
    if (strcmp(paths[index].address[0], text) == 0 || strcmp(paths[index].address[1], text) == 0) *path = &paths[index];
  if (*path == NULL || fill_address(address, text, 0) == 0) return failed("%s is the address of no path", text);
  look(*connection);
  if ((*connection)->token == 0 || !(*connection)->mptcp) return failed("the connection is not MPTCP");
  return OK;
}

static enum outcome verb_announce(const char *request) {
  struct message message = {.length = HEADERS};
  struct connection *connection;
  const struct path *path;
  struct sockaddr_storage address;
  enum outcome outcome = managed(request, &connection, &path, &address);
  if (outcome != OK) return outcome;
  uint16_t port = (uint16_t)read_number(member(request, "port"), 0);
  /* To the kernel an address with a port is another one than without, and needs an id of its own. */
  uint8_t identifier = (uint8_t)(port == 0 ? path->path : path->path + 64);
  uint32_t flags = FLAG_SIGNAL;
  size_t nest = put(&message, PM_LOCAL | NESTED, NULL, 0);
  put_address(&message, &address);
  put(&message, ADDR_ID, &identifier, 1);
  put(&message, ADDR_FLAGS, &flags, 4);
  if (port != 0) put(&message, ADDR_PORT, &port, 2);
  close_nest(&message, nest);
  put(&message, PM_TOKEN, &connection->token, 4);
  post(&message, manager_family, PM_ANNOUNCE);
  return OK;
}

static enum outcome verb_withdraw(const char *request) {
  struct message message = {.length = HEADERS};
  struct connection *connection;
  const struct path *path;
  struct sockaddr_storage address;
  enum outcome outcome = managed(request, &connection, &path, &address);
  if (outcome != OK) return outcome;
  uint8_t identifier = (uint8_t)path->path;
  put(&message, PM_LOCAL_ID, &identifier, 1);
  put(&message, PM_TOKEN, &connection->token, 4);
  post(&message, manager_family, PM_REMOVE);
  return OK;
}

static enum outcome verb_prioritise(const char *request) {
  struct message message = {.length = HEADERS};
  struct connection *connection;
  const struct path *path;
  struct sockaddr_storage address;
  enum outcome outcome = managed(request, &connection, &path, &address);
  if (outcome != OK) return outcome;
  const char *backup = member(request, "backup");
  uint32_t flags = backup != NULL && *backup == 't' ? FLAG_BACKUP : 0;
  size_t nest = put(&message, PM_LOCAL | NESTED, NULL, 0);
  put_address(&message, &address);
  put(&message, ADDR_FLAGS, &flags, 4);
  close_nest(&message, nest);
  nest = put(&message, PM_REMOTE | NESTED, NULL, 0);
  put_address(&message, &connection->target);
  close_nest(&message, nest);
  put(&message, PM_TOKEN, &connection->token, 4);
  post(&message, manager_family, PM_SET_FLAGS);
  return OK;
}

static enum outcome verb_info(const char *request) {
  struct connection *connection = named(request);
  if (connection == NULL) return FAILURE;
  look(connection);
  report("{\"state\":\"%s\",\"mptcp\":%s,\"subflows\":%d,\"received\":%llu", state_names[connection->state],
         connection->mptcp ? "true" : "false", connection->subflows, connection->received);
  if (connection->why[0] != '\0') report(",\"why\":\"%s\"", connection->why);
  report("}");
  return OK;
}

static enum outcome verb_accepted(const char *request) {
  const char *from = member(request, "from");
  char address[INET6_ADDRSTRLEN];
  int count = 0, closed = 0;
  for (const char *p = first_element(from); p != NULL; p = next_element(p)) {
    if (read_string(p, address, sizeof address) != 0) continue;
    for (struct connection *each = connections; each != NULL; each = each->next)
      if (strcmp(each->peer, address) == 0) count++, closed += each->source.fd < 0;
  }
  report("{\"count\":%d,\"closed\":%d}", count, closed);
  return OK;
}

static enum outcome verb_health(const char *request) {
  (void)request;
  return OK;
}

static enum outcome verb_reset(const char *request) {
  (void)request;
  while (connections != NULL) {
    struct connection *each = connections;
    abort_connection(each);
    connections = each->next;
    each->next = condemned;
    condemned = each;
  }
  return OK;
}

static enum outcome verb_hello(const char *request) {
  (void)request;
  return greet("linux-mptcp");
}

const struct verb verbs[] = {{"abort", verb_abort},           {"accepted", verb_accepted}, {"announce", verb_announce},
                             {"close", verb_close},           {"configure", verb_configure}, {"connect", verb_connect},
                             {"health", verb_health},         {"hello", verb_hello},       {"info", verb_info},
                             {"listen", verb_listen},         {"prioritise", verb_prioritise}, {"reset", verb_reset},
                             {"send", verb_send},             {"withdraw", verb_withdraw}, {NULL, NULL}};

/* ---- events */

static void accept_all(struct listener *listener) {
  for (;;) {
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    int fd = accept4(listener->source.fd, (struct sockaddr *)&peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    struct connection *connection = new_connection(fd, ESTABLISHED);
    connection->echo = listener->echo;
    if (peer.ss_family == AF_INET6)
      inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&peer)->sin6_addr, connection->peer, sizeof connection->peer);
    else inet_ntop(AF_INET, &((struct sockaddr_in *)&peer)->sin_addr, connection->peer, sizeof connection->peer);
    look(connection);
    watch(connection);
  }
}

static void serve(struct connection *connection, uint32_t happened) {
  int code = 0;
  socklen_t length = sizeof code;
  if (connection->source.fd < 0) return;
  if (connection->state == CONNECTING) {
    getsockopt(connection->source.fd, SOL_SOCKET, SO_ERROR, &code, &length);
    if (code != 0) {
      drop(connection, FAILED, reason(code));
      return;
    }
    connection->state = ESTABLISHED;
    look(connection);
    if (connection->further_count > 0) grow(connection);
  }
  if ((happened & ~(uint32_t)EPOLLOUT) != 0) take_in(connection);
  if (connection->source.fd >= 0) flush_out(connection);
}

int main(void) {
  struct epoll_event events[64], input = {EPOLLIN, {.ptr = &commands}};
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &input) != 0) {
    perror("stdin");
    return 1;
  }
  for (int running = 1; running;) {
    int count = epoll_wait(epoll, events, 64, -1);
    for (int index = 0; index < count; index++) {
      struct source *source = events[index].data.ptr;
      switch (source->kind) {
        case COMMANDS: running = running && take_requests(STDIN_FILENO); break;
        case LISTENER: accept_all((struct listener *)source); break;
        case CONNECTION: serve((struct connection *)source, events[index].events); break;
        case MANAGER: hear(); break;
      }
    }
    while (condemned != NULL) {
      struct connection *each = condemned;
      condemned = each->next;
      free(each);
    }
  }
  verb_reset(NULL);
  return 0;
}
