/*
 * Subflows that this program opens itself, by the kernel's path manager for user space (generic netlink, mptcp_pm). The
 * kernel's own path manager treats all connections of a machine alike; a witness has many with paths of their own each.
 * It takes CAP_NET_ADMIN; programs of a laptop leave the matter to the kernel.
 */
#include "engine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <unistd.h>

enum { HEADERS = NLMSG_HDRLEN + GENL_HDRLEN, MOST_TOKENS = 4096, MOST_GROUPS = 16 };
/* Linux 5.19; the headers of some distributions are older. */
enum { CREATE_SUBFLOW = 10, LOCAL = 1, TOKEN = 4, REMOTE = 6, EVENT_ESTABLISHED = 2, EVENT_TOKEN = 1, EVENT_FLAGS = 13 };
enum { FAMILY = 1, ID = 2, FOUR = 3, SIX = 4, PORT = 5, DENY_JOIN_ID0 = 1 };

static struct source manager = {.fd = -1};
static uint16_t manager_family;
static void (*tell)(void);
static uint32_t established[MOST_TOKENS];
static size_t established_count;

struct message {
  unsigned char octets[512];
  size_t length;
};

static size_t put(struct message *message, int kind, const void *value, size_t length) {
  struct nlattr header = {.nla_len = (uint16_t)(NLA_HDRLEN + length), .nla_type = (uint16_t)kind};
  size_t begin = message->length;
  memcpy(message->octets + begin, &header, sizeof header);
  if (length > 0) memcpy(message->octets + begin + NLA_HDRLEN, value, length);
  message->length = begin + NLA_ALIGN(NLA_HDRLEN + length);
  return begin;
}

/* The attribute that begins there reaches to the end of the message. */
static void close_nest(struct message *message, size_t begin) {
  uint16_t length = (uint16_t)(message->length - begin);
  memcpy(message->octets + begin, &length, sizeof length);
}

static int post(struct message *message, int family, int command) {
  struct nlmsghdr header = {.nlmsg_len = (uint32_t)message->length, .nlmsg_type = (uint16_t)family, .nlmsg_flags = NLM_F_REQUEST};
  struct genlmsghdr generic = {.cmd = (uint8_t)command, .version = 1};
  memcpy(message->octets, &header, sizeof header);
  memcpy(message->octets + NLMSG_HDRLEN, &generic, sizeof generic);
  return send(manager.fd, message->octets, message->length, 0) < 0 ? -1 : 0;
}

/* The value of the first attribute of a kind; NULL where there is none. */
static const unsigned char *find(const unsigned char *octets, size_t length, int kind, size_t *value_length) {
  for (struct nlattr header; length >= sizeof header;) {
    memcpy(&header, octets, sizeof header);
    if (header.nla_len < NLA_HDRLEN || header.nla_len > length) return NULL;
    if ((header.nla_type & NLA_TYPE_MASK) == kind) {
      *value_length = (size_t)header.nla_len - NLA_HDRLEN;
      return octets + NLA_HDRLEN;
    }
    size_t whole = NLA_ALIGN(header.nla_len);
    if (whole >= length) return NULL;
    octets += whole;
    length -= whole;
  }
  return NULL;
}

/* RFC 8684 section 3.1: who opens subflows has to heed the peer's C flag. */
static void hear(struct source *source, uint32_t events) {
  static unsigned char octets[65536];
  ssize_t count;
  (void)events;
  while ((count = recv(source->fd, octets, sizeof octets, 0)) > 0 || errno == ENOBUFS) {
    for (size_t at = 0; count > 0 && at + HEADERS <= (size_t)count;) {
      struct nlmsghdr header;
      size_t length;
      memcpy(&header, octets + at, sizeof header);
      if (header.nlmsg_len < HEADERS || header.nlmsg_len > (size_t)count - at) break;
      const unsigned char *attributes = octets + at + HEADERS;
      const unsigned char *token = find(attributes, header.nlmsg_len - HEADERS, EVENT_TOKEN, &length);
      const unsigned char *flags = find(attributes, header.nlmsg_len - HEADERS, EVENT_FLAGS, &length);
      int is_denied = flags != NULL && (flags[0] & DENY_JOIN_ID0) != 0;
      if (header.nlmsg_type == manager_family && octets[at + NLMSG_HDRLEN] == EVENT_ESTABLISHED && token != NULL && !is_denied &&
          established_count < MOST_TOKENS)
        memcpy(&established[established_count++], token, sizeof established[0]);
      at += NLMSG_ALIGN(header.nlmsg_len);
    }
  }
  tell();
}

