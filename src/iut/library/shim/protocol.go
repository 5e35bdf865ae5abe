package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

type request struct {
	ID         int             `json:"id"`
	Verb       string          `json:"verb"`
	Connection string          `json:"connection"`
	Port       uint16          `json:"port"`
	Service    string          `json:"service"`
	Octets     string          `json:"octets"`
	From       []string        `json:"from"`
	Profile    string          `json:"profile"`
	Paths      json.RawMessage `json:"paths"` // numbers for connect, addresses for configure
	To         struct {
		Address string `json:"address"`
		Port    uint16 `json:"port"`
	} `json:"to"`
}

type result map[string]interface{}

type answer struct {
	ID     int    `json:"id"`
	Answer string `json:"answer"`
	Result result `json:"result,omitempty"`
	Why    string `json:"why,omitempty"`
}

var errUnsupported = errors.New("unsupported")

var verbs = map[string]func(*host, request) (result, error){
	"configure": configure,
	"listen":    listen,
	"connect":   connect,
	"send":      onConnection(send),
	"close":     onConnection(func(c *connection, _ request) (result, error) { c.close(); return nil, nil }),
	"abort":     onConnection(func(c *connection, _ request) (result, error) { c.abort(); return nil, nil }),
	"info":      onConnection(info),
	"accepted":  accepted,
	"health":    func(*host, request) (result, error) { return nil, nil },
	"reset":     func(h *host, _ request) (result, error) { h.reset(); return nil, nil },
}

// answerTo does what a line asks for and gives the line that answers it.
func answerTo(h *host, line []byte) []byte {
	var asked request
	reply := answer{Answer: "ok"}
	if err := json.Unmarshal(line, &asked); err != nil {
		reply.Answer, reply.Why = "failed", err.Error()
	} else {
		reply.ID = asked.ID
		given, err := perform(h, asked)
		switch {
		case err == errUnsupported:
			reply.Answer = "unsupported"
		case err != nil:
			reply.Answer, reply.Why = "failed", err.Error()
		default:
			reply.Result = given
		}
	}
	octets, err := json.Marshal(reply)
	if err != nil {
		panic(err)
	}
	return append(octets, '\n')
}

func perform(h *host, asked request) (result, error) {
	if asked.Verb == "hello" {
		return hello(), nil
	}
	verb, known := verbs[asked.Verb]
	if !known {
		return nil, errUnsupported
	}
	return verb(h, asked)
}

func hello() result {
	known := []string{"hello"}
	for verb := range verbs {
		known = append(known, verb)
	}
	return result{"protocol": "robe-ctl/1", "implementation": implementation, "version": version, "verbs": known}
}

func configure(h *host, asked request) (result, error) {
	var paths []struct {
		Path    int               `json:"path"`
		Address map[string]string `json:"address"`
	}
	if err := json.Unmarshal(asked.Paths, &paths); err != nil {
		return nil, err
	}
	h.paths = map[int]map[string]string{}
	for _, each := range paths {
		h.paths[each.Path] = each.Address
	}
	return nil, nil
}

func listen(h *host, asked request) (result, error) {
	return nil, h.listen(asked.Port, asked.Service == "echo")
}

func connect(h *host, asked request) (result, error) {
	var paths []int
	if err := json.Unmarshal(asked.Paths, &paths); err != nil {
		return nil, err
	}
	if len(paths) != 1 || (asked.Profile != "" && asked.Profile != "tcp") {
		return nil, errUnsupported
	}
	return nil, h.connect(asked.Connection, paths[0], asked.To.Address, asked.To.Port)
}

func send(c *connection, asked request) (result, error) {
	octets, err := hex.DecodeString(asked.Octets)
	if err != nil {
		return nil, err
	}
	return nil, c.send(octets)
}

func info(c *connection, _ request) (result, error) {
	subflows := 1
	if c.state == "connecting" {
		subflows = 0
	}
	told := result{"state": c.state, "mptcp": false, "subflows": subflows, "received": c.received}
	if c.why != "" {
		told["why"] = c.why
	}
	return told, nil
}

func accepted(h *host, asked request) (result, error) {
	count, closed := 0, 0
	for _, from := range asked.From {
		count += h.accepted[from]
		closed += h.over[from]
	}
	return result{"count": count, "closed": closed}, nil
}

func onConnection(act func(*connection, request) (result, error)) func(*host, request) (result, error) {
	return func(h *host, asked request) (result, error) {
		found := h.opened[asked.Connection]
		if from := strings.TrimPrefix(asked.Connection, "accepted:"); from != asked.Connection {
			found = h.latest[from]
		}
		if found == nil {
			return nil, fmt.Errorf("no connection %s", asked.Connection)
		}
		return act(found, asked)
	}
}
