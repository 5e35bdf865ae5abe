/*
 * One connection as a race of the kernel's own sockets (draft sections 2.1 to 2.5): each attempt is a socket that is bound to
 * one path and connects to one destination; the first that is connected is the connection, the others are aborted at once.
 *
 * When the attempt over the k-th path towards the d-th destination begins, after the race itself:
 *
 *     RobE_SIM            d * stagger                          all paths at once
 *     RobE_TIMER          d * stagger + k * expiry             the next path when the timer runs out
 *     RobE_IPS            d * stagger, the best path alone     the next when all that are under way have failed
 *     SIM and IPS         nothing known: as SIM, else as IPS
 *     TIMER and IPS       as TIMER, paths in the order of IPS
 *     SIM and TIMER       the first path, all others when the timer runs out; with IPS in its order, or as SIM when nothing
 *                         is known
 *
 * Destinations take turns by family (RFC 8305 section 4). When all attempts under way have failed, the next one that is to
 * come begins at once, and those after it are as much earlier: each path has a whole timer before the next one is tried.
 *
 * An abort before the answer says nothing on the wire (RFC 9293 section 3.10.5); the kernel then answers a SYN/ACK that comes
 * later with a reset (section 3.10.7.1). An abort after the answer is a reset. It is asked for by SO_LINGER, but only then:
 * before the answer MPTCP of Linux 6.18 would send a reset with the number of the SYN itself and MP_FASTCLOSE with key 0. Between an answer and the abort the kernel would send the
 * third segment of the loser, too, and the server would accept both. With TCP_DEFER_ACCEPT a client's third segment waits for
 * the first octets, for 200 ms at most, so the reset is there before it. `waits_for_data` asks for that.
 */
#include "engine.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { BIND_WITHOUT_PORT = 24, NEVER = -1 };

struct scheme scheme = {.sim = 1, .expiry = 1000000, .stagger = 250000, .patience = 30000000};
int has_mptcp = 1;

int open_tcp(int family) { return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP); }

int open_mptcp(int family) {
  if (!has_mptcp) return open_tcp(family);
  return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, MPTCP_PROTOCOL);
}

void reset_and_close(int fd) {
  struct linger linger = {1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  close(fd);
}

static void abort_attempt(struct attempt *attempt) {
  if (attempt->state == CONNECTING) {
    struct pollfd look = {.fd = attempt->source.fd, .events = POLLOUT};
    struct linger linger = {1, 0};
    if (poll(&look, 1, 0) > 0) setsockopt(attempt->source.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close_source(&attempt->source);
  }
  attempt->state = OVER;
}

void abandon_race(struct race *race) {
  disarm(&race->timer);
  for (int index = 0; index < race->count; index++) abort_attempt(&race->attempts[index]);
}

static void fail(struct attempt *attempt, int error) {
  struct race *race = attempt->race;
  if (attempt->state == CONNECTING) close_source(&attempt->source);
  attempt->state = OVER;
  /* Who refuses was reached. */
  if (error != ECONNREFUSED) learn_failure(attempt->path);
  /* What a peer says weighs more than what the way to another one does. */
  if (race->error != ECONNREFUSED) race->error = error;
}

static int is_running(const struct race *race) {
  for (int index = 0; index < race->count; index++)
    if (race->attempts[index].state == CONNECTING) return 1;
  return 0;
}

static int open_socket(const struct attempt *attempt, const struct race *race) {
  int family = attempt->destination->ss_family, on = 1;
  int fd = race->open(family);
  if (fd < 0) return -1;
  struct path *path = find_path(attempt->path);
  if (race->waits_for_data && race->count > 1) setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &on, sizeof on);
  if (path != NULL) {
    const struct sockaddr_storage *own = own_address(path, family);
    /* Where this is not granted (before Linux 5.7) a rule for the source address does the same. */
    if (path->device[0] != '\0')
      setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, path->device, (socklen_t)strlen(path->device) + 1);
    setsockopt(fd, IPPROTO_IP, BIND_WITHOUT_PORT, &on, sizeof on);
    if (own != NULL && bind(fd, (const struct sockaddr *)own, length_of(own)) != 0) {
      int error = errno;
      close(fd);
      errno = error;
      return -1;
    }
  }
  return fd;
}

static void happened(struct source *source, uint32_t events) {
  struct attempt *attempt = OWNER(struct attempt, source, source);
  struct race *race = attempt->race;
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(source->fd, SOL_SOCKET, SO_ERROR, &error, &length);
  if (error == 0 && (events & (EPOLLERR | EPOLLHUP)) != 0) error = ECONNRESET;
  if (error != 0) {
    fail(attempt, error);
    if (!is_running(race)) arm(&race->timer, now());
    return;
  }
  /* The losers first: every microsecond counts. */
  int fd = source->fd;
  watch(source, 0);
  source->fd = -1;
  attempt->state = OVER;
  abandon_race(race);
  learn_round_trips(fd);
  race->won(race, fd, attempt);
}

