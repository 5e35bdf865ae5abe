//go:build lwip

#define _GNU_SOURCE
#include "lwip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#undef ntohs
#undef htons
#undef ntohl
#undef htonl

#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/init.h>
#include <lwip/netif.h>
#include <lwip/pbuf.h>
#include <lwip/tcp.h>
#include <lwip/tcpip.h>

enum { MTU = 1500, LARGEST_FRAME = 2048, MOST_INTERFACES = 8, ETHERNET_HEADER = 14, ARP_TARGET = ETHERNET_HEADER + 24 };

/* ---- the interface */

/*
 * An interface of lwIP has one IPv4 address, so there is one for each, all of them over the same device. The first also
 * has the IPv6 addresses, and the route to everything.
 */
static struct netif interfaces[MOST_INTERFACES];
static int interface_count;
static int device_socket = -1;
static uint8_t device_mac[6];

static err_t put_on_wire(struct netif *interface, struct pbuf *frame) {
  uint8_t octets[LARGEST_FRAME];
  (void)interface;
  if (frame->tot_len > sizeof octets) return ERR_BUF;
  uint16_t length = pbuf_copy_partial(frame, octets, frame->tot_len, 0);
  return send(device_socket, octets, length, 0) < 0 ? ERR_IF : ERR_OK;
}

static err_t prepare(struct netif *interface) {
  interface->name[0] = 'r';
  interface->name[1] = 'b';
  interface->mtu = MTU;
  interface->mtu6 = MTU;
  interface->hwaddr_len = sizeof device_mac;
  memcpy(interface->hwaddr, device_mac, sizeof device_mac);
  interface->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
  interface->output = etharp_output;
  interface->output_ip6 = ethip6_output;
  interface->linkoutput = put_on_wire;
  return ERR_OK;
}

/* An ARP packet concerns the interface whose address is looked for. */
static struct netif *concerned(const uint8_t *frame, size_t length) {
  if (length < ARP_TARGET + 4 || frame[12] != 0x08 || frame[13] != 0x06) return &interfaces[0];
  for (int index = 0; index < interface_count; index++)
    if (memcmp(frame + ARP_TARGET, &netif_ip4_addr(&interfaces[index])->addr, 4) == 0) return &interfaces[index];
  return &interfaces[0];
}

static void *take_from_wire(void *unused) {
  uint8_t octets[LARGEST_FRAME];
  struct sockaddr_ll from;
  for (;;) {
    socklen_t size = sizeof from;
    ssize_t length = recvfrom(device_socket, octets, sizeof octets, 0, (struct sockaddr *)&from, &size);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return unused;
    if (from.sll_pkttype == PACKET_OUTGOING) continue;
    struct pbuf *frame = pbuf_alloc(PBUF_RAW, (u16_t)length, PBUF_RAM);
    if (frame == NULL) continue;
    pbuf_take(frame, octets, (u16_t)length);
    struct netif *interface = concerned(octets, (size_t)length);
    if (interface->input(frame, interface) != ERR_OK) pbuf_free(frame);
  }
}

static int open_device(const char *device) {
  struct sockaddr_ll place = {.sll_family = AF_PACKET, .sll_protocol = lwip_htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(device)};
  if (place.sll_ifindex == 0) return -1;
  device_socket = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, lwip_htons(ETH_P_ALL));
  if (device_socket < 0) return -1;
  return bind(device_socket, (struct sockaddr *)&place, sizeof place);
}

static void add_ip4(const ip4_addr_t *address) {
  ip4_addr_t mask, gateway;
  int is_first = interface_count == 0;
  if (interface_count == MOST_INTERFACES) return;
  ip4_addr_set_u32(&mask, is_first ? 0 : 0xffffffff);
  ip4_addr_set_zero(&gateway);
  struct netif *interface = &interfaces[interface_count++];
  netif_add(interface, address, &mask, &gateway, NULL, prepare, tcpip_input);
  netif_set_up(interface);
  if (!is_first) return;
  netif_set_default(interface);
  /* It asks for the addresses of neighbours from here. */
  netif_create_ip6_linklocal_address(interface, 1);
  netif_ip6_addr_set_state(interface, 0, IP6_ADDR_PREFERRED);
}

static void add_ip6(const ip6_addr_t *address) {
  s8_t place = -1;
  if (netif_add_ip6_address(&interfaces[0], address, &place) == ERR_OK && place >= 0)
    netif_ip6_addr_set_state(&interfaces[0], place, IP6_ADDR_PREFERRED);
}

/*
 * Every address is on the wire. lwIP takes those for neighbours that share a /64 with an address of its own; where there is none
 * it is given one, which nobody uses.
 */
static void reach(const ip_addr_t *address) {
  if (!IP_IS_V6(address)) return;
  for (int index = 0; index < LWIP_IPV6_NUM_ADDRESSES; index++)
    if (ip6_addr_isvalid(netif_ip6_addr_state(&interfaces[0], index)) &&
        ip6_addr_netcmp_zoneless(netif_ip6_addr(&interfaces[0], index), ip_2_ip6(address)))
      return;
  ip6_addr_t neighbour = *ip_2_ip6(address);
  neighbour.addr[2] = neighbour.addr[3] = 0xffffffff;
  add_ip6(&neighbour);
}

