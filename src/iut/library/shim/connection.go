package main

import (
	"errors"
	"io"
)

// A connection, opened or accepted, with what is still to be sent over it.
type connection struct {
	host         *host
	endpoint     endpoint // nil once it is over
	state        string   // as `info` tells it
	why          string
	received     int
	outgoing     []byte
	echo         bool
	closing      bool
	peerFinished bool
	peer         string // of an accepted one: its address
}

func (c *connection) note() { c.host.news.note(c) }

// serve does all that the stack has become ready for.
func (c *connection) serve() {
	if c.endpoint == nil {
		return
	}
	if c.state == "connecting" {
		switch err := c.endpoint.connected(); err {
		case nil:
			c.state = "established"
		case errWait:
			return
		default:
			c.end("failed", err.Error())
			return
		}
	}
	c.read()
	c.flush()
}

func (c *connection) read() {
	for c.endpoint != nil && !c.peerFinished {
		octets, err := c.endpoint.read()
		switch err {
		case nil:
			c.received += len(octets)
			if c.echo {
				c.outgoing = append(c.outgoing, octets...)
			}
		case errWait:
			return
		case io.EOF:
			c.peerFinished = true
			c.state = "closing"
			c.closing = c.closing || c.echo
		default:
			c.end("closed", err.Error())
		}
	}
}

// flush sends what can be sent, and then the end if it is due.
func (c *connection) flush() {
	if c.endpoint == nil || c.state == "connecting" {
		return
	}
	for len(c.outgoing) > 0 {
		sent, err := c.endpoint.write(c.outgoing)
		if err != nil {
			if err != errWait {
				c.end("closed", err.Error())
			}
			return
		}
		c.outgoing = c.outgoing[sent:]
	}
	switch {
	case !c.closing:
	case c.peerFinished:
		c.end("closed", "")
	case c.state == "established":
		c.state = "closing"
		if err := c.endpoint.finish(); err != nil {
			c.end("closed", err.Error())
		}
	}
}

func (c *connection) send(octets []byte) error {
	if c.endpoint == nil || c.closing {
		return errors.New("the connection is " + c.state)
	}
	c.outgoing = append(c.outgoing, octets...)
	c.flush()
	return nil
}

func (c *connection) close() {
	if c.endpoint == nil {
		return
	}
	c.closing = true
	if c.state == "connecting" {
		c.end("closed", "")
		return
	}
	c.flush()
}

func (c *connection) abort() {
	if c.endpoint == nil {
		return
	}
	c.endpoint.abort()
	c.end("closed", "aborted")
}

// end gives the endpoint back to the stack, which finishes an orderly close by itself.
func (c *connection) end(state, why string) {
	c.endpoint.close()
	c.endpoint = nil
	c.state, c.why = state, why
	delete(c.host.living, c)
	if c.peer != "" {
		c.host.over[c.peer]++
	}
}
