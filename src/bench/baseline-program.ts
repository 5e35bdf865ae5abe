/**
 * The C baseline: one AF_PACKET socket, busy polling, SYNs from addresses that no kernel owns, the answer matched by its
 * destination; a reset after each. It does nothing else, so it is about the best that a user-space tester can do.
 * Arguments: device, its MAC, the peer's MAC, server address and port, number of exchanges. Prints nanoseconds.
 */
export const baselineProgram = String.raw`
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec;
}

static uint32_t add(uint32_t sum, const uint8_t *p, int n) {
  for (; n > 1; n -= 2, p += 2) sum += p[0] << 8 | p[1];
  return n ? sum + (p[0] << 8) : sum;
}

static uint16_t fold(uint32_t sum) {
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum;
}

static void mac(const char *text, uint8_t *into) {
  unsigned o[6];
  sscanf(text, "%x:%x:%x:%x:%x:%x", o, o + 1, o + 2, o + 3, o + 4, o + 5);
  for (int i = 0; i < 6; i++) into[i] = o[i];
}

static void put16(uint8_t *p, unsigned v) { p[0] = v >> 8; p[1] = v; }
static void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16); put16(p + 2, v); }

/* Ethernet 0..13, IPv4 14..33, TCP 34..53, padded to 60. */
static void build(uint8_t *f, uint32_t source, uint16_t port, uint16_t to, uint32_t seq, uint8_t flags) {
  put32(f + 26, source);
  put16(f + 24, 0);
  put16(f + 24, fold(add(0, f + 14, 20)));
  put16(f + 34, port);
  put16(f + 36, to);
  put32(f + 38, seq);
  put32(f + 42, 0);
  f[46] = 5 << 4;
  f[47] = flags;
  put16(f + 48, 65535);
  put32(f + 50, 0);
  put16(f + 50, fold(add(add(6 + 20, f + 26, 8), f + 34, 20)));
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  int s = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = if_nametoindex(argv[1])};
  if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof at) < 0) { perror(argv[1]); return 1; }
  uint8_t f[60] = {0}, in[2048];
  mac(argv[3], f);
  mac(argv[2], f + 6);
  put16(f + 12, 0x0800);
  f[14] = 0x45;
  put16(f + 16, 40);
  f[22] = 64;
  f[23] = 6;
  inet_pton(AF_INET, argv[4], f + 30);
  uint16_t to = atoi(argv[5]);
  /* Clients of path 1 in a lab: 10.201.64.0/18, from the upper half. */
  uint32_t base = 10u << 24 | 201u << 16 | 96u << 8;
  for (int i = 0; i < atoi(argv[6]); i++) {
    uint32_t source = base + 1 + i % 4000;
    uint16_t port = 20000 + i / 4000 + i % 4000;
    uint32_t seq = 1000u * i;
    build(f, source, port, to, seq, 0x02);
    uint64_t sent = now();
    if (send(s, f, 60, 0) != 60) { perror("send"); return 1; }
    for (;;) {
      ssize_t n = recv(s, in, sizeof in, MSG_DONTWAIT);
      if (n >= 54 && in[23] == 6 && memcmp(in + 30, f + 26, 4) == 0 && (in[47] & 0x12) == 0x12) break;
      if (now() - sent > 1000000000ull) { fprintf(stderr, "no answer\n"); return 1; }
    }
    printf("%llu\n", (unsigned long long)(now() - sent));
    build(f, source, port, to, seq + 1, 0x04);
    send(s, f, 60, 0);
  }
  return 0;
}
`;