/* ---- links */

struct link {
  uint32_t number;
  struct link *next;
  struct tcp_pcb *pcb; /* NULL once it is over, or given up */
  struct pbuf *incoming;
  int is_connected;
  int is_accepted; /* not yet asked for */
  int has_ended;   /* by the peer's FIN */
  int failure;     /* a LINK_ constant */
  char peer[ADDRESS_TEXT];
};

static struct link *links;
static uint32_t last_number;
static int pipe_in = -1;

static void tell(uint32_t number) {
  if (write(pipe_in, &number, sizeof number) < 0) abort();
}

static struct link *find(uint32_t number) {
  struct link *each = links;
  while (each != NULL && each->number != number) each = each->next;
  return each;
}

static int reason(err_t error) {
  switch (error) {
  case ERR_RST: return LINK_RESET;
  case ERR_ABRT:
  case ERR_TIMEOUT: return LINK_TIMEOUT;
  default: return LINK_FAILED;
  }
}

static err_t on_receive(void *argument, struct tcp_pcb *pcb, struct pbuf *octets, err_t error) {
  struct link *link = argument;
  (void)pcb;
  (void)error;
  if (octets == NULL) link->has_ended = 1;
  else if (link->incoming == NULL) link->incoming = octets;
  else pbuf_cat(link->incoming, octets);
  tell(link->number);
  return ERR_OK;
}

static err_t on_sent(void *argument, struct tcp_pcb *pcb, u16_t count) {
  (void)pcb;
  (void)count;
  tell(((struct link *)argument)->number);
  return ERR_OK;
}

/* What found no memory is tried again. */
static err_t on_poll(void *argument, struct tcp_pcb *pcb) {
  (void)pcb;
  tell(((struct link *)argument)->number);
  return ERR_OK;
}

static void on_error(void *argument, err_t error) {
  struct link *link = argument;
  link->pcb = NULL;
  link->failure = link->is_connected || error != ERR_RST ? reason(error) : LINK_REFUSED;
  tell(link->number);
}

static err_t on_connected(void *argument, struct tcp_pcb *pcb, err_t error) {
  struct link *link = argument;
  (void)pcb;
  (void)error;
  link->is_connected = 1;
  tell(link->number);
  return ERR_OK;
}

static struct link *new_link(struct tcp_pcb *pcb) {
  struct link *link = calloc(1, sizeof *link);
  if (link == NULL) abort();
  link->number = ++last_number;
  link->pcb = pcb;
  link->next = links;
  links = link;
  tcp_arg(pcb, link);
  tcp_recv(pcb, on_receive);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_error);
  tcp_poll(pcb, on_poll, 1);
  tcp_nagle_disable(pcb);
  return link;
}

static err_t on_accept(void *argument, struct tcp_pcb *pcb, err_t error) {
  (void)argument;
  if (error != ERR_OK || pcb == NULL) return ERR_VAL;
  struct link *link = new_link(pcb);
  link->is_connected = link->is_accepted = 1;
  ipaddr_ntoa_r(&pcb->remote_ip, link->peer, sizeof link->peer);
  tell(0);
  return ERR_OK;
}

static void forget(struct link *link) {
  for (struct link **each = &links; *each != NULL; each = &(*each)->next)
    if (*each == link) {
      *each = link->next;
      break;
    }
  if (link->incoming != NULL) pbuf_free(link->incoming);
  free(link);
}

/* ---- what lwip.go calls */

int stack_open(const char *device, const uint8_t mac[6], char **addresses, int count) {
  int ends[2];
  pthread_t taker;
  memcpy(device_mac, mac, sizeof device_mac);
  if (open_device(device) != 0 || pipe2(ends, O_CLOEXEC) != 0) return -1;
  pipe_in = ends[1];
  tcpip_init(NULL, NULL);
  LOCK_TCPIP_CORE();
  for (int round = 0; round < 2; round++)
    for (int index = 0; index < count; index++) {
      ip_addr_t address;
      if (!ipaddr_aton(addresses[index], &address)) continue;
      if (round == 0 && IP_IS_V4(&address)) add_ip4(ip_2_ip4(&address));
      if (round == 1 && IP_IS_V6(&address)) add_ip6(ip_2_ip6(&address));
    }
  UNLOCK_TCPIP_CORE();
  errno = pthread_create(&taker, NULL, take_from_wire, NULL);
  return errno == 0 ? ends[0] : -1;
}

int stack_listen(uint16_t port) {
  LOCK_TCPIP_CORE();
  struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
  int is_bound = pcb != NULL && tcp_bind(pcb, IP_ANY_TYPE, port) == ERR_OK;
  if (is_bound) pcb = tcp_listen_with_backlog(pcb, 255);
  if (is_bound && pcb != NULL) tcp_accept(pcb, on_accept);
  UNLOCK_TCPIP_CORE();
  return is_bound && pcb != NULL ? 0 : -1;
}

