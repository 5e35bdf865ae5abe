// The TCP of a library as an implementation under test: a robe-ctl/1 shim that drives it.
//
//	shim DEVICE MAC ADDRESS...
//
// The stack owns DEVICE, an interface whose kernel is silent, with the addresses, and reaches every other address over it
// directly. The JSON lines on stdin and stdout are defined in src/iut/control/messages.ts. One goroutine does everything:
// lines, and the connections for which the stack has news, come to it one by one. Which library it is, the build tag says.
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
)

// The version of the library, given when the program is built: -ldflags "-X main.version=VERSION".
var version string

// Longest line of robe-ctl/1, in octets.
const longestLine = 1 << 20

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: shim DEVICE MAC ADDRESS...")
		os.Exit(2)
	}
	opened, err := open(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, implementation+":", err)
		os.Exit(1)
	}
	lines := make(chan []byte)
	go readLines(lines)
	host := newHost(opened)
	for {
		select {
		case line, more := <-lines:
			if !more {
				host.reset()
				return
			}
			if len(line) > 0 {
				os.Stdout.Write(answerTo(host, line))
			}
		case <-host.news.arrived:
			host.news.serve()
		}
	}
}

func open(device, mac string, texts []string) (stack, error) {
	address, err := net.ParseMAC(mac)
	if err != nil {
		return nil, err
	}
	addresses, err := parseAddresses(texts)
	if err != nil {
		return nil, err
	}
	return openStack(device, address, addresses)
}

func readLines(lines chan<- []byte) {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, longestLine)
	for input.Scan() {
		lines <- append([]byte(nil), input.Bytes()...)
	}
	close(lines)
}
