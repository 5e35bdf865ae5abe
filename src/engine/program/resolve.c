/*
 * Addresses of a name, by threads of their own: the C library's resolver blocks. The answers come in the order of RFC 6724
 * and take turns by family (RFC 8305 section 4); A and AAAA are asked for by the library, together.
 */
#include "engine.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { THREADS = 8 };

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static struct lookup *asked, **asked_end = &asked, *answered;
static struct source bell = {.fd = -1};

static int take_turns(const struct addrinfo *found, struct sockaddr_storage *into) {
  struct sockaddr_storage all[2][MOST_DESTINATIONS];
  int count[2] = {0, 0}, total = 0, first = -1;
  for (const struct addrinfo *each = found; each != NULL; each = each->ai_next) {
    int six = each->ai_family == AF_INET6;
    if ((!six && each->ai_family != AF_INET) || count[six] == MOST_DESTINATIONS) continue;
    if (first < 0) first = six;
    memset(&all[six][count[six]], 0, sizeof all[six][0]);
    memcpy(&all[six][count[six]++], each->ai_addr, each->ai_addrlen);
  }
  for (int index = 0; index < MOST_DESTINATIONS; index++)
    for (int turn = 0; turn < 2; turn++) {
      int six = turn == 0 ? first : !first;
      if (index < count[six] && total < MOST_DESTINATIONS) into[total++] = all[six][index];
    }
  return total;
}

static void *resolve(void *unused) {
  (void)unused;
  for (;;) {
    pthread_mutex_lock(&guard);
    while (asked == NULL) pthread_cond_wait(&more, &guard);
    struct lookup *lookup = asked;
    asked = lookup->next;
    if (asked == NULL) asked_end = &asked;
    pthread_mutex_unlock(&guard);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    char service[8];
    snprintf(service, sizeof service, "%d", lookup->port);
    lookup->count = getaddrinfo(lookup->name, service, &hints, &found) == 0 && found != NULL ? take_turns(found, lookup->addresses) : 0;
    if (found != NULL) freeaddrinfo(found);
    pthread_mutex_lock(&guard);
    lookup->next = answered;
    answered = lookup;
    pthread_mutex_unlock(&guard);
    uint64_t one = 1;
    if (write(bell.fd, &one, sizeof one) < 0) perror("resolver");
  }
  return NULL;
}

static void deliver(struct lookup *lookup) {
  if (!lookup->abandoned) lookup->found(lookup, lookup->addresses, lookup->count);
  release(lookup);
}

static void rung(struct source *source, uint32_t events) {
  uint64_t count;
  (void)events;
  if (read(source->fd, &count, sizeof count) < 0 && errno != EAGAIN) perror("resolver");
  pthread_mutex_lock(&guard);
  struct lookup *list = answered;
  answered = NULL;
  pthread_mutex_unlock(&guard);
  while (list != NULL) {
    struct lookup *lookup = list;
    list = list->next;
    deliver(lookup);
  }
}

void open_resolver(void) {
  bell = (struct source){.happened = rung, .fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  watch(&bell, EPOLLIN);
  for (int index = 0; index < THREADS; index++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, resolve, NULL) != 0) {
      perror("resolver");
      exit(1);
    }
    pthread_detach(thread);
  }
}

void begin_lookup(struct lookup *lookup) {
  if (read_address(lookup->name, lookup->port, &lookup->addresses[0]) != 0) {
    lookup->count = 1;
    deliver(lookup);
    return;
  }
  lookup->next = NULL;
  pthread_mutex_lock(&guard);
  *asked_end = lookup;
  asked_end = &lookup->next;
  pthread_cond_signal(&more);
  pthread_mutex_unlock(&guard);
}
