/*
 * Lets one call of the C library fail, or come back late, in one process: a preload for the fault campaign (campaign.ts).
 *
 *     ROBE_FAULT=NAME:NUMBER:ERRNO   the call NAME fails with ERRNO at its NUMBERth time, from 1; 0: none does.
 *                                    ERRNO 0: it comes 1.5 s late instead.
 *     ROBE_FAULT_IN=TEXT             in processes whose command line holds the text
 *     ROBE_FAULT_AFTER=TEXT          counted from when a file was opened whose name holds the text; empty: from the start
 *     ROBE_FAULT_COUNTS=FILE         gets a line `NAME COUNT` for each call when such a process ends
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum call { OPEN, READ, WRITE, FSYNC, RENAME, MKDIR, UNLINK, FORK, PIPE, SOCKET, BIND, SEND, IOCTL, WAIT, CALLS };
static const char *const names[CALLS] = {"open", "read", "write", "fsync",  "rename", "mkdir", "unlink",
                                         "fork", "pipe", "socket", "bind", "send",  "ioctl",  "epoll_wait"};

static int chosen = -1, number, code, here, armed;
static const char *after = "";
static int counts[CALLS];

static void late(void) {
  struct timespec pause = {1, 500000000};
  nanosleep(&pause, NULL);
}

/* Whether this call is the one that fails; errno is set then. */
static int fails(enum call call) {
  if (!here || !armed) return 0;
  int count = __sync_add_and_fetch(&counts[call], 1);
  if ((int)call != chosen || count != number) return 0;
  if (code == 0) {
    late();
    return 0;
  }
  errno = code;
  return 1;
}

/* An event loop wakes itself up by a number in the kernel, and locks by an octet in a pipe of its own: neither can fail. */
static int isOwn(int file, size_t length) {
  struct stat about;
  if (fstat(file, &about) != 0) return 0;
  return (about.st_mode & S_IFMT) == 0 || (S_ISFIFO(about.st_mode) && length == 1);
}

static void arm(const char *name) {
  if (here && !armed && name != NULL && strstr(name, after) != NULL) armed = 1;
}

__attribute__((constructor)) static void begin(void) {
  const char *fault = getenv("ROBE_FAULT"), *in = getenv("ROBE_FAULT_IN"), *from = getenv("ROBE_FAULT_AFTER");
  char line[8192] = "", name[32] = "";
  if (fault == NULL || in == NULL) return;
  int file = open("/proc/self/cmdline", O_RDONLY);
  ssize_t length = file < 0 ? 0 : read(file, line, sizeof line - 1);
  if (file >= 0) close(file);
  for (ssize_t index = 0; index < length; index++)
    if (line[index] == '\0') line[index] = ' ';
  if (strstr(line, in) == NULL) return;
  sscanf(fault, "%31[a-z_]:%d:%d", name, &number, &code);
  for (int call = 0; call < CALLS; call++)
    if (strcmp(names[call], name) == 0) chosen = call;
  after = from == NULL ? "" : from;
  armed = *after == '\0';
  here = 1;
}

__attribute__((destructor)) static void end(void) {
  const char *name = getenv("ROBE_FAULT_COUNTS");
  if (!here || name == NULL) return;
  here = 0;
  FILE *file = fopen(name, "w");
  if (file == NULL) return;
  for (int call = 0; call < CALLS; call++) fprintf(file, "%s %d\n", names[call], counts[call]);
  fclose(file);
}

#define REAL(result, function, ...) \
  static result (*real)(__VA_ARGS__); \
  if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, function)

#define OPENING(function)                              \
  int function(const char *name, int flags, ...) {     \
    REAL(int, #function, const char *, int, ...);      \
    va_list more;                                      \
    va_start(more, flags);                             \
    mode_t mode = (mode_t)va_arg(more, int);           \
    va_end(more);                                      \
    arm(name);                                         \
    if (fails(OPEN)) return -1;                        \
    return real(name, flags, mode);                    \
  }
OPENING(open)
OPENING(open64)

ssize_t read(int file, void *into, size_t length) {
  REAL(ssize_t, "read", int, void *, size_t);
  return !isOwn(file, length) && fails(READ) ? -1 : real(file, into, length);
}
ssize_t write(int file, const void *from, size_t length) {
  REAL(ssize_t, "write", int, const void *, size_t);
  return !isOwn(file, length) && fails(WRITE) ? -1 : real(file, from, length);
}
ssize_t writev(int file, const struct iovec *from, int count) {
  REAL(ssize_t, "writev", int, const struct iovec *, int);
  return !isOwn(file, 0) && fails(WRITE) ? -1 : real(file, from, count);
}
int fsync(int file) {
  REAL(int, "fsync", int);
  return fails(FSYNC) ? -1 : real(file);
}
int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  return fails(RENAME) ? -1 : real(from, to);
}
int mkdir(const char *name, mode_t mode) {
  REAL(int, "mkdir", const char *, mode_t);
  return fails(MKDIR) ? -1 : real(name, mode);
}
int unlink(const char *name) {
  REAL(int, "unlink", const char *);
  return fails(UNLINK) ? -1 : real(name);
}
pid_t fork(void) {
  REAL(pid_t, "fork", void);
  return fails(FORK) ? -1 : real();
}
int pipe2(int ends[2], int flags) {
  REAL(int, "pipe2", int *, int);
  return fails(PIPE) ? -1 : real(ends, flags);
}
int socketpair(int domain, int type, int protocol, int ends[2]) {
  REAL(int, "socketpair", int, int, int, int *);
  return fails(PIPE) ? -1 : real(domain, type, protocol, ends);
}
int socket(int domain, int type, int protocol) {
  REAL(int, "socket", int, int, int);
  return fails(SOCKET) ? -1 : real(domain, type, protocol);
}
int bind(int file, const struct sockaddr *address, socklen_t length) {
  REAL(int, "bind", int, const struct sockaddr *, socklen_t);
  return fails(BIND) ? -1 : real(file, address, length);
}
ssize_t send(int file, const void *from, size_t length, int flags) {
  REAL(ssize_t, "send", int, const void *, size_t, int);
  return fails(SEND) ? -1 : real(file, from, length, flags);
}
ssize_t sendmsg(int file, const struct msghdr *message, int flags) {
  REAL(ssize_t, "sendmsg", int, const struct msghdr *, int);
  return fails(SEND) ? -1 : real(file, message, flags);
}
int ioctl(int file, unsigned long request, ...) {
  REAL(int, "ioctl", int, unsigned long, void *);
  va_list more;
  va_start(more, request);
  void *argument = va_arg(more, void *);
  va_end(more);
  return fails(IOCTL) ? -1 : real(file, request, argument);
}
int epoll_wait(int file, struct epoll_event *events, int most, int timeout) {
  REAL(int, "epoll_wait", int, struct epoll_event *, int, int);
  return fails(WAIT) ? -1 : real(file, events, most, timeout);
}
int epoll_pwait(int file, struct epoll_event *events, int most, int timeout, const sigset_t *signals) {
  REAL(int, "epoll_pwait", int, struct epoll_event *, int, int, const sigset_t *);
  return fails(WAIT) ? -1 : real(file, events, most, timeout, signals);
}
