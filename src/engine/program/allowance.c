/* Which targets may be reached: the list that src/haap/allowance.ts has read, one line for each. */
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static struct allowance {
  enum { ANY, NET, HOST } kind;
  struct sockaddr_storage network;
  int length, port;
  char host[256];
} *allowances;
static int allowance_count;

int add_allowance(const char *line) {
  struct allowance read = {.kind = ANY};
  char text[256];
  if (strcmp(line, "any") == 0) read.kind = ANY;
  else if (sscanf(line, "net %255s %d %d", text, &read.length, &read.port) == 3) {
    read.kind = NET;
    if (read_address(text, 0, &read.network) == 0) return -1;
  } else if (sscanf(line, "host %255s %d", read.host, &read.port) == 2) read.kind = HOST;
  else return -1;
  struct allowance *more = realloc(allowances, (size_t)(allowance_count + 1) * sizeof *more);
  if (more == NULL) return -1;
  allowances = more;
  allowances[allowance_count++] = read;
  return 0;
}

static const unsigned char *octets_of(const struct sockaddr_storage *address) {
  return address->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr
                                        : (const unsigned char *)&((const struct sockaddr_in *)address)->sin_addr;
}

static int contains(const struct allowance *allowance, const struct sockaddr_storage *address) {
  const unsigned char *network = octets_of(&allowance->network), *octets = octets_of(address);
  if (allowance->network.ss_family != address->ss_family) return 0;
  for (int bit = 0; bit < allowance->length; bit++)
    if (((network[bit / 8] ^ octets[bit / 8]) >> (7 - bit % 8)) & 1) return 0;
  return 1;
}

int is_allowed(const char *host, const struct sockaddr_storage *address, int port) {
  for (int index = 0; index < allowance_count; index++) {
    const struct allowance *each = &allowances[index];
    if (each->port != 0 && each->port != port) continue;
    if (each->kind == ANY || (each->kind == HOST && strcasecmp(each->host, host) == 0) || (each->kind == NET && contains(each, address)))
      return 1;
  }
  return 0;
}
