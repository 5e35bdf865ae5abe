package main

import "sync"

// Something that may have news of the stack: a listener, or a connection.
type source interface{ serve() }

// The news of the stack. It tells them from threads of its own, which only note whom they concern.
type news struct {
	arrived chan struct{}
	lock    sync.Mutex
	noted   map[source]bool
}

func newNews() *news {
	return &news{arrived: make(chan struct{}, 1), noted: map[source]bool{}}
}

func (n *news) note(of source) {
	n.lock.Lock()
	n.noted[of] = true
	n.lock.Unlock()
	select {
	case n.arrived <- struct{}{}:
	default:
	}
}

// serve lets each source that has news act on them.
func (n *news) serve() {
	n.lock.Lock()
	noted := n.noted
	n.noted = map[source]bool{}
	n.lock.Unlock()
	for of := range noted {
		of.serve()
	}
}
