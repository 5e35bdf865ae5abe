/*
 * Where programs come in. At a local entry a program says where it wants to go, by SOCKS 5 (RFC 1928, CONNECT without
 * authentication) or by HTTP's CONNECT (RFC 9110 section 9.3.6), or the entry has one target for all; the connection there is
 * a race over the paths. An aggregation point is an entry that takes MPTCP and goes on by TCP over the machine's routes.
 *
 *     SOCKS greeting   05 | n | n methods                       answer 05 | method, ff when none is acceptable
 *     SOCKS request    05 | command | 00 | type | address | port answer 05 | reply | 00 | 01 | 0.0.0.0 | 0
 *     SOCKS address    type 1: 4 octets, 3: length and name, 4: 16 octets
 *
 *     the target               fixed    SOCKS    HTTP
 *     is connected             joined   reply 0  200
 *     refuses                  reset    reply 5  502
 *     cannot be reached        reset    3 or 4   504
 *     has no such name         reset    reply 4  502
 *     is not allowed           reset    reply 2  403
 *     asked for in a wrong way          1, 7, 8  400 or 405
 */
#include "engine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum { LONGEST_DIALOGUE = 8192, BACKLOG = 4096, PAUSE = 100000, DIALOGUE_PATIENCE = 60000000 };
enum { SUCCEEDED = 0, FAILURE = 1, NOT_ALLOWED = 2, NETWORK_UNREACHABLE = 3, HOST_UNREACHABLE = 4, REFUSED = 5, NO_COMMAND = 7, NO_ADDRESS_TYPE = 8 };

int defers_third_segment = 1;

/* Services that speak first (IANA's registry): their clients wait, so their third segment must not. */
static const int silent_clients[] = {21, 22, 23, 25, 110, 119, 143, 465, 587, 993, 995, 2525, 3306, 5900, 6667};

struct client {
  struct source source;
  struct timer timer;
  struct race race;
  struct lookup *lookup;
  const struct entry *entry;
  enum { UNKNOWN, SOCKS, HTTP, FIXED } kind;
  int is_greeted, is_racing;
  char peer[LONGEST_ADDRESS];
  char host[256];
  int port;
  size_t count, begins; /* octets read; where those of the target begin */
  unsigned char octets[LONGEST_DIALOGUE];
};

static void forget_client(struct client *client) {
  disarm(&client->timer);
  if (client->lookup != NULL) client->lookup->abandoned = 1;
  if (client->is_racing) abandon_race(&client->race);
  close_source(&client->source);
  release(client);
}

/* Ends a stream whose last word was said. What was not read would turn the end into a reset, which may overtake that word. */
static void dismiss(struct client *client) {
  shutdown(client->source.fd, SHUT_WR);
  while (recv(client->source.fd, client->octets, sizeof client->octets, 0) > 0) continue;
  forget_client(client);
}

static int answer(struct client *client, const void *octets, size_t count) {
  return send(client->source.fd, octets, count, MSG_NOSIGNAL) == (ssize_t)count ? 0 : -1;
}

static int answer_socks(struct client *client, int reply) {
  const unsigned char octets[] = {5, (unsigned char)reply, 0, 1, 0, 0, 0, 0, 0, 0};
  return answer(client, octets, sizeof octets);
}

static int answer_http(struct client *client, const char *status, const char *why) {
  char text[512];
  int length = strcmp(status, "200 Connection established") == 0
                   ? snprintf(text, sizeof text, "HTTP/1.1 %s\r\n\r\n", status)
                   : snprintf(text, sizeof text, "HTTP/1.1 %s\r\n%sConnection: close\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s\n",
                              status, strncmp(status, "405", 3) == 0 ? "Allow: CONNECT\r\n" : "", strlen(why) + 1, why);
  return answer(client, text, (size_t)length);
}

