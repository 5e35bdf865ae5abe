/* One thread that waits for descriptors and times. */
#include "engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 256 };

static int epoll = -1;
static int is_running;

/* A heap: the earliest timer stands at 1. */
static struct timer **timers;
static size_t timer_count, timer_room;

static void **condemned;
static size_t condemned_count, condemned_room;

int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void *grown(void *memory, size_t size) {
  void *larger = realloc(memory, size);
  if (larger == NULL) {
    fprintf(stderr, "out of memory\n");
    exit(1);
  }
  return larger;
}

void *claim(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL) {
    fprintf(stderr, "out of memory\n");
    exit(1);
  }
  return memory;
}

void release(void *memory) {
  if (condemned_count == condemned_room) {
    condemned_room = condemned_room * 2 + 64;
    condemned = grown(condemned, condemned_room * sizeof *condemned);
  }
  condemned[condemned_count++] = memory;
}

void watch(struct source *source, uint32_t events) {
  struct epoll_event event = {events, {.ptr = source}};
  if (source->fd < 0 || (source->is_watched && source->watched == events)) return;
  if (events == 0) {
    if (source->is_watched) epoll_ctl(epoll, EPOLL_CTL_DEL, source->fd, NULL);
    source->is_watched = 0;
    return;
  }
  epoll_ctl(epoll, source->is_watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, source->fd, &event);
  source->is_watched = 1;
  source->watched = events;
}

void watch_for_end(struct source *source) { watch(source, EPOLLRDHUP); }

void close_source(struct source *source) {
  if (source->fd < 0) return;
  /* A copy of the descriptor may live on. */
  watch(source, 0);
  close(source->fd);
  source->fd = -1;
}

static void put(struct timer *timer, size_t place) {
  timers[place] = timer;
  timer->place = place;
}

static void rise(struct timer *timer, size_t place) {
  for (; place > 1 && timers[place / 2]->due > timer->due; place /= 2) put(timers[place / 2], place);
  put(timer, place);
}

static void sink(struct timer *timer, size_t place) {
  for (size_t child; (child = 2 * place) <= timer_count; place = child) {
    if (child < timer_count && timers[child + 1]->due < timers[child]->due) child++;
    if (timers[child]->due >= timer->due) break;
    put(timers[child], place);
  }
  put(timer, place);
}

void arm(struct timer *timer, int64_t due) {
  disarm(timer);
  timer->due = due;
  if (timer_count + 2 > timer_room) {
    timer_room = timer_room * 2 + 64;
    timers = grown(timers, timer_room * sizeof *timers);
  }
  rise(timer, ++timer_count);
}

void disarm(struct timer *timer) {
  size_t place = timer->place;
  if (place == 0) return;
  timer->place = 0;
  struct timer *last = timers[timer_count--];
  if (last == timer) return;
  if (place > 1 && timers[place / 2]->due > last->due) rise(last, place);
  else sink(last, place);
}

void open_loop(void) {
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) {
    perror("epoll");
    exit(1);
  }
}

void end_loop(void) { is_running = 0; }

void run_loop(void) {
  static struct epoll_event events[EVENTS_AT_ONCE];
  is_running = 1;
  while (is_running) {
    int64_t wait = -1;
    if (timer_count > 0) {
      wait = timers[1]->due - now();
      /* Rounded up, so that nobody wakes before the time. */
      wait = wait <= 0 ? 0 : (wait + 999) / 1000;
    }
    int count = epoll_wait(epoll, events, EVENTS_AT_ONCE, wait > 60000 ? 60000 : (int)wait);
    if (count < 0 && errno != EINTR) {
      perror("epoll");
      exit(1);
    }
    for (int index = 0; index < count; index++) {
      struct source *source = events[index].data.ptr;
      if (source->fd >= 0) source->happened(source, events[index].events);
    }
    for (int64_t time = now(); timer_count > 0 && timers[1]->due <= time;) {
      struct timer *due = timers[1];
      disarm(due);
      due->fire(due);
    }
    for (size_t index = 0; index < condemned_count; index++) free(condemned[index]);
    condemned_count = 0;
  }
}
