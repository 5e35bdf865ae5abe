/*
 * The engine told what to do by lines of text on standard input, as src/engine/configuration.ts writes them; standard output
 * says how that went, standard error what becomes of connections. It ends when its input does.
 *
 *     scheme SIM TIMER IPS EXPIRY STAGGER PATIENCE     0 or 1 each, then microseconds
 *     plain                                            no MPTCP, even where the kernel has it
 *     third-segment at-once                            it does not wait for the first octets
 *     quiet
 *     path NUMBER DEVICE IPV4 IPV6                     `-` for none; a list of them, the default one first
 *     paths                                            the list is complete; replaces the one before, at any time
 *     allow any | allow net … | allow host …
 *     entry ADDRESS PORT                               where local programs come in
 *     entry ADDRESS PORT TARGET TARGET-PORT
 *     aggregation ADDRESS PORT                         where RobE comes in
 *     aggregation ADDRESS PORT TARGET TARGET-PORT
 *     ready                                            asks whether all went well
 *
 *     <- ready mptcp | ready tcp
 *     <- failed ERRNO WHY
 */
#include "engine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LONGEST_LINE = 4096, MOST_ENTRIES = 16 };

int is_quiet;

void say(const char *format, ...) {
  va_list arguments;
  if (is_quiet) return;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
}

static void fail(int error, const char *what) {
  printf("failed %d %s: %s\n", error, what, strerror(error));
  fflush(stdout);
  exit(3);
}

static struct path coming[MOST_PATHS];
static int coming_count;

static int take_path(const char *line) {
  struct path path = {.number = 0};
  char device[64], four[64], six[64];
  if (coming_count == MOST_PATHS || sscanf(line, "%d %63s %63s %63s", &path.number, device, four, six) != 4) return -1;
  if (strcmp(device, "-") != 0) {
    if (strlen(device) >= sizeof path.device) return -1;
    memcpy(path.device, device, strlen(device) + 1);
  }
  if (strcmp(four, "-") != 0 && read_address(four, 0, &path.address[0]) == 0) return -1;
  if (strcmp(six, "-") != 0 && read_address(six, 0, &path.address[1]) == 0) return -1;
  coming[coming_count++] = path;
  return 0;
}

static int take_entry(const char *line, int is_far) {
  static struct entry entries[MOST_ENTRIES];
  static int count;
  char address[64], what[128];
  int port;
  if (count == MOST_ENTRIES) return -1;
  struct entry *entry = &entries[count++];
  entry->is_far = is_far;
  int fields = sscanf(line, "%63s %d %255s %d", address, &port, entry->target, &entry->target_port);
  if (fields != 2 && fields != 4) return -1;
  int error = open_entry(entry, address, port);
  if (error != 0) {
    snprintf(what, sizeof what, "%s port %d", address, port);
    fail(error, what);
  }
  return 0;
}

/* MPTCP may be missing (EPROTONOSUPPORT) or switched off (ENOPROTOOPT). */
static void look_for_mptcp(void) {
  int fd = has_mptcp ? open_mptcp(AF_INET) : -1;
  if (fd >= 0) close(fd);
  else has_mptcp = 0;
}

static int take(const char *line) {
  long long expiry, stagger, patience;
  if (sscanf(line, "scheme %d %d %d %lld %lld %lld", &scheme.sim, &scheme.timer, &scheme.ips, &expiry, &stagger, &patience) == 6) {
    scheme.expiry = expiry;
    scheme.stagger = stagger;
    scheme.patience = patience;
    return 0;
  }
  if (strcmp(line, "plain") == 0) return has_mptcp = 0;
  if (strcmp(line, "third-segment at-once") == 0) return defers_third_segment = 0;
  if (strcmp(line, "quiet") == 0) {
    is_quiet = 1;
    return 0;
  }
  if (strncmp(line, "path ", 5) == 0) return take_path(line + 5);
  if (strcmp(line, "paths") == 0) {
    replace_paths(coming, coming_count);
    coming_count = 0;
    return 0;
  }
  if (strncmp(line, "allow ", 6) == 0) return add_allowance(line + 6);
  if (strncmp(line, "entry ", 6) == 0) return take_entry(line + 6, 0);
  if (strncmp(line, "aggregation ", 12) == 0) {
    look_for_mptcp();
    return take_entry(line + 12, 1);
  }
  if (strcmp(line, "ready") == 0) {
    look_for_mptcp();
    printf("ready %s\n", has_mptcp ? "mptcp" : "tcp");
    return fflush(stdout);
  }
  return -1;
}

static void read_lines(struct source *source, uint32_t events) {
  static char text[LONGEST_LINE];
  static size_t length;
  (void)events;
  ssize_t count = read(source->fd, text + length, sizeof text - length);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {
    end_loop();
    return;
  }
  length += (size_t)count;
  char *line = text;
  for (char *end; (end = memchr(line, '\n', length - (size_t)(line - text))) != NULL; line = end + 1) {
    *end = '\0';
    if (take(line) != 0) {
      fprintf(stderr, "not understood: %s\n", line);
      exit(2);
    }
  }
  length -= (size_t)(line - text);
  memmove(text, line, length);
  if (length == sizeof text) exit(2);
}

int run_proxy(void) {
  static struct source input = {.happened = read_lines, .fd = STDIN_FILENO};
  struct rlimit limit;
  /* Two descriptors for each connection. */
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  signal(SIGPIPE, SIG_IGN);
  setvbuf(stderr, NULL, _IOLBF, 0);
  open_loop();
  open_resolver();
  fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
  watch(&input, EPOLLIN);
  run_loop();
  return 0;
}