static void begin_attempt(struct attempt *attempt) {
  attempt->began = now();
  int fd = open_socket(attempt, attempt->race);
  if (fd < 0) {
    fail(attempt, errno);
    return;
  }
  attempt->source = (struct source){.happened = happened, .fd = fd};
  attempt->state = CONNECTING;
  if (connect(fd, (const struct sockaddr *)attempt->destination, length_of(attempt->destination)) != 0 && errno != EINPROGRESS) {
    fail(attempt, errno);
    return;
  }
  watch(&attempt->source, EPOLLOUT);
}

/* Those that are to come after an attempt that begins ahead of its time are ahead as much. */
static void bring_forward(struct race *race, int64_t by) {
  for (int index = 0; index < race->count; index++) {
    struct attempt *attempt = &race->attempts[index];
    if (attempt->state == TO_COME && attempt->starts_at != NEVER) attempt->starts_at -= by;
  }
}

/* Begins what is due, the next one when nothing is under way, and sets the timer for what comes after. */
static void go_on(struct timer *timer) {
  struct race *race = OWNER(struct race, timer, timer);
  int64_t time = now(), next = race->began + scheme.patience;
  if (time >= next) {
    int error = race->error == 0 ? ETIMEDOUT : race->error;
    for (int index = 0; index < race->count; index++)
      if (race->attempts[index].state == CONNECTING) learn_failure(race->attempts[index].path);
    abandon_race(race);
    race->lost(race, error);
    return;
  }
  for (int index = 0; index < race->count; index++) {
    struct attempt *attempt = &race->attempts[index];
    if (attempt->state == TO_COME && attempt->starts_at != NEVER && attempt->starts_at <= time) {
      /* The timer ran out: establishment over the paths before has failed so far (draft section 2.5). */
      for (int before = 0; before < index; before++)
        if (race->attempts[before].state == CONNECTING && race->attempts[before].path != attempt->path &&
            race->attempts[before].began + scheme.expiry <= time)
          learn_failure(race->attempts[before].path);
      begin_attempt(attempt);
    }
  }
  while (!is_running(race)) {
    struct attempt *chosen = NULL;
    for (int index = 0; index < race->count; index++) {
      struct attempt *attempt = &race->attempts[index];
      if (attempt->state != TO_COME) continue;
      int64_t at = attempt->starts_at == NEVER ? INT64_MAX : attempt->starts_at;
      if (chosen == NULL || at < (chosen->starts_at == NEVER ? INT64_MAX : chosen->starts_at)) chosen = attempt;
    }
    if (chosen == NULL) {
      int error = race->error;
      abandon_race(race);
      race->lost(race, error == 0 ? ENETUNREACH : error);
      return;
    }
    if (chosen->starts_at != NEVER && chosen->starts_at > time) bring_forward(race, chosen->starts_at - time);
    begin_attempt(chosen);
  }
  for (int index = 0; index < race->count; index++) {
    const struct attempt *attempt = &race->attempts[index];
    if (attempt->state == TO_COME && attempt->starts_at != NEVER && attempt->starts_at < next) next = attempt->starts_at;
  }
  arm(timer, next);
}

/* How long after the attempt over the first path that over the k-th begins. */
static int64_t offset_of(int k, int is_known) {
  if (k == 0) return 0;
  if (scheme.sim && (!scheme.ips || !is_known) && (!scheme.timer || scheme.ips)) return 0;
  if (scheme.timer) return scheme.sim ? scheme.expiry : k * scheme.expiry;
  return NEVER;
}

void begin_race(struct race *race, const struct sockaddr_storage *destinations, int count, const int *numbers,
                int number_count) {
  int order[MOST_PATHS], is_known = 0, paths_used = number_count == 0 ? 1 : number_count;
  race->timer = (struct timer){.fire = go_on};
  race->began = now();
  race->count = 0;
  race->error = 0;
  memcpy(order, numbers, (size_t)number_count * sizeof *order);
  if (scheme.ips && number_count > 0) is_known = order_by_round_trip(order, number_count);
  memcpy(race->destinations, destinations, (size_t)count * sizeof *destinations);
  for (int d = 0; d < count; d++) {
    for (int k = 0, used = 0; k < paths_used && race->count < MOST_ATTEMPTS; k++) {
      int number = number_count == 0 ? 0 : order[k];
      const struct path *path = find_path(number);
      if (number != 0 && (path == NULL || own_address(path, destinations[d].ss_family) == NULL)) continue;
      int64_t offset = offset_of(used++, is_known);
      race->attempts[race->count++] = (struct attempt){
          .race = race,
          .source = {.fd = -1},
          .destination = &race->destinations[d],
          .path = number,
          .starts_at = offset == NEVER ? NEVER : race->began + d * scheme.stagger + offset,
      };
    }
  }
  arm(&race->timer, race->began);
}
