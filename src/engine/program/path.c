/*
 * The paths of this machine and what is known of each (draft section 2.3.3: RTT and whether establishment succeeded).
 *
 * RTT comes from the kernel: of each subflow of a connection while it runs and when it ends, and of the handshake that a race
 * has won. What is older than KNOWN_FOR is not known any more: an access line changes.
 */
#include "engine.h"

#include <linux/mptcp.h>
#include <netinet/tcp.h>
#include <string.h>

enum { KNOWN_FOR = 60 * 1000000, MOST_SUBFLOWS = 16, LEAST_GAIN = 2000 };

struct path paths[MOST_PATHS];
int path_count;

struct path *find_path(int number) {
  for (int index = 0; index < path_count; index++)
    if (paths[index].number == number) return &paths[index];
  return NULL;
}

const struct sockaddr_storage *own_address(const struct path *path, int family) {
  const struct sockaddr_storage *address = &path->address[family == AF_INET6];
  return address->ss_family == 0 ? NULL : address;
}

static int is_same(const struct sockaddr_storage *one, const struct sockaddr_storage *other) {
  if (one->ss_family != other->ss_family) return 0;
  if (one->ss_family == AF_INET6)
    return memcmp(&((const struct sockaddr_in6 *)one)->sin6_addr, &((const struct sockaddr_in6 *)other)->sin6_addr, 16) == 0;
  return one->ss_family == AF_INET &&
         ((const struct sockaddr_in *)one)->sin_addr.s_addr == ((const struct sockaddr_in *)other)->sin_addr.s_addr;
}

static struct path *path_from(const struct sockaddr_storage *address) {
  for (int index = 0; index < path_count; index++)
    if (is_same(&paths[index].address[0], address) || is_same(&paths[index].address[1], address)) return &paths[index];
  return NULL;
}

/* The latest measurement counts: that of a connection which has been silent for long is older than it looks. */
static void learn(struct path *path, const struct tcp_info *state) {
  int64_t measured_at = now() - (int64_t)state->tcpi_last_ack_recv * 1000;
  if (path == NULL || state->tcpi_rtt == 0 || measured_at <= path->known_at) return;
  path->round_trip = state->tcpi_rtt;
  path->known_at = measured_at;
  if (path->failed_at < measured_at) path->failed_at = 0;
}

void learn_failure(int number) {
  struct path *path = find_path(number);
  if (path == NULL) return;
  path->round_trip = 0;
  path->failed_at = now();
}

void forget_round_trips(void) {
  for (int index = 0; index < path_count; index++) paths[index].round_trip = paths[index].known_at = paths[index].failed_at = 0;
}

void learn_round_trips(int fd) {
  struct {
    struct mptcp_subflow_data about;
    struct mptcp_subflow_addrs flow[MOST_SUBFLOWS];
  } ends = {.about = {.size_subflow_data = sizeof ends.about, .size_user = sizeof ends.flow[0]}};
  struct {
    struct mptcp_subflow_data about;
    struct tcp_info flow[MOST_SUBFLOWS];
  } states = {.about = {.size_subflow_data = sizeof states.about, .size_user = sizeof states.flow[0]}};
  socklen_t ends_length = sizeof ends, states_length = sizeof states;
  if (getsockopt(fd, MPTCP_LEVEL, MPTCP_SUBFLOW_ADDRS, &ends, &ends_length) == 0 &&
      getsockopt(fd, MPTCP_LEVEL, MPTCP_TCPINFO, &states, &states_length) == 0) {
    /* Both list the subflows in the same order. */
    for (uint32_t index = 0; index < ends.about.num_subflows && index < states.about.num_subflows && index < MOST_SUBFLOWS; index++) {
      struct sockaddr_storage own;
      memset(&own, 0, sizeof own);
      memcpy(&own, &ends.flow[index].ss_local, sizeof own);
      learn(path_from(&own), &states.flow[index]);
    }
    if (ends.about.num_subflows > 0) return;
  }
  /* A plain connection, or one that has fallen back. */
  struct tcp_info state;
  struct sockaddr_storage own;
  socklen_t state_length = sizeof state, own_length = sizeof own;
  memset(&state, 0, sizeof state);
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &state, &state_length) == 0 &&
      getsockname(fd, (struct sockaddr *)&own, &own_length) == 0)
    learn(path_from(&own), &state);
}

/* Of two round trips that differ by less than this the shorter one is no better: the next connection would measure otherwise. */
static int64_t noise(int64_t round_trip) { return round_trip >= INT64_MAX - 2 ? 0 : round_trip / 10 > LEAST_GAIN ? round_trip / 10 : LEAST_GAIN; }

/* The least round trip first, then those of which nothing is known, those that failed last; equals as they were given. */
static int64_t rank(const struct path *path, int64_t time) {
  if (path == NULL) return INT64_MAX;
  if (path->failed_at > 0 && time - path->failed_at < KNOWN_FOR) return INT64_MAX - 1;
  if (path->round_trip > 0 && time - path->known_at < KNOWN_FOR) return path->round_trip;
  return INT64_MAX - 2;
}

int order_by_round_trip(int *numbers, int count) {
  int64_t time = now();
  int is_known = 0;
  for (int index = 0; index < count; index++) {
    int number = numbers[index], place = index;
    int64_t own = rank(find_path(number), time);
    /* A path that is known to have failed is information, too. */
    is_known |= own != INT64_MAX - 2;
    /* Draft section 2.3.4: another path is taken only if it is better. */
    for (; place > 0 && rank(find_path(numbers[place - 1]), time) > own + noise(own); place--) numbers[place] = numbers[place - 1];
    numbers[place] = number;
  }
  return is_known;
}

void replace_paths(const struct path *with, int count) {
  struct path before[MOST_PATHS];
  int count_before = path_count;
  memcpy(before, paths, sizeof before);
  path_count = count;
  for (int index = 0; index < count; index++) {
    paths[index] = with[index];
    for (int old = 0; old < count_before; old++) {
      if (strcmp(before[old].device, with[index].device) != 0) continue;
      paths[index].round_trip = before[old].round_trip;
      paths[index].known_at = before[old].known_at;
      paths[index].failed_at = before[old].failed_at;
    }
  }
}
