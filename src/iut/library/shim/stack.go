package main

import (
	"errors"
	"net"
	"strings"
)

// What the shim asks of a library's stack. Nothing here waits: errWait says that there is nothing yet, and news tell later when
// to ask again.
type stack interface {
	// listen takes connections to every address of the host; what came is taken by accept.
	listen(port uint16) (listening, error)
	connect(own, to net.IP, port uint16, news func()) (endpoint, error)
}

type listening interface {
	// watch has news called whenever there may be a connection to accept.
	watch(news func())
	// accept gives a connection, and the address of its peer; errWait where there is none.
	accept() (acceptance, net.IP, error)
}

// An accepted connection whose news nobody is told yet.
type acceptance func(news func()) endpoint

type endpoint interface {
	// connected gives nil once the connection is established, errWait before, or why it failed.
	connected() error
	// read gives what has come; io.EOF after the peer's FIN.
	read() ([]byte, error)
	// write gives how many octets the stack took; errWait where it takes none now.
	write(octets []byte) (int, error)
	// finish sends a FIN after what was written.
	finish() error
	// close ends what was finished, or gives up what never began.
	close()
	// abort sends a reset.
	abort()
}

var errWait = errors.New("nothing yet")
var errRefused = errors.New("refused")
var errTimeout = errors.New("timeout")
var errReset = errors.New("reset")

// A host's own addresses, as the command line names them.
func parseAddresses(texts []string) ([]net.IP, error) {
	var addresses []net.IP
	for _, text := range texts {
		parsed := net.ParseIP(text)
		if parsed == nil {
			return nil, errors.New(text + " is no IP address")
		}
		addresses = append(addresses, parsed)
	}
	return addresses, nil
}

// isIPv4 tells an address that was written with dots.
func isIPv4(address net.IP) bool { return !strings.Contains(address.String(), ":") }
