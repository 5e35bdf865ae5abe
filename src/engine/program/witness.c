/*
 * The engine as an implementation under test: robe-ctl/1 as src/iut/control/messages.ts defines it, JSON lines over stdin and
 * stdout. What it is told to connect over several paths is a race, and the paths that lost are joined as soon as
 * the kernel says that the connection is fully established. Its listeners are the kernel's.
 */
#include "engine.h"
#include "../../iut/shim/robe-ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mptcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FALLBACK = 1 };

enum state { CONNECTING_STATE, ESTABLISHED, CLOSING, CLOSED, FAILED };
static const char *const state_names[] = {"connecting", "established", "closing", "closed", "failed"};

struct connection {
  struct source source;
  struct race race;
  struct connection *next;
  enum state state;
  char name[LONGEST_NAME], why[128];
  int is_racing, is_mptcp, subflows, is_closing, is_read_out, echoes;
  unsigned long long received;
  uint32_t token;
  struct sockaddr_storage target;
  int further[MOST_PATHS], further_count;
  unsigned char *outgoing;
  size_t waiting;
};

static struct connection *connections;

/* ---- connections */

struct listener {
  struct source source;
  int family, port, echoes;
};

/* The one of that name; `accepted:ADDRESS` is the latest from there. */
static struct connection *find(const char *name) {
  for (struct connection *each = connections; each != NULL; each = each->next)
    if (strcmp(each->name, name) == 0) return each;
  return NULL;
}

static void look(struct connection *connection) {
  struct mptcp_info info;
  socklen_t length = sizeof info;
  if (connection->source.fd < 0) return;
  connection->subflows = 1;
  connection->is_mptcp = 0;
  memset(&info, 0, sizeof info);
  if (getsockopt(connection->source.fd, MPTCP_LEVEL, MPTCP_INFO, &info, &length) != 0) return;
  connection->token = info.mptcpi_token;
  connection->is_mptcp = (info.mptcpi_flags & FALLBACK) == 0;
  connection->subflows = info.mptcpi_subflows + 1;
}

static const char *reason(int error) {
  switch (error) {
    case ECONNREFUSED: return "refused";
    case ETIMEDOUT: return "timeout";
    case ECONNRESET:
    case EPIPE: return "reset";
    default: return strerror(error);
  }
}

static void drop(struct connection *connection, enum state state, const char *because) {
  if (connection->is_racing) abandon_race(&connection->race);
  connection->is_racing = 0;
  look(connection);
  if (connection->source.fd >= 0) learn_round_trips(connection->source.fd);
  close_source(&connection->source);
  connection->state = state;
  snprintf(connection->why, sizeof connection->why, "%s", because);
  free(connection->outgoing);
  connection->outgoing = NULL;
  connection->waiting = 0;
}

