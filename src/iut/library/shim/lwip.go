//go:build lwip

package main

// #cgo CFLAGS: -O2 -isystem /usr/include/lwip
// #cgo LDFLAGS: -llwip
// #include <stdlib.h>
// #include "lwip.h"
import "C"

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"unsafe"
)

const implementation = "lwIP"

// The stack lives in C, once a process. Its pipe tells the numbers of links that have news; 0 stands for the listeners.
type lwip struct {
	lock      sync.Mutex
	links     map[uint32]func()
	listeners []func()
}

func openStack(device string, mac net.HardwareAddr, addresses []net.IP) (stack, error) {
	texts := make([]*C.char, len(addresses))
	for index, each := range addresses {
		texts[index] = C.CString(each.String())
	}
	pipe, err := C.stack_open(C.CString(device), (*C.uint8_t)(&mac[0]), &texts[0], C.int(len(texts)))
	if pipe < 0 {
		return nil, err
	}
	l := &lwip{links: map[uint32]func(){}}
	go l.hear(os.NewFile(uintptr(pipe), "news"))
	return l, nil
}

func (l *lwip) hear(pipe io.Reader) {
	var octets [4]byte
	for {
		if _, err := io.ReadFull(pipe, octets[:]); err != nil {
			return
		}
		l.lock.Lock()
		concerned := l.listeners
		if number := binary.LittleEndian.Uint32(octets[:]); number != 0 {
			concerned = nil
			if news := l.links[number]; news != nil {
				concerned = []func(){news}
			}
		}
		l.lock.Unlock()
		for _, news := range concerned {
			news()
		}
	}
}

func (l *lwip) listen(port uint16) (listening, error) {
	if C.stack_listen(C.uint16_t(port)) != 0 {
		return nil, errors.New("the port is taken")
	}
	return lwipListener{l}, nil
}

// A listener tells only that connections came to some port: the first that is asked gives them.
type lwipListener struct{ of *lwip }

func (l lwipListener) watch(news func()) {
	l.of.lock.Lock()
	defer l.of.lock.Unlock()
	l.of.listeners = append(l.of.listeners, news)
}

func (l lwipListener) accept() (acceptance, net.IP, error) {
	var peer [C.ADDRESS_TEXT]C.char
	number := uint32(C.stack_accept(&peer[0]))
	if number == 0 {
		return nil, nil, errWait
	}
	take := func(news func()) endpoint { return l.of.link(number, news) }
	return take, net.ParseIP(C.GoString(&peer[0])), nil
}

func (l *lwip) connect(own, to net.IP, port uint16, news func()) (endpoint, error) {
	from, target := C.CString(own.String()), C.CString(to.String())
	defer C.free(unsafe.Pointer(from))
	defer C.free(unsafe.Pointer(target))
	number := uint32(C.stack_connect(from, target, C.uint16_t(port)))
	if number == 0 {
		return nil, errors.New("there is no memory for it, or no way there")
	}
	return l.link(number, news), nil
}

func (l *lwip) link(number uint32, news func()) endpoint {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.links[number] = news
	return lwipLink{l, number}
}

type lwipLink struct {
	of     *lwip
	number uint32
}

func (e lwipLink) connected() error { return linkError(C.long(C.link_connected(C.uint32_t(e.number)))) }

func (e lwipLink) read() ([]byte, error) {
	octets := make([]byte, 1<<16)
	count := C.link_read(C.uint32_t(e.number), (*C.uint8_t)(&octets[0]), C.size_t(len(octets)))
	if count < 0 {
		return nil, linkError(count)
	}
	return octets[:count], nil
}

func (e lwipLink) write(octets []byte) (int, error) {
	count := C.link_write(C.uint32_t(e.number), (*C.uint8_t)(&octets[0]), C.size_t(len(octets)))
	if count < 0 {
		return 0, linkError(count)
	}
	return int(count), nil
}

func (e lwipLink) finish() error { return linkError(C.long(C.link_finish(C.uint32_t(e.number)))) }

func (e lwipLink) close() {
	e.of.lock.Lock()
	delete(e.of.links, e.number)
	e.of.lock.Unlock()
	C.link_close(C.uint32_t(e.number))
}

func (e lwipLink) abort() { C.link_abort(C.uint32_t(e.number)) }

func linkError(code C.long) error {
	switch code {
	case C.LINK_WAIT:
		return errWait
	case C.LINK_END:
		return io.EOF
	case C.LINK_REFUSED:
		return errRefused
	case C.LINK_RESET:
		return errReset
	case C.LINK_TIMEOUT:
		return errTimeout
	case C.LINK_FAILED:
		return errors.New("failed")
	}
	return nil
}
