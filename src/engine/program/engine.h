/*
 * What the parts of the engine tell each other. Times are microseconds of the monotonic clock; addresses are socket addresses.
 *
 *     loop.c       what happened on which descriptor, and timers
 *     address.c    addresses as text
 *     path.c       the paths of this machine, and what is known of each
 *     race.c       one connection: a race of sockets over the paths
 *     resolve.c    addresses of a name
 *     allowance.c  which targets may be reached
 *     relay.c      octets between two sockets
 *     entry.c      where programs come in: SOCKS 5, HTTP CONNECT, a fixed target
 *     proxy.c      configuration by lines of text, as src/engine/configuration.ts writes them
 *     witness.c    the engine as an implementation under test
 */
#ifndef ENGINE_H
#define ENGINE_H

#define _GNU_SOURCE
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/* ---- loop.c */

struct source {
  void (*happened)(struct source *source, uint32_t events);
  int fd; /* -1 once it is closed */
  uint32_t watched;
  int is_watched;
};

struct timer {
  void (*fire)(struct timer *timer);
  int64_t due;
  size_t place; /* in the heap, from 1; 0: not set */
};

int64_t now(void);
void open_loop(void);
void run_loop(void);
void end_loop(void);
/* Watches for exactly these events; none also stops the telling of errors. */
void watch(struct source *source, uint32_t events);
/* Tells of errors and the end alone. */
void watch_for_end(struct source *source);
void close_source(struct source *source);
void arm(struct timer *timer, int64_t due);
void disarm(struct timer *timer);
void *claim(size_t size);
/* Frees when no event that is still to be told can name it. */
void release(void *memory);

#define OWNER(type, member, pointer) ((type *)((char *)(pointer)-offsetof(type, member)))

/* ---- address.c */

enum { LONGEST_ADDRESS = 64 };
/* The length of the address; 0 when the text is none. */
socklen_t read_address(const char *text, int port, struct sockaddr_storage *into);
void write_address(const struct sockaddr_storage *address, char *text, size_t room);
int port_of(const struct sockaddr_storage *address);
socklen_t length_of(const struct sockaddr_storage *address);

/* ---- path.c */

enum { MOST_PATHS = 8 };
struct path {
  int number;
  char device[IFNAMSIZ];              /* empty: whatever the routes say */
  struct sockaddr_storage address[2]; /* IPv4, IPv6; family 0 where there is none */
  int64_t round_trip;                 /* the latest; 0: not known */
  int64_t known_at, failed_at;
};
extern struct path paths[MOST_PATHS];
extern int path_count;

struct path *find_path(int number);
const struct sockaddr_storage *own_address(const struct path *path, int family);
/* Takes the round trips of every subflow of a socket. */
void learn_round_trips(int fd);
void learn_failure(int number);
void forget_round_trips(void);
/* Paths in the order in which RobE_IPS prefers them; whether anything was known. */
int order_by_round_trip(int *numbers, int count);
/* Replaces the paths; what is known of those that stay is kept. */
void replace_paths(const struct path *with, int count);

/* ---- race.c */

enum { MOST_DESTINATIONS = 16, MOST_ATTEMPTS = 64 };
struct scheme {
  int sim, timer, ips;
  int64_t expiry;      /* of RobE_TIMER */
  int64_t stagger;     /* between destinations (RFC 8305 section 5) */
  int64_t patience;    /* until the race is given up */
};
extern struct scheme scheme;
extern int has_mptcp;
enum { MPTCP_PROTOCOL = 262, MPTCP_LEVEL = 284 };

struct attempt {
  struct source source;
  struct race *race;
  const struct sockaddr_storage *destination;
  int path; /* 0: none in particular */
  int64_t starts_at;
  int64_t began;
  enum { TO_COME, CONNECTING, OVER } state;
};

struct race {
  struct timer timer;
  int64_t began;
  struct sockaddr_storage destinations[MOST_DESTINATIONS];
  struct attempt attempts[MOST_ATTEMPTS];
  int count;
  int waits_for_data; /* third segments may wait for the first octets */
  int (*open)(int family); /* a socket that does not block; -1 and errno */
  int error;          /* of the attempt that failed last; the refusal of a peer before others */
  /* One of the two is called, once; never from within begin_race. The race is over then. */
  void (*won)(struct race *race, int fd, const struct attempt *attempt);
  void (*lost)(struct race *race, int error);
};
/* `numbers` are paths, the default one first; none: one attempt for each destination, by the machine's routes. */
void begin_race(struct race *race, const struct sockaddr_storage *destinations, int count, const int *numbers,
                int number_count);
/* A socket of MPTCP, or of TCP where there is none; a socket of TCP. */
int open_mptcp(int family);
int open_tcp(int family);
void abandon_race(struct race *race);
void reset_and_close(int fd);

/* ---- resolve.c */

struct lookup {
  void (*found)(struct lookup *lookup, const struct sockaddr_storage *addresses, int count);
  char name[256];
  int port;
  struct sockaddr_storage addresses[MOST_DESTINATIONS];
  int count;
  int abandoned;
  void *owner;
  struct lookup *next;
};
/* Starts it; `found` is called later, once, unless it is abandoned. The lookup is claimed memory and frees itself. */
void begin_lookup(struct lookup *lookup);
void open_resolver(void);

/* ---- allowance.c */

/* One line `any`, `net ADDRESS LENGTH PORT` or `host NAME PORT`; port 0: every. Nonzero: not understood. */
int add_allowance(const char *line);
int is_allowed(const char *host, const struct sockaddr_storage *address, int port);

/* ---- relay.c */

/* Joins two connected sockets until both directions are over; `first` octets were read from the near one already. */
void begin_relay(int near, int far, const unsigned char *first, size_t count, char *label);
extern size_t open_relays;
/* Takes round trips from what is under way, at most every 100 ms. */
void sample_relays(void);

/* ---- entry.c */

struct entry {
  struct source source;
  struct timer pause;
  int is_far;       /* an aggregation point: comes in by MPTCP, goes on by TCP of the machine's routes */
  char target[256]; /* empty: the client says where */
  int target_port;
};
/* Whether the third segment of a race waits for the first octets, see race.c. */
extern int defers_third_segment;
/* 0, or the errno of why nobody can listen there. */
int open_entry(struct entry *entry, const char *address, int port);

/* ---- proxy.c, witness.c */

void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
extern int is_quiet;
int run_proxy(void);
int run_witness(void);

/* ---- path-manager.c */

/* A socket of MPTCP whose subflows are opened by this program alone; -1 and errno when that needs more privilege. */
int open_managed_socket(int family);
int open_path_manager(void (*told)(void));
/* Opens a subflow from an address as soon as the kernel has reported the connection as established. */
int may_grow(uint32_t token);
void create_subflow(uint32_t token, int identifier, const struct sockaddr_storage *from, const struct sockaddr_storage *to);

#endif
