//go:build gvisor

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/fdbased"
	"gvisor.dev/gvisor/pkg/tcpip/network/arp"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	netstack "gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/icmp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"
)

const (
	implementation = "gVisor netstack"
	nic            = 1
	mtu            = 1500
	backlog        = 4096
)

type gvisor struct{ network *netstack.Stack }

// openStack makes a stack that owns the device. It has the settings that gVisor's own runtime gives it: SACK, and a receive
// buffer that grows.
func openStack(device string, mac net.HardwareAddr, addresses []net.IP) (stack, error) {
	link, err := openLink(device, mac)
	if err != nil {
		return nil, err
	}
	network := netstack.New(netstack.Options{
		NetworkProtocols:   []netstack.NetworkProtocolFactory{ipv4.NewProtocol, ipv6.NewProtocol, arp.NewProtocol},
		TransportProtocols: []netstack.TransportProtocolFactory{tcp.NewProtocol, icmp.NewProtocol4, icmp.NewProtocol6},
	})
	sack := tcpip.TCPSACKEnabled(true)
	moderate := tcpip.TCPModerateReceiveBufferOption(true)
	for _, option := range []tcpip.SettableTransportProtocolOption{&sack, &moderate} {
		if err := network.SetTransportProtocolOption(tcp.ProtocolNumber, option); err != nil {
			return nil, fmt.Errorf("a setting of TCP: %s", err)
		}
	}
	if err := network.CreateNIC(nic, link); err != nil {
		return nil, fmt.Errorf("%s: %s", device, err)
	}
	for _, each := range addresses {
		address, protocol := octetsOf(each)
		own := tcpip.ProtocolAddress{Protocol: protocol, AddressWithPrefix: address.WithPrefix()}
		if err := network.AddProtocolAddress(nic, own, netstack.AddressProperties{}); err != nil {
			return nil, fmt.Errorf("%s: %s", each, err)
		}
	}
	network.SetRouteTable([]tcpip.Route{
		{Destination: header.IPv4EmptySubnet, NIC: nic},
		{Destination: header.IPv6EmptySubnet, NIC: nic},
	})
	return gvisor{network}, nil
}

// openLink takes the frames of the device with a packet socket (packet(7)).
func openLink(device string, mac net.HardwareAddr) (netstack.LinkEndpoint, error) {
	found, err := net.InterfaceByName(device)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", device, err)
	}
	const everyProtocol = (syscall.ETH_P_ALL<<8 | syscall.ETH_P_ALL>>8) & 0xffff
	fd, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, everyProtocol)
	if err != nil {
		return nil, fmt.Errorf("a packet socket: %w", err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrLinklayer{Protocol: everyProtocol, Ifindex: found.Index}); err != nil {
		return nil, fmt.Errorf("%s: %w", device, err)
	}
	return fdbased.New(&fdbased.Options{FDs: []int{fd}, MTU: mtu, EthernetHeader: true, Address: tcpip.LinkAddress(mac)})
}

// octetsOf gives the octets of an address, 4 or 16, and the protocol that they belong to.
func octetsOf(address net.IP) (tcpip.Address, tcpip.NetworkProtocolNumber) {
	if isIPv4(address) {
		return tcpip.Address(address.To4()), ipv4.ProtocolNumber
	}
	return tcpip.Address(address.To16()), ipv6.ProtocolNumber
}

// watch has news called after every event of the queue.
func watch(queue *waiter.Queue, news func()) {
	const everything = waiter.EventIn | waiter.EventOut | waiter.EventErr | waiter.EventHUp
	entry := waiter.NewFunctionEntry(everything, func(waiter.EventMask) { news() })
	queue.EventRegister(&entry)
}

// A listener for each IP version.
type gvisorListeners []*gvisorListener

type gvisorListener struct {
	endpoint tcpip.Endpoint
	queue    waiter.Queue
}

func (g gvisor) listen(port uint16) (listening, error) {
	var both gvisorListeners
	for _, protocol := range []tcpip.NetworkProtocolNumber{ipv4.ProtocolNumber, ipv6.ProtocolNumber} {
		l := &gvisorListener{}
		made, err := g.network.NewEndpoint(tcp.ProtocolNumber, protocol, &l.queue)
		if err != nil {
			return nil, reason(err)
		}
		made.SocketOptions().SetV6Only(true)
		if err := made.Bind(tcpip.FullAddress{Port: port}); err != nil {
			return nil, reason(err)
		}
		if err := made.Listen(backlog); err != nil {
			return nil, reason(err)
		}
		l.endpoint = made
		both = append(both, l)
	}
	return both, nil
}

func (both gvisorListeners) watch(news func()) {
	for _, each := range both {
		watch(&each.queue, news)
	}
}

func (both gvisorListeners) accept() (acceptance, net.IP, error) {
	for _, each := range both {
		var from tcpip.FullAddress
		made, queue, err := each.endpoint.Accept(&from)
		if err != nil {
			continue
		}
		take := func(news func()) endpoint {
			watch(queue, news)
			return gvisorEndpoint{made}
		}
		return take, net.IP(from.Addr), nil
	}
	return nil, nil, errWait
}

func (g gvisor) connect(own, to net.IP, port uint16, news func()) (endpoint, error) {
	var queue waiter.Queue
	from, protocol := octetsOf(own)
	target, _ := octetsOf(to)
	made, err := g.network.NewEndpoint(tcp.ProtocolNumber, protocol, &queue)
	if err != nil {
		return nil, reason(err)
	}
	watch(&queue, news)
	if err = made.Bind(tcpip.FullAddress{NIC: nic, Addr: from}); err == nil {
		err = made.Connect(tcpip.FullAddress{NIC: nic, Addr: target, Port: port})
	}
	if _, started := err.(*tcpip.ErrConnectStarted); err != nil && !started {
		made.Close()
		return nil, reason(err)
	}
	return gvisorEndpoint{made}, nil
}

type gvisorEndpoint struct{ of tcpip.Endpoint }

func (e gvisorEndpoint) connected() error {
	switch tcp.EndpointState(e.of.State()) {
	case tcp.StateInitial, tcp.StateBound, tcp.StateConnecting, tcp.StateSynSent, tcp.StateSynRecv:
		return errWait
	case tcp.StateError, tcp.StateClose:
		if err := e.of.LastError(); err != nil {
			return reason(err)
		}
		return errReset
	}
	return nil
}

func (e gvisorEndpoint) read() ([]byte, error) {
	var octets bytes.Buffer
	_, err := e.of.Read(&octets, tcpip.ReadOptions{})
	return octets.Bytes(), reason(err)
}

func (e gvisorEndpoint) write(octets []byte) (int, error) {
	sent, err := e.of.Write(bytes.NewReader(octets), tcpip.WriteOptions{})
	return int(sent), reason(err)
}

func (e gvisorEndpoint) finish() error { return reason(e.of.Shutdown(tcpip.ShutdownWrite)) }
func (e gvisorEndpoint) close()        { e.of.Close() }
func (e gvisorEndpoint) abort()        { e.of.Abort() }

func reason(err tcpip.Error) error {
	switch err.(type) {
	case nil:
		return nil
	case *tcpip.ErrWouldBlock:
		return errWait
	case *tcpip.ErrClosedForReceive:
		return io.EOF
	case *tcpip.ErrConnectionRefused:
		return errRefused
	case *tcpip.ErrTimeout:
		return errTimeout
	case *tcpip.ErrConnectionReset, *tcpip.ErrClosedForSend:
		return errReset
	}
	return errors.New(err.String())
}
