package main

import (
	"fmt"
	"net"
)

// The stack with its listeners and connections.
type host struct {
	stack     stack
	news      *news
	listening map[uint16]bool
	paths     map[int]map[string]string // addresses of a path by IP version
	opened    map[string]*connection
	latest    map[string]*connection // accepted, by the peer's address
	accepted  map[string]int
	over      map[string]int
	living    map[*connection]bool // of either kind
}

func newHost(of stack) *host {
	h := &host{stack: of, news: newNews(), listening: map[uint16]bool{}}
	h.forget()
	return h
}

func (h *host) forget() {
	h.opened, h.latest = map[string]*connection{}, map[string]*connection{}
	h.accepted, h.over, h.living = map[string]int{}, map[string]int{}, map[*connection]bool{}
}

// reset resets all connections and forgets them; listeners stay.
func (h *host) reset() {
	for each := range h.living {
		each.abort()
	}
	h.forget()
}

func (h *host) listen(port uint16, echo bool) error {
	if h.listening[port] {
		return nil
	}
	listening, err := h.stack.listen(port)
	if err != nil {
		return err
	}
	l := &listener{host: h, listening: listening, echo: echo}
	listening.watch(func() { h.news.note(l) })
	h.listening[port] = true
	return nil
}

func (h *host) connect(name string, path int, address string, port uint16) error {
	if h.opened[name] != nil {
		return fmt.Errorf("connection %s exists", name)
	}
	to := net.ParseIP(address)
	if to == nil {
		return fmt.Errorf("%q is no IP address", address)
	}
	ip := "6"
	if isIPv4(to) {
		ip = "4"
	}
	own := net.ParseIP(h.paths[path][ip])
	if own == nil {
		return fmt.Errorf("path %d has no address of IPv%s", path, ip)
	}
	c := &connection{host: h, state: "connecting"}
	var err error
	if c.endpoint, err = h.stack.connect(own, to, port, c.note); err != nil {
		return err
	}
	h.opened[name] = c
	h.living[c] = true
	c.note()
	return nil
}

// A listener accepts all that has come to it.
type listener struct {
	host      *host
	listening listening
	echo      bool
}

func (l *listener) serve() {
	for {
		accept, from, err := l.listening.accept()
		if err != nil {
			return
		}
		peer := from.String()
		c := &connection{host: l.host, state: "established", echo: l.echo, peer: peer}
		c.endpoint = accept(c.note)
		l.host.accepted[peer]++
		l.host.latest[peer] = c
		l.host.living[c] = true
		c.note()
	}
}
