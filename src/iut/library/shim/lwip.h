/*
 * lwIP (raw API) for lwip.go: one interface over a packet socket, listeners and links. Every function takes the lock of
 * lwIP's thread itself. What happens is told by a link's number on a pipe; 0 stands for every listener.
 */
#ifndef ROBE_LWIP_H
#define ROBE_LWIP_H

#include <stddef.h>
#include <stdint.h>

/* What read and write give besides a count of octets. */
enum { LINK_WAIT = -1, LINK_END = -2, LINK_REFUSED = -3, LINK_RESET = -4, LINK_TIMEOUT = -5, LINK_FAILED = -6 };

enum { ADDRESS_TEXT = 48 };

/* Gives the pipe's end to read, or -1 with errno. Numbers on it are of 4 octets, as this machine writes them. */
int stack_open(const char *device, const uint8_t mac[6], char **addresses, int count);
/* 0, or -1. */
int stack_listen(uint16_t port);
/* The number of a link that was accepted, with its peer's address; 0 where there is none. */
uint32_t stack_accept(char peer[ADDRESS_TEXT]);
/* The number of a link that begins to connect; 0 when it cannot. */
uint32_t stack_connect(const char *own, const char *to, uint16_t port);

/* 0 once it is established, LINK_WAIT before, or why it failed. */
int link_connected(uint32_t number);
long link_read(uint32_t number, uint8_t *octets, size_t room);
long link_write(uint32_t number, const uint8_t *octets, size_t count);
/* 0, or why not. */
int link_finish(uint32_t number);
void link_close(uint32_t number);
void link_abort(uint32_t number);

#endif