int open_path_manager(void (*told)(void)) {
  static unsigned char answer[65536];
  struct message ask = {.length = HEADERS};
  struct sockaddr_nl here = {.nl_family = AF_NETLINK};
  size_t length, group_length, value_length;
  if (manager.fd >= 0) return 0;
  tell = told;
  manager = (struct source){.happened = hear, .fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC)};
  if (manager.fd < 0 || bind(manager.fd, (struct sockaddr *)&here, sizeof here) != 0) return -1;
  put(&ask, CTRL_ATTR_FAMILY_NAME, "mptcp_pm", sizeof "mptcp_pm");
  if (post(&ask, GENL_ID_CTRL, CTRL_CMD_GETFAMILY) != 0) return -1;
  ssize_t count = recv(manager.fd, answer, sizeof answer, 0);
  if (count <= HEADERS) return -1;
  const unsigned char *attributes = answer + HEADERS;
  size_t all = (size_t)count - HEADERS;
  const unsigned char *family = find(attributes, all, CTRL_ATTR_FAMILY_ID, &value_length);
  const unsigned char *groups = find(attributes, all, CTRL_ATTR_MCAST_GROUPS, &length);
  if (family == NULL || groups == NULL) return -1;
  memcpy(&manager_family, family, sizeof manager_family);
  for (int index = 1; index < MOST_GROUPS; index++) {
    const unsigned char *group = find(groups, length, index, &group_length);
    if (group == NULL) continue;
    const unsigned char *name = find(group, group_length, CTRL_ATTR_MCAST_GRP_NAME, &value_length);
    const unsigned char *number = find(group, group_length, CTRL_ATTR_MCAST_GRP_ID, &value_length);
    if (name != NULL && number != NULL && strcmp((const char *)name, "mptcp_pm_events") == 0)
      setsockopt(manager.fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, number, sizeof(uint32_t));
  }
  fcntl(manager.fd, F_SETFL, O_NONBLOCK);
  watch(&manager, EPOLLIN);
  return 0;
}

static int choose_manager(const char *which) {
  int setting = open("/proc/sys/net/mptcp/pm_type", O_WRONLY | O_CLOEXEC);
  int outcome = setting < 0 || write(setting, which, 1) != 1 ? -1 : 0;
  if (setting >= 0) close(setting);
  return outcome;
}

/* The setting holds for sockets that are made while it stands. */
int open_managed_socket(int family) {
  if (choose_manager("1") != 0) return -1;
  int fd = open_mptcp(family), error = errno;
  choose_manager("0");
  errno = error;
  return fd;
}

int may_grow(uint32_t token) {
  for (size_t index = 0; index < established_count; index++) {
    if (established[index] != token) continue;
    established[index] = established[--established_count];
    return 1;
  }
  return 0;
}

static void put_end(struct message *message, const struct sockaddr_storage *address) {
  uint16_t family = address->ss_family;
  put(message, FAMILY, &family, sizeof family);
  if (family == AF_INET6) put(message, SIX, &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
  else put(message, FOUR, &((const struct sockaddr_in *)address)->sin_addr, 4);
}

void create_subflow(uint32_t token, int identifier, const struct sockaddr_storage *from, const struct sockaddr_storage *to) {
  struct message message = {.length = HEADERS};
  uint8_t id = (uint8_t)identifier;
  uint16_t port = (uint16_t)port_of(to);
  size_t nest = put(&message, LOCAL | NLA_F_NESTED, NULL, 0);
  put_end(&message, from);
  put(&message, ID, &id, sizeof id);
  close_nest(&message, nest);
  put(&message, TOKEN, &token, sizeof token);
  nest = put(&message, REMOTE | NLA_F_NESTED, NULL, 0);
  put_end(&message, to);
  put(&message, PORT, &port, sizeof port);
  close_nest(&message, nest);
  post(&message, manager_family, CREATE_SUBFLOW);
}