static const char *status_of(int reply) {
  switch (reply) {
    case NOT_ALLOWED: return "403 Forbidden";
    case NETWORK_UNREACHABLE:
    case HOST_UNREACHABLE: return "504 Gateway Timeout";
    default: return "502 Bad Gateway";
  }
}

/* Says no, in the client's words, and ends. What the client still sends is of no interest. */
static void refuse(struct client *client, int reply, const char *why) {
  say("%s -> %s:%d: %s", client->peer, client->host, client->port, why);
  switch (client->kind) {
    case SOCKS: answer_socks(client, reply); break;
    case HTTP: answer_http(client, status_of(reply), why); break;
    default: {
      struct linger linger = {1, 0};
      setsockopt(client->source.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
      forget_client(client);
      return;
    }
  }
  dismiss(client);
}

static int reply_to(int error) {
  switch (error) {
    case ECONNREFUSED: return REFUSED;
    case ENETUNREACH: return NETWORK_UNREACHABLE;
    case EHOSTUNREACH:
    case ETIMEDOUT: return HOST_UNREACHABLE;
    default: return FAILURE;
  }
}

static void won(struct race *race, int fd, const struct attempt *attempt) {
  struct client *client = OWNER(struct client, race, race);
  const struct path *path = find_path(attempt->path);
  char to[LONGEST_ADDRESS], over[64] = "", *label = NULL;
  int on = 1, broken = 0;
  client->is_racing = 0;
  write_address(attempt->destination, to, sizeof to);
  if (path != NULL) snprintf(over, sizeof over, " over path %d (%s)", path->number, path->device);
  say("%s -> %s:%d: connected to %s%s after %.1f ms", client->peer, client->host, client->port, to, over, (double)(now() - race->began) / 1000);
  if (asprintf(&label, "%s -> %s:%d", client->peer, client->host, client->port) < 0) label = NULL;
  if (client->kind == SOCKS) broken = answer_socks(client, SUCCEEDED);
  if (client->kind == HTTP) broken = answer_http(client, "200 Connection established", "");
  if (broken || label == NULL) {
    free(label);
    reset_and_close(fd);
    forget_client(client);
    return;
  }
  /* Plain TCP can be told to send its third segment now; MPTCP does so with the first octets. */
  if (!client->entry->is_far && !has_mptcp) setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
  int near = client->source.fd;
  watch(&client->source, 0);
  client->source.fd = -1;
  begin_relay(near, fd, client->octets + client->begins, client->count - client->begins, label);
  forget_client(client);
}

static void lost(struct race *race, int error) {
  struct client *client = OWNER(struct client, race, race);
  client->is_racing = 0;
  refuse(client, reply_to(error), error == ENETUNREACH ? "no path leads there" : strerror(error));
}

static void race_to(struct client *client, const struct sockaddr_storage *addresses, int count) {
  int numbers[MOST_PATHS], is_silent = 0;
  for (int index = 0; index < path_count; index++) numbers[index] = paths[index].number;
  for (size_t index = 0; index < sizeof silent_clients / sizeof *silent_clients; index++) is_silent |= silent_clients[index] == client->port;
  client->race.won = won;
  client->race.lost = lost;
  client->race.open = client->entry->is_far ? open_tcp : open_mptcp;
  client->race.waits_for_data = defers_third_segment && !is_silent;
  client->is_racing = 1;
  if (scheme.ips) sample_relays();
  begin_race(&client->race, addresses, count, numbers, client->entry->is_far ? 0 : path_count);
}

static void found(struct lookup *lookup, const struct sockaddr_storage *addresses, int count) {
  struct client *client = lookup->owner;
  struct sockaddr_storage allowed[MOST_DESTINATIONS];
  int allowed_count = 0;
  client->lookup = NULL;
  if (count == 0) {
    refuse(client, HOST_UNREACHABLE, "there is no host of that name");
    return;
  }
  for (int index = 0; index < count; index++)
    if (client->kind == FIXED || is_allowed(client->host, &addresses[index], client->port)) allowed[allowed_count++] = addresses[index];
  if (allowed_count == 0) refuse(client, NOT_ALLOWED, "not allowed");
  else race_to(client, allowed, allowed_count);
}

static void go_to_target(struct client *client) {
  struct lookup *lookup = claim(sizeof *lookup);
  disarm(&client->timer);
  /* Until the connection is there what else the client sends waits in its socket. */
  if (client->kind == FIXED) watch(&client->source, 0);
  else watch_for_end(&client->source);
  lookup->found = found;
  lookup->port = client->port;
  memcpy(lookup->name, client->host, sizeof lookup->name);
  lookup->owner = client;
  client->lookup = lookup;
  begin_lookup(lookup);
}

/* Letters, digits, dots, hyphens, underscores and colons: names and addresses, and nothing that a log could stumble over. */
static int take_host(struct client *client, const char *text, size_t length) {
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-";
  if (length == 0 || length >= sizeof client->host) return -1;
  memcpy(client->host, text, length);
  client->host[length] = '\0';
  return strspn(client->host, allowed) == length ? 0 : -1;
}

static void refuse_socks(struct client *client, int reply, const char *why) {
  snprintf(client->host, sizeof client->host, "?");
  refuse(client, reply, why);
}

static void read_socks(struct client *client) {
  const unsigned char *octets = client->octets;
  size_t count = client->count;
  if (!client->is_greeted) {
    if (count < 2 || count < 2u + octets[1]) return;
    int is_free = memchr(octets + 2, 0, octets[1]) != NULL;
    const unsigned char method[] = {5, is_free ? 0 : 0xff};
    if (answer(client, method, sizeof method) != 0 || !is_free) {
      say("%s: the client wants authentication", client->peer);
      dismiss(client);
      return;
    }
    client->is_greeted = 1;
    client->count -= 2u + octets[1];
    memmove(client->octets, octets + 2 + octets[1], client->count);
    count = client->count;
  }
  if (count < 5) return;
  char text[INET6_ADDRSTRLEN];
  size_t from = octets[3] == 3 ? 5 : 4, to;
  if (octets[0] != 5) {
    refuse_socks(client, FAILURE, "the request is of another version");
    return;
  }
  if (octets[1] != 1) {
    refuse_socks(client, NO_COMMAND, "the command is not CONNECT");
    return;
  }
  switch (octets[3]) {
    case 1: to = 8; break;
    case 3: to = 5u + octets[4]; break;
    case 4: to = 20; break;
    default: refuse_socks(client, NO_ADDRESS_TYPE, "there is no such address type"); return;
  }
  if (count < to + 2) return;
  client->port = octets[to] << 8 | octets[to + 1];
  int is_wrong = octets[3] == 3 ? take_host(client, (const char *)octets + from, to - from)
                                : take_host(client, text, strlen(inet_ntop(octets[3] == 1 ? AF_INET : AF_INET6, octets + from, text, sizeof text)));
  if (is_wrong || client->port == 0) {
    refuse_socks(client, FAILURE, "the target has no name or no port");
    return;
  }
  client->begins = to + 2;
  go_to_target(client);
}

static void refuse_http(struct client *client, const char *status, const char *why) {
  say("%s: %s", client->peer, why);
  answer_http(client, status, why);
  dismiss(client);
}

static void read_http(struct client *client) {
  char head[LONGEST_DIALOGUE + 1], where[LONGEST_DIALOGUE], *port;
  memcpy(head, client->octets, client->count);
  head[client->count] = '\0';
  const char *end = strstr(head, "\r\n\r\n");
  if (end == NULL) {
    if (client->count == LONGEST_DIALOGUE) refuse_http(client, "400 Bad Request", "the request has no end");
    return;
  }
  if (strncmp(head, "CONNECT ", 8) != 0) {
    refuse_http(client, "405 Method Not Allowed", "this proxy takes CONNECT alone: with curl say --proxytunnel, or use SOCKS 5");
    return;
  }
  int is_bad = sscanf(head + 8, "%8191s", where) != 1 || (port = strrchr(where, ':')) == NULL;
  if (!is_bad) {
    char *rest, *host = where;
    long number = strtol(port + 1, &rest, 10);
    *port = '\0';
    if (*host == '[' && port[-1] == ']') {
      host++;
      port[-1] = '\0';
    }
    is_bad = *rest != '\0' || number < 1 || number > 65535 || take_host(client, host, strlen(host)) != 0;
    client->port = (int)number;
  }
  if (is_bad) {
    refuse_http(client, "400 Bad Request", "the target of CONNECT is not HOST:PORT");
    return;
  }
  client->begins = (size_t)(end - head) + 4;
  go_to_target(client);
}

static void happened(struct source *source, uint32_t events) {
  struct client *client = OWNER(struct client, source, source);
  if (client->lookup != NULL || client->is_racing) {
    /* It gave up. */
    if ((events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP)) != 0) {
      say("%s -> %s:%d: the client gave up", client->peer, client->host, client->port);
      forget_client(client);
    }
    return;
  }
  ssize_t count = recv(source->fd, client->octets + client->count, LONGEST_DIALOGUE - client->count, 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {
    forget_client(client);
    return;
  }
  client->count += (size_t)count;
  if (client->kind == UNKNOWN) {
    client->kind = client->octets[0] == 5 ? SOCKS : client->octets[0] >= 'A' && client->octets[0] <= 'Z' ? HTTP : UNKNOWN;
    if (client->kind == UNKNOWN) {
      say("%s: neither SOCKS 5 nor HTTP: the stream begins with octet %d", client->peer, client->octets[0]);
      dismiss(client);
      return;
    }
  }
  if (client->kind == SOCKS) read_socks(client);
  else read_http(client);
}

static void give_up(struct timer *timer) {
  struct client *client = OWNER(struct client, timer, timer);
  say("%s: said nothing to the end", client->peer);
  forget_client(client);
}

static void accept_all(struct source *source, uint32_t events) {
  struct entry *entry = OWNER(struct entry, source, source);
  (void)events;
  for (;;) {
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    int on = 1, fd = accept4(source->fd, (struct sockaddr *)&peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
      /* Who waits in the queue is served when others have ended. */
      watch(source, 0);
      arm(&entry->pause, now() + PAUSE);
      return;
    }
    if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (fd < 0) continue;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct client *client = claim(sizeof *client);
    client->source = (struct source){.happened = happened, .fd = fd};
    client->timer.fire = give_up;
    client->entry = entry;
    write_address(&peer, client->peer, sizeof client->peer);
    if (entry->target[0] != '\0') {
      client->kind = FIXED;
      memcpy(client->host, entry->target, sizeof client->host);
      client->port = entry->target_port;
      go_to_target(client);
      continue;
    }
    arm(&client->timer, now() + DIALOGUE_PATIENCE);
    watch(&client->source, EPOLLIN);
  }
}

static void accept_again(struct timer *timer) { watch(&OWNER(struct entry, pause, timer)->source, EPOLLIN); }

int open_entry(struct entry *entry, const char *address, int port) {
  struct sockaddr_storage own;
  int on = 1;
  if (read_address(address, port, &own) == 0) return EINVAL;
  int fd = entry->is_far ? open_mptcp(own.ss_family) : open_tcp(own.ss_family);
  if (fd < 0) return errno;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (own.ss_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&own, length_of(&own)) != 0 || listen(fd, BACKLOG) != 0) {
    int error = errno;
    close(fd);
    return error;
  }
  entry->source = (struct source){.happened = accept_all, .fd = fd};
  entry->pause = (struct timer){.fire = accept_again};
  watch(&entry->source, EPOLLIN);
  return 0;
}
