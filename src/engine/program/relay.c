/*
 * Octets between two sockets, both ways, each direction bounded: what one side does not take at once is kept, CHUNK octets at
 * most, and nothing is read from the other side until it is gone. Memory is claimed for what waits only.
 *
 * The end of one direction is passed on and the other goes on; a reset of one side resets the other.
 */
#include "engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 256 * 1024, ROUNDS = 4, SAMPLED = 32, SAMPLE_EVERY = 100000 };

struct side {
  struct source source;
  struct relay *relay;
  struct side *other;
  unsigned char *waiting; /* for this side to take */
  size_t from, to;
  int is_read_out; /* its peer writes no more, and all was read */
  int is_ended;    /* it was told so */
};

struct relay {
  struct side near, far;
  struct relay *newer, *older;
  char *label;
  unsigned long long there, back;
};

size_t open_relays;
static struct relay *newest;

static void finish(struct relay *relay, const char *how, int is_broken) {
  if (relay->far.source.fd >= 0) learn_round_trips(relay->far.source.fd);
  struct side *sides[] = {&relay->near, &relay->far};
  for (int index = 0; index < 2; index++) {
    struct side *side = sides[index];
    struct linger linger = {1, 0};
    if (is_broken) setsockopt(side->source.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close_source(&side->source);
    free(side->waiting);
    side->waiting = NULL;
  }
  if (relay->newer != NULL) relay->newer->older = relay->older;
  else newest = relay->older;
  if (relay->older != NULL) relay->older->newer = relay->newer;
  open_relays--;
  say("%s: %s, %llu octets there, %llu back", relay->label, how, relay->there, relay->back);
  free(relay->label);
  release(relay);
}

static void look_out(struct side *side) {
  uint32_t events = 0;
  if (side->to > side->from) events |= EPOLLOUT;
  /* Nothing more is read for a side that has not taken what it was given. */
  if (!side->is_read_out && side->other->to == side->other->from) events |= EPOLLIN;
  watch(&side->source, events);
}

/* Gives a side what waits for it; negative when it is broken. */
static int give(struct side *side) {
  while (side->to > side->from) {
    ssize_t count = send(side->source.fd, side->waiting + side->from, side->to - side->from, MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
    side->from += (size_t)count;
  }
  side->from = side->to = 0;
  free(side->waiting);
  side->waiting = NULL;
  if (side->other->is_read_out && !side->is_ended) {
    side->is_ended = 1;
    if (shutdown(side->source.fd, SHUT_WR) != 0 && errno != ENOTCONN) return -1;
  }
  return 0;
}

static void keep(struct side *side, const unsigned char *octets, size_t count) {
  side->waiting = claim(count);
  memcpy(side->waiting, octets, count);
  side->from = 0;
  side->to = count;
}

/* Reads from one side for the other; negative when either is broken. */
static int carry(struct side *from) {
  static unsigned char octets[CHUNK];
  struct side *to = from->other;
  for (int round = 0; round < ROUNDS && to->to == to->from && !from->is_read_out; round++) {
    ssize_t count = recv(from->source.fd, octets, sizeof octets, 0);
    if (count < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
    if (count == 0) {
      from->is_read_out = 1;
      /* When both directions are over the kernel has closed the subflows that joined. */
      if (from == &from->relay->far) learn_round_trips(from->source.fd);
      return give(to);
    }
    if (from == &from->relay->near) from->relay->there += (unsigned long long)count;
    else from->relay->back += (unsigned long long)count;
    ssize_t sent = send(to->source.fd, octets, (size_t)count, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return -1;
    if (sent < 0) sent = 0;
    if (sent < count) keep(to, octets + sent, (size_t)(count - sent));
  }
  return 0;
}

static void happened(struct source *source, uint32_t events) {
  struct side *side = OWNER(struct side, source, source);
  struct relay *relay = side->relay;
  int error = 0;
  socklen_t length = sizeof error;
  if ((events & EPOLLERR) != 0) getsockopt(source->fd, SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0 || give(side) != 0 || carry(side) != 0) {
    finish(relay, "reset", 1);
    return;
  }
  if (relay->near.is_ended && relay->far.is_ended) {
    finish(relay, "done", 0);
    return;
  }
  look_out(side);
  look_out(side->other);
}

void begin_relay(int near, int far, const unsigned char *first, size_t count, char *label) {
  struct relay *relay = claim(sizeof *relay);
  int on = 1, fds[] = {near, far};
  relay->near = (struct side){.source = {.happened = happened, .fd = near}, .relay = relay, .other = &relay->far};
  relay->far = (struct side){.source = {.happened = happened, .fd = far}, .relay = relay, .other = &relay->near};
  relay->label = label;
  for (int index = 0; index < 2; index++) {
    setsockopt(fds[index], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fds[index], SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  }
  relay->older = newest;
  if (newest != NULL) newest->newer = relay;
  newest = relay;
  open_relays++;
  if (count > 0) {
    keep(&relay->far, first, count);
    relay->there = count;
  }
  /* What is there already goes at once, and with it the third segment that waits for it. */
  happened(&relay->far.source, 0);
}

void sample_relays(void) {
  static int64_t sampled;
  int64_t time = now();
  int left = SAMPLED;
  if (time - sampled < SAMPLE_EVERY) return;
  sampled = time;
  for (struct relay *relay = newest; relay != NULL && left-- > 0; relay = relay->older) learn_round_trips(relay->far.source.fd);
}
