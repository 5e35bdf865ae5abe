/* Addresses as text. */
#include "engine.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

socklen_t length_of(const struct sockaddr_storage *address) {
  return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

int port_of(const struct sockaddr_storage *address) {
  /* Both families have it at the same place. */
  return ntohs(((const struct sockaddr_in *)address)->sin_port);
}

socklen_t read_address(const char *text, int port, struct sockaddr_storage *into) {
  struct sockaddr_in *four = (struct sockaddr_in *)into;
  struct sockaddr_in6 *six = (struct sockaddr_in6 *)into;
  memset(into, 0, sizeof *into);
  four->sin_port = htons((uint16_t)port);
  if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
    into->ss_family = AF_INET;
    return sizeof *four;
  }
  if (inet_pton(AF_INET6, text, &six->sin6_addr) != 1) return 0;
  into->ss_family = AF_INET6;
  if (!IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) return sizeof *six;
  /* RFC 4291 section 2.5.5.2: such an address is an IPv4 address. */
  struct in_addr inside;
  memcpy(&inside, six->sin6_addr.s6_addr + 12, sizeof inside);
  memset(into, 0, sizeof *into);
  into->ss_family = AF_INET;
  four->sin_port = htons((uint16_t)port);
  four->sin_addr = inside;
  return sizeof *four;
}

void write_address(const struct sockaddr_storage *address, char *text, size_t room) {
  char bare[INET6_ADDRSTRLEN] = "?";
  if (address->ss_family == AF_INET6) {
    inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, bare, sizeof bare);
    snprintf(text, room, "[%s]:%d", bare, port_of(address));
    return;
  }
  inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, bare, sizeof bare);
  snprintf(text, room, "%s:%d", bare, port_of(address));
}