static void abort_connection(struct connection *connection) {
  struct linger linger = {1, 0};
  if (connection->source.fd < 0 && !connection->is_racing) return;
  if (connection->source.fd >= 0) setsockopt(connection->source.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  drop(connection, CLOSED, "aborted");
}

static void look_out(struct connection *connection) {
  watch(&connection->source, (connection->waiting > 0 ? EPOLLOUT : 0) | (connection->is_read_out ? 0 : EPOLLIN));
}

/* Room for octets after those that wait; nonzero where there is none. */
static int append(struct connection *connection, size_t count) {
  unsigned char *more = realloc(connection->outgoing, connection->waiting + count + 1);
  if (more == NULL) return -1;
  connection->outgoing = more;
  connection->waiting += count;
  return 0;
}

static void send_out(struct connection *connection) {
  while (connection->waiting > 0) {
    ssize_t sent = send(connection->source.fd, connection->outgoing, connection->waiting, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) break;
    if (sent < 0) {
      drop(connection, CLOSED, reason(errno));
      return;
    }
    connection->waiting -= (size_t)sent;
    memmove(connection->outgoing, connection->outgoing + sent, connection->waiting);
  }
  if (connection->is_closing && connection->waiting == 0) {
    if (connection->is_read_out) {
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
  look_out(connection);
}

static void happened(struct source *source, uint32_t events) {
  static unsigned char octets[65536];
  struct connection *connection = OWNER(struct connection, source, source);
  (void)events;
  while (!connection->is_read_out) {
    ssize_t count = recv(source->fd, octets, sizeof octets, 0);
    if (count < 0 && errno == EAGAIN) break;
    if (count < 0) {
      drop(connection, CLOSED, reason(errno));
      return;
    }
    if (count == 0) {
      connection->is_read_out = 1;
      if (connection->state == ESTABLISHED) connection->state = CLOSING;
      connection->is_closing |= connection->echoes;
    }
    connection->received += (unsigned long long)count;
    if (connection->echoes && append(connection, (size_t)count) == 0)
      memcpy(connection->outgoing + connection->waiting - count, octets, (size_t)count);
  }
  send_out(connection);
}

/* Joins the paths that lost, once the kernel has said that this may be. */
static void grow(struct connection *connection) {
  if (connection->further_count == 0 || connection->source.fd < 0) return;
  if (connection->token == 0) look(connection);
  if (connection->token == 0 || !may_grow(connection->token)) return;
  for (int index = 0; index < connection->further_count; index++) {
    const struct path *path = find_path(connection->further[index]);
    const struct sockaddr_storage *own = path == NULL ? NULL : own_address(path, connection->target.ss_family);
    if (own != NULL) create_subflow(connection->token, path->number, own, &connection->target);
  }
  connection->further_count = 0;
}

static void grow_all(void) {
  for (struct connection *each = connections; each != NULL; each = each->next) grow(each);
}

static void won(struct race *race, int fd, const struct attempt *attempt) {
  struct connection *connection = OWNER(struct connection, race, race);
  int kept = 0;
  connection->is_racing = 0;
  connection->source = (struct source){.happened = happened, .fd = fd};
  connection->state = ESTABLISHED;
  for (int index = 0; index < connection->further_count; index++)
    if (connection->further[index] != attempt->path) connection->further[kept++] = connection->further[index];
  connection->further_count = kept;
  look(connection);
  grow(connection);
  send_out(connection);
}

static void lost(struct race *race, int error) {
  struct connection *connection = OWNER(struct connection, race, race);
  connection->is_racing = 0;
  connection->state = FAILED;
  snprintf(connection->why, sizeof connection->why, "%s", reason(error));
}

/* ---- verbs */

static enum outcome configure(const char *request) {
  struct path read[MOST_PATHS];
  int count = 0;
  const char *list = member(request, "paths");
  for (const char *each = first_element(list); each != NULL && count < MOST_PATHS; each = next_element(each)) {
    char text[2][LONGEST_ADDRESS] = {"", ""};
    memset(&read[count], 0, sizeof read[count]);
    read[count].number = (int)read_number(member(each, "path"), 0);
    read_string(member(member(each, "address"), "4"), text[0], sizeof text[0]);
    read_string(member(member(each, "address"), "6"), text[1], sizeof text[1]);
    for (int six = 0; six < 2; six++)
      if (text[six][0] != '\0') read_address(text[six], 0, &read[count].address[six]);
    count++;
  }
  replace_paths(read, count);
  return OK;
}

static enum outcome begin_connection(const char *request) {
  char name[LONGEST_NAME] = "", address[LONGEST_ADDRESS] = "", profile[32] = "";
  int numbers[MOST_PATHS], count = 0;
  struct sockaddr_storage target;
  const char *to = member(request, "to"), *list = member(request, "paths");
  if (read_string(member(request, "connection"), name, sizeof name) != 0) return failed("a connection needs a name");
  if (find(name) != NULL) return failed("there is a connection of that name");
  read_string(member(request, "profile"), profile, sizeof profile);
  if (read_number(member(request, "version"), 1) != 1) return UNSUPPORTED;
  if (profile[0] != '\0' && strncmp(profile, "robe-", 5) != 0 && strcmp(profile, "tcp") != 0) return UNSUPPORTED;
  read_string(member(to, "address"), address, sizeof address);
  if (read_address(address, (int)read_number(member(to, "port"), 0), &target) == 0) return failed("there is no address to go to");
  for (const char *each = first_element(list); each != NULL && count < MOST_PATHS; each = next_element(each)) {
    const struct path *path = find_path((int)read_number(each, 0));
    if (path == NULL || own_address(path, target.ss_family) == NULL) return failed("a path has no address of that family");
    numbers[count++] = path->number;
  }
  if (count == 0) return failed("no paths were named");
  int is_plain = strcmp(profile, "tcp") == 0, is_several = count > 1 && !is_plain;
  if (is_several && open_path_manager(grow_all) != 0) return failed("the kernel's path manager cannot be reached");
  struct connection *connection = claim(sizeof *connection);
  connection->source.fd = -1;
  memcpy(connection->name, name, sizeof name);
  connection->target = target;
  connection->next = connections;
  connections = connection;
  for (int index = 0; is_several && index < count; index++) connection->further[connection->further_count++] = numbers[index];
  connection->race.won = won;
  connection->race.lost = lost;
  connection->race.open = is_plain ? open_tcp : is_several ? open_managed_socket : open_mptcp;
  connection->race.waits_for_data = defers_third_segment;
  connection->is_racing = 1;
  if (scheme.ips)
    for (struct connection *each = connections; each != NULL; each = each->next)
      if (each->source.fd >= 0) learn_round_trips(each->source.fd);
  begin_race(&connection->race, &target, 1, numbers, count);
  return OK;
}

static void accept_all(struct source *source, uint32_t events) {
  struct listener *listener = OWNER(struct listener, source, source);
  struct sockaddr_storage peer;
  socklen_t length = sizeof peer;
  (void)events;
  for (int fd; (fd = accept4(source->fd, (struct sockaddr *)&peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0; length = sizeof peer) {
    struct connection *connection = claim(sizeof *connection);
    char text[LONGEST_ADDRESS];
    connection->source = (struct source){.happened = happened, .fd = fd};
    connection->state = ESTABLISHED;
    connection->echoes = listener->echoes;
    write_address(&peer, text, sizeof text);
    *strrchr(text, ':') = '\0';
    snprintf(connection->name, sizeof connection->name, "accepted:%.*s", (int)strcspn(text + (*text == '['), "]"), text + (*text == '['));
    connection->next = connections;
    connections = connection;
    look_out(connection);
  }
}

static enum outcome listen_there(const char *request) {
  static struct listener listeners[16];
  static int count;
  char service[16] = "";
  int port = (int)read_number(member(request, "port"), 0), on = 1;
  read_string(member(request, "service"), service, sizeof service);
  for (int six = 0; six < 2; six++) {
    struct sockaddr_storage any;
    int is_there = 0;
    read_address(six ? "::" : "0.0.0.0", port, &any);
    for (int index = 0; index < count; index++) is_there |= listeners[index].family == any.ss_family && listeners[index].port == port;
    if (is_there) continue;
    if (count == sizeof listeners / sizeof *listeners) return failed("there are too many listeners");
    int fd = open_mptcp(any.ss_family);
    if (fd < 0) return failed("%s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (six) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&any, length_of(&any)) != 0 || listen(fd, 4096) != 0) {
      failed("%s", strerror(errno));
      close(fd);
      return FAILURE;
    }
    struct listener *listener = &listeners[count++];
    *listener = (struct listener){.source = {.happened = accept_all, .fd = fd}, .family = any.ss_family, .port = port, .echoes = strcmp(service, "echo") == 0};
    watch(&listener->source, EPOLLIN);
  }
  return OK;
}

static enum outcome count_accepted(const char *request) {
  char address[LONGEST_ADDRESS], name[LONGEST_ADDRESS + 16];
  const char *from = member(request, "from");
  int count = 0, closed = 0;
  for (const char *p = first_element(from); p != NULL; p = next_element(p)) {
    if (read_string(p, address, sizeof address) != 0) continue;
    snprintf(name, sizeof name, "accepted:%s", address);
    for (struct connection *each = connections; each != NULL; each = each->next) {
      if (strcmp(each->name, name) != 0) continue;
      count++;
      closed += each->source.fd < 0;
    }
  }
  report("{\"count\":%d,\"closed\":%d}", count, closed);
  return OK;
}

static struct connection *named(const char *request) {
  char name[LONGEST_NAME] = "";
  read_string(member(request, "connection"), name, sizeof name);
  struct connection *connection = find(name);
  if (connection == NULL) failed("there is no such connection");
  return connection;
}

static enum outcome send_octets(const char *request) {
  struct connection *connection = named(request);
  const char *octets = member(request, "octets");
  if (connection == NULL) return FAILURE;
  if ((connection->source.fd < 0 && !connection->is_racing) || connection->is_closing) return failed("%s", state_names[connection->state]);
  if (octets == NULL) return failed("there are no octets");
  size_t count = octets_in(octets);
  if (append(connection, count) != 0) return failed("out of memory");
  for (size_t index = 0; index < count; index++) connection->outgoing[connection->waiting - count + index] = octet_of(octets, index);
  if (connection->source.fd >= 0) send_out(connection);
  return OK;
}

static enum outcome close_connection(const char *request) {
  struct connection *connection = named(request);
  if (connection == NULL) return FAILURE;
  connection->is_closing = 1;
  if (connection->is_racing) drop(connection, CLOSED, "");
  else if (connection->source.fd >= 0) send_out(connection);
  return OK;
}

static enum outcome abort_named(const char *request) {
  struct connection *connection = named(request);
  if (connection == NULL) return FAILURE;
  abort_connection(connection);
  return OK;
}

static enum outcome inform(const char *request) {
  struct connection *connection = named(request);
  if (connection == NULL) return FAILURE;
  look(connection);
  report("{\"state\":\"%s\",\"mptcp\":%s,\"subflows\":%d,\"received\":%llu", state_names[connection->state],
         connection->is_mptcp ? "true" : "false", connection->subflows, connection->received);
  if (connection->why[0] != '\0') report(",\"why\":\"%s\"", connection->why);
  report("}");
  return OK;
}

static enum outcome do_nothing(const char *request) {
  (void)request;
  return OK;
}

static enum outcome reset(const char *request) {
  (void)request;
  while (connections != NULL) {
    struct connection *each = connections;
    abort_connection(each);
    connections = each->next;
    release(each);
  }
  forget_round_trips();
  return OK;
}

static enum outcome say_hello(const char *request) {
  (void)request;
  return greet("robe-engine on Linux");
}

const struct verb verbs[] = {{"abort", abort_named}, {"accepted", count_accepted}, {"close", close_connection}, {"configure", configure},
                             {"connect", begin_connection}, {"health", do_nothing}, {"hello", say_hello}, {"info", inform},
                             {"listen", listen_there}, {"reset", reset}, {"send", send_octets}, {NULL, NULL}};

static void read_requests(struct source *source, uint32_t events) {
  (void)events;
  if (!take_requests(source->fd)) end_loop();
}

int run_witness(void) {
  static struct source input = {.happened = read_requests, .fd = STDIN_FILENO};
  signal(SIGPIPE, SIG_IGN);
  is_quiet = 1;
  /* How long an attempt goes on is the kernel's affair here. */
  scheme.patience = 600000000;
  open_loop();
  fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
  watch(&input, EPOLLIN);
  run_loop();
  reset(NULL);
  return 0;
}