uint32_t stack_accept(char peer[ADDRESS_TEXT]) {
  uint32_t number = 0;
  LOCK_TCPIP_CORE();
  struct link *oldest = NULL;
  for (struct link *each = links; each != NULL; each = each->next)
    if (each->is_accepted) oldest = each;
  if (oldest != NULL) {
    oldest->is_accepted = 0;
    number = oldest->number;
    memcpy(peer, oldest->peer, sizeof oldest->peer);
  }
  UNLOCK_TCPIP_CORE();
  return number;
}

uint32_t stack_connect(const char *own, const char *to, uint16_t port) {
  ip_addr_t from, target;
  uint32_t number = 0;
  if (!ipaddr_aton(own, &from) || !ipaddr_aton(to, &target)) return 0;
  LOCK_TCPIP_CORE();
  reach(&target);
  struct tcp_pcb *pcb = tcp_new_ip_type(IP_GET_TYPE(&target));
  if (pcb != NULL) {
    struct link *link = new_link(pcb);
    if (tcp_bind(pcb, &from, 0) == ERR_OK && tcp_connect(pcb, &target, port, on_connected) == ERR_OK) number = link->number;
    else {
      tcp_arg(pcb, NULL);
      tcp_err(pcb, NULL);
      tcp_abort(pcb);
      forget(link);
    }
  }
  UNLOCK_TCPIP_CORE();
  return number;
}

int link_connected(uint32_t number) {
  LOCK_TCPIP_CORE();
  struct link *link = find(number);
  int answer = link == NULL ? LINK_FAILED : link->failure != 0 ? link->failure : link->is_connected ? 0 : LINK_WAIT;
  UNLOCK_TCPIP_CORE();
  return answer;
}

/* What came before the end is read before it. */
static long read_locked(struct link *link, uint8_t *octets, size_t room) {
  if (link == NULL) return LINK_FAILED;
  if (link->incoming != NULL) {
    u16_t count = pbuf_copy_partial(link->incoming, octets, (u16_t)(room < 0xffff ? room : 0xffff), 0);
    link->incoming = pbuf_free_header(link->incoming, count);
    if (link->pcb != NULL) tcp_recved(link->pcb, count);
    return count;
  }
  if (link->failure != 0) return link->failure;
  return link->has_ended ? LINK_END : LINK_WAIT;
}

long link_read(uint32_t number, uint8_t *octets, size_t room) {
  LOCK_TCPIP_CORE();
  long answer = read_locked(find(number), octets, room);
  UNLOCK_TCPIP_CORE();
  return answer;
}

static long write_locked(struct link *link, const uint8_t *octets, size_t count) {
  if (link == NULL) return LINK_FAILED;
  if (link->failure != 0) return link->failure;
  size_t room = tcp_sndbuf(link->pcb);
  if (count > room) count = room;
  if (count == 0) return LINK_WAIT;
  err_t error = tcp_write(link->pcb, octets, (u16_t)count, TCP_WRITE_FLAG_COPY);
  if (error == ERR_MEM) return LINK_WAIT;
  if (error != ERR_OK) return reason(error);
  tcp_output(link->pcb);
  return (long)count;
}

long link_write(uint32_t number, const uint8_t *octets, size_t count) {
  LOCK_TCPIP_CORE();
  long answer = write_locked(find(number), octets, count);
  UNLOCK_TCPIP_CORE();
  return answer;
}

int link_finish(uint32_t number) {
  int answer = LINK_FAILED;
  LOCK_TCPIP_CORE();
  struct link *link = find(number);
  if (link != NULL && link->pcb != NULL) answer = tcp_shutdown(link->pcb, 0, 1) == ERR_OK ? 0 : LINK_FAILED;
  UNLOCK_TCPIP_CORE();
  return answer;
}

static void let_go(struct tcp_pcb *pcb) {
  tcp_arg(pcb, NULL);
  tcp_recv(pcb, NULL);
  tcp_sent(pcb, NULL);
  tcp_err(pcb, NULL);
  tcp_poll(pcb, NULL, 0);
}

void link_close(uint32_t number) {
  LOCK_TCPIP_CORE();
  struct link *link = find(number);
  if (link != NULL) {
    if (link->pcb != NULL) {
      let_go(link->pcb);
      if (tcp_close(link->pcb) != ERR_OK) tcp_abort(link->pcb);
    }
    forget(link);
  }
  UNLOCK_TCPIP_CORE();
}

void link_abort(uint32_t number) {
  LOCK_TCPIP_CORE();
  struct link *link = find(number);
  if (link != NULL && link->pcb != NULL) {
    struct tcp_pcb *pcb = link->pcb;
    let_go(pcb);
    link->pcb = NULL;
    link->failure = LINK_RESET;
    tcp_abort(pcb);
  }
  UNLOCK_TCPIP_CORE();
}
