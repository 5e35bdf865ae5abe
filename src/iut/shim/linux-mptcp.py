#!/usr/bin/env python3
"""The Linux kernel's own MPTCP as an implementation under test: a robe-ctl/1 shim.

Speaks JSON lines over stdin and stdout as src/iut/control/messages.ts defines them, and does what it is told with
IPPROTO_MPTCP sockets. One thread, one selector, hundreds of connections. Standard library only; Linux 5.16 or newer.

A connection that may use more than one path is created under the kernel's user-space path manager: once the kernel
says that it is fully established, this shim asks for a subflow from each further address. One with a single path
stays under the kernel's own path manager and never grows, so that connections do not meddle with one another.
"""

import errno
import json
import os
import platform
import selectors
import socket
import struct
import sys
from functools import partial

IPPROTO_MPTCP = 262
SOL_MPTCP = 284
MPTCP_INFO = 1
INFO_FLAG_FALLBACK = 1
BACKLOG = 4096
CHUNK = 65536
PROTOCOL = "robe-ctl/1"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
BLACKHOLE_TIMEOUT = "/proc/sys/net/mptcp/blackhole_timeout"
PATH_MANAGER = "/proc/sys/net/mptcp/pm_type"


class Unsupported(Exception):
    """The verb, or what it asks for, is beyond this shim."""


class Failed(Exception):
    """The verb was tried and did not work; the message says why."""


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


class PathManagerLink:
    """Generic netlink to the kernel's MPTCP path manager: events in, subflow requests out (linux/mptcp_pm.h)."""

    GENERIC, CONTROL_FAMILY, GET_FAMILY = 16, 16, 3
    REQUEST, ACK = 1, 4
    FAMILY_ID, FAMILY_NAME, GROUPS, GROUP_NAME, GROUP_ID = 1, 2, 7, 1, 2
    SET_FLAGS, ANNOUNCE, REMOVE, SUBFLOW_CREATE = 7, 8, 9, 10
    ATTR_ADDR, ATTR_TOKEN, ATTR_LOC_ID, ATTR_ADDR_REMOTE = 1, 4, 5, 6
    FLAG_SIGNAL, FLAG_BACKUP = 1, 4
    ADDR_FAMILY, ADDR_ID, ADDR_4, ADDR_6, ADDR_PORT, ADDR_FLAGS = 1, 2, 3, 4, 5, 6
    EVENT_ESTABLISHED, EVENT_TOKEN, EVENT_FLAGS = 2, 1, 13
    FLAG_DENY_JOIN_ID0 = 1
    NESTED = 0x8000
    ADD_MEMBERSHIP, SOL_NETLINK = 1, 270

    def __init__(self):
        self.sequence = 0
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, self.GENERIC)
        self.socket.bind((0, 0))
        name = self._attribute(self.FAMILY_NAME, b"mptcp_pm\0")
        self._send(self.CONTROL_FAMILY, self.GET_FAMILY, name, self.REQUEST)
        attributes = dict(self._attributes(self.socket.recv(CHUNK)[20:]))
        self.family = struct.unpack("=H", attributes[self.FAMILY_ID][:2])[0]
        for _, group in self._attributes(attributes[self.GROUPS]):
            members = dict(self._attributes(group))
            if members[self.GROUP_NAME].rstrip(b"\0") == b"mptcp_pm_events":
                number = struct.unpack("=I", members[self.GROUP_ID])[0]
                self.socket.setsockopt(self.SOL_NETLINK, self.ADD_MEMBERSHIP, number)
        self.socket.setblocking(False)

    def growable_tokens(self):
        """
        The tokens of connections that the kernel reports as fully established since the last call and that may grow: a
        user-space path manager has to heed the peer's C flag itself (RFC 8684 section 3.1).
        """
        tokens = []
        while True:
            try:
                message = self.socket.recv(CHUNK)
            except BlockingIOError:
                return tokens
            except OSError as error:
                if error.errno == errno.ENOBUFS:
                    continue
                raise
            while len(message) >= 20:
                length, kind = struct.unpack_from("=IH", message)
                if kind == self.family and message[16] == self.EVENT_ESTABLISHED:
                    attributes = dict(self._attributes(message[20:length]))
                    flags = struct.unpack("=H", attributes.get(self.EVENT_FLAGS, b"\0\0")[:2])[0]
                    if self.EVENT_TOKEN in attributes and not flags & self.FLAG_DENY_JOIN_ID0:
                        tokens.append(struct.unpack("=I", attributes[self.EVENT_TOKEN][:4])[0])
                message = message[(length + 3) & ~3 :] if length >= 16 else b""

    def create_subflow(self, token, identifier, source, target):
        local = self._attribute(self.ADDR_FAMILY, struct.pack("=H", family_of(source)))
        local += self._attribute(self.ADDR_ID, bytes([identifier]))
        local += self._address(source)
        remote = self._attribute(self.ADDR_FAMILY, struct.pack("=H", family_of(target[0])))
        remote += self._address(target[0])
        remote += self._attribute(self.ADDR_PORT, struct.pack("=H", target[1]))
        self._send(
            self.family,
            self.SUBFLOW_CREATE,
            self._attribute(self.ATTR_ADDR | self.NESTED, local)
            + self._attribute(self.ATTR_TOKEN, struct.pack("=I", token))
            + self._attribute(self.ATTR_ADDR_REMOTE | self.NESTED, remote),
            self.REQUEST,
        )

    def announce(self, token, identifier, address, port):
        local = self._local(address, self.FLAG_SIGNAL) + self._attribute(self.ADDR_ID, bytes([identifier]))
        if port is not None:
            local += self._attribute(self.ADDR_PORT, struct.pack("=H", port))
        self._ask(self.ANNOUNCE, token, self._attribute(self.ATTR_ADDR | self.NESTED, local))

    def remove(self, token, identifier):
        self._ask(self.REMOVE, token, self._attribute(self.ATTR_LOC_ID, bytes([identifier])))

    def prioritise(self, token, address, target, backup):
        local = self._local(address, self.FLAG_BACKUP if backup else 0)
        remote = self._attribute(self.ADDR_FAMILY, struct.pack("=H", family_of(target[0]))) + self._address(target[0])
        attributes = self._attribute(self.ATTR_ADDR | self.NESTED, local)
        self._ask(self.SET_FLAGS, token, attributes + self._attribute(self.ATTR_ADDR_REMOTE | self.NESTED, remote))

    def _local(self, address, flags):
        family = self._attribute(self.ADDR_FAMILY, struct.pack("=H", family_of(address)))
        return family + self._address(address) + self._attribute(self.ADDR_FLAGS, struct.pack("=I", flags))

    def _ask(self, command, token, attributes):
        self._send(self.family, command, attributes + self._attribute(self.ATTR_TOKEN, struct.pack("=I", token)), self.REQUEST)

    def _address(self, address):
        family = family_of(address)
        kind = self.ADDR_6 if family == socket.AF_INET6 else self.ADDR_4
        return self._attribute(kind, socket.inet_pton(family, address))

    @staticmethod
    def _attribute(kind, value):
        return struct.pack("=HH", len(value) + 4, kind) + value + b"\0" * (-len(value) % 4)

    def _attributes(self, octets):
        while len(octets) >= 4:
            length, kind = struct.unpack_from("=HH", octets)
            if length < 4:
                return
            yield kind & 0x3FFF, octets[4:length]
            octets = octets[(length + 3) & ~3 :]

    def _send(self, family, command, attributes, flags):
        self.sequence += 1
        body = struct.pack("=BBH", command, 1, 0) + attributes
        self.socket.send(struct.pack("=IHHII", len(body) + 16, family, flags, self.sequence, 0) + body)


class Connection:
    """One socket, connected or accepted, with what is still to be sent over it."""

    def __init__(self, sock, state, echo=False, peer=None):
        self.socket = sock
        self.state = state
        self.echo = echo
        self.outgoing = bytearray()
        self.received = 0
        self.why = None
        self.token = None
        self.was_mptcp = False
        self.subflows = 0
        self.closing = False
        self.peer_finished = False
        self.peer = peer
        self.further = ()
        self.managed = False
        self.target = None


class Shim:
    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.paths = {}
        self.listeners = {}
        self.connections = {}
        self.latest_accepted = {}
        self.accepted_from = {}
        self.closed_from = {}
        self.open_accepted = set()
        self.established = set()
        self.commands = bytearray()
        self.answers = bytearray()
        self.running = True
        self.manager = None
        os.set_blocking(0, False)
        self.selector.register(0, selectors.EVENT_READ, self.read_commands)

    def run(self):
        while self.running:
            for key, events in self.selector.select():
                key.data(events)
            self.write_answers()

    # ---- the channel

    def read_commands(self, _events):
        try:
            octets = os.read(0, CHUNK)
        except BlockingIOError:
            return
        if not octets:
            self.reset({})
            self.running = False
            return
        self.commands += octets
        *lines, rest = self.commands.split(b"\n")
        self.commands = bytearray(rest)
        for line in lines:
            if line:
                self.answer(line)

    def answer(self, line):
        request = json.loads(line)
        reply = {"id": request["id"]}
        verb = getattr(self, "verb_" + str(request.get("verb")).replace("-", "_"), None)
        try:
            if verb is None:
                raise Unsupported
            result = verb(request)
            reply["answer"] = "ok"
            if result is not None:
                reply["result"] = result
        except Unsupported:
            reply["answer"] = "unsupported"
        except Failed as failure:
            reply.update(answer="failed", why=str(failure))
        except OSError as error:
            reply.update(answer="failed", why=f"{error.strerror or error}")
        except (KeyError, TypeError, ValueError) as error:
            reply.update(answer="failed", why=f"bad request: {type(error).__name__} {error}")
        self.answers += json.dumps(reply, separators=(",", ":")).encode() + b"\n"

    def write_answers(self):
        while self.answers:
            written = os.write(1, self.answers)
            del self.answers[:written]

    # ---- verbs

    def verb_hello(self, _request):
        verbs = sorted(name[5:] for name in dir(self) if name.startswith("verb_"))
        greeting = {"protocol": PROTOCOL, "implementation": "linux-mptcp", "version": platform.release(), "verbs": verbs}
        try:
            with open(BLACKHOLE_TIMEOUT, encoding="ascii") as setting:
                greeting["blackhole_timeout"] = int(setting.read())
        except (OSError, ValueError):
            pass
        return greeting

    def verb_configure(self, request):
        self.paths = {entry["path"]: entry["address"] for entry in request["paths"]}

    def verb_listen(self, request):
        port, echo = request["port"], request["service"] == "echo"
        for family in (socket.AF_INET, socket.AF_INET6):
            if (family, port) in self.listeners:
                continue
            listener = socket.socket(family, socket.SOCK_STREAM, IPPROTO_MPTCP)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind(("", port))
            listener.listen(BACKLOG)
            listener.setblocking(False)
            self.listeners[(family, port)] = listener
            self.selector.register(listener, selectors.EVENT_READ, partial(self.accept, listener, echo))

    def verb_connect(self, request):
        name, target = request["connection"], request["to"]
        if name in self.connections:
            raise Failed(f"connection {name} exists")
        profile = request.get("profile", "mptcp")
        if request.get("version", 1) != 1 or profile not in ("mptcp", "tcp"):
            raise Unsupported
        family = family_of(target["address"])
        version = "6" if family == socket.AF_INET6 else "4"
        sources = []
        for path in request["paths"]:
            if version not in self.paths.get(path, {}):
                raise Failed(f"path {path} has no IPv{version} address")
            sources.append(self.paths[path][version])
        several = len(sources) > 1 and profile == "mptcp"
        sock = self.open_socket(family, profile, several)
        sock.setblocking(False)
        sock.bind((sources[0], 0))
        connection = Connection(sock, "connecting")
        connection.target = (target["address"], target["port"])
        if several:
            connection.managed = True
            connection.further = tuple(zip(request["paths"][1:], sources[1:]))
        code = sock.connect_ex(connection.target)
        if code not in (0, errno.EINPROGRESS):
            sock.close()
            raise Failed(os.strerror(code))
        self.connections[name] = connection
        self.watch(connection)

    def verb_send(self, request):
        connection = self.find(request)
        if connection.socket is None or connection.closing:
            raise Failed(f"the connection is {connection.state}")
        connection.outgoing += bytes.fromhex(request["octets"])
        if connection.state == "established":
            self.flush(connection)

    def verb_close(self, request):
        connection = self.find(request)
        if connection.socket is None:
            return
        connection.closing = True
        if connection.state == "connecting":
            self.drop(connection, "closed", None)
        else:
            self.flush(connection)

    def verb_abort(self, request):
        connection = self.find(request)
        if connection.socket is not None:
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.drop(connection, "closed", "aborted")

    def verb_announce(self, request):
        connection, identifier = self.managed_connection(request)
        port = request.get("port")
        # To the kernel an address with a port is another one than without, and needs an id of its own.
        self.manager.announce(connection.token, identifier if port is None else identifier + 64, request["address"], port)

    def verb_withdraw(self, request):
        connection, identifier = self.managed_connection(request)
        self.manager.remove(connection.token, identifier)

    def verb_prioritise(self, request):
        connection, _identifier = self.managed_connection(request)
        self.manager.prioritise(connection.token, request["address"], connection.target, request["backup"])

    def verb_info(self, request):
        connection = self.find(request)
        self.look(connection)
        info = {
            "state": connection.state,
            "mptcp": connection.was_mptcp,
            "subflows": connection.subflows,
            "received": connection.received,
        }
        if connection.why is not None:
            info["why"] = connection.why
        return info

    def verb_accepted(self, request):
        return {
            "count": sum(self.accepted_from.get(address, 0) for address in request["from"]),
            "closed": sum(self.closed_from.get(address, 0) for address in request["from"]),
        }

    def verb_health(self, _request):
        return None

    def verb_reset(self, request):
        self.reset(request)

    # ---- sockets

    def managed_connection(self, request):
        """A connection under the user-space path manager, and the Address ID of the address: the number of its path."""
        connection = self.find(request)
        if not connection.managed:
            raise Unsupported
        self.look(connection)
        identifiers = [path for path, addresses in self.paths.items() if request["address"] in addresses.values()]
        if not identifiers:
            raise Failed(f"{request['address']} is the address of no path")
        if connection.token is None or not connection.was_mptcp:
            raise Failed("the connection is not MPTCP")
        return connection, identifiers[0]

    def open_socket(self, family, profile, several):
        if profile == "tcp":
            return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if not several:
            return socket.socket(family, socket.SOCK_STREAM, IPPROTO_MPTCP)
        if self.manager is None:
            self.manager = PathManagerLink()
            self.selector.register(self.manager.socket, selectors.EVENT_READ, self.hear)
        with open(PATH_MANAGER, "r+", encoding="ascii") as setting:
            before = setting.read().strip()
            try:
                self.set_path_manager(setting, "1")
                return socket.socket(family, socket.SOCK_STREAM, IPPROTO_MPTCP)
            finally:
                self.set_path_manager(setting, before)

    @staticmethod
    def set_path_manager(setting, value):
        setting.seek(0)
        setting.write(value)
        setting.flush()

    def hear(self, _events):
        """The kernel tells which connections are established; that of one whose connect is not noticed yet is kept."""
        self.established.update(self.manager.growable_tokens())
        for connection in [c for c in self.connections.values() if c.further and c.socket is not None]:
            self.grow(connection)

    def grow(self, connection):
        if connection.token is None:
            self.look(connection)
        if connection.token not in self.established:
            return
        self.established.discard(connection.token)
        for path, source in connection.further:
            self.manager.create_subflow(connection.token, path, source, connection.target)
        connection.further = ()

    def accept(self, listener, echo, _events):
        while True:
            try:
                sock, peer = listener.accept()
            except BlockingIOError:
                return
            except OSError:
                return
            sock.setblocking(False)
            address = peer[0]
            connection = Connection(sock, "established", echo, address)
            self.open_accepted.add(connection)
            self.accepted_from[address] = self.accepted_from.get(address, 0) + 1
            self.latest_accepted[address] = connection
            self.look(connection)
            self.watch(connection)

    def find(self, request):
        name = request["connection"]
        if name.startswith("accepted:"):
            connection = self.latest_accepted.get(name[len("accepted:") :])
        else:
            connection = self.connections.get(name)
        if connection is None:
            raise Failed(f"no connection {name}")
        return connection

    def watch(self, connection):
        """Registers for exactly what the connection waits for."""
        events = 0
        if connection.state == "connecting" or connection.outgoing:
            events |= selectors.EVENT_WRITE
        if connection.state != "connecting" and not connection.peer_finished:
            events |= selectors.EVENT_READ
        known = self.selector.get_map().get(connection.socket)
        if events == 0:
            if known is not None:
                self.selector.unregister(connection.socket)
        elif known is None:
            self.selector.register(connection.socket, events, partial(self.serve, connection))
        elif known.events != events:
            self.selector.modify(connection.socket, events, known.data)

    def serve(self, connection, happened):
        if connection.socket is None:
            return
        if connection.state == "connecting":
            code = connection.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code != 0:
                self.drop(connection, "failed", self.reason(code))
                return
            connection.state = "established"
            self.look(connection)
            if connection.further:
                self.grow(connection)
        if happened & selectors.EVENT_READ:
            self.read(connection)
        if connection.socket is not None:
            self.flush(connection)

    def read(self, connection):
        while True:
            try:
                octets = connection.socket.recv(CHUNK)
            except BlockingIOError:
                return
            except OSError as error:
                self.drop(connection, "closed", self.reason(error.errno))
                return
            if not octets:
                connection.peer_finished = True
                connection.state = "closing"
                if connection.echo:
                    connection.closing = True
                return
            connection.received += len(octets)
            if connection.echo:
                connection.outgoing += octets

    def flush(self, connection):
        while connection.outgoing and connection.state != "connecting":
            try:
                sent = connection.socket.send(connection.outgoing)
            except BlockingIOError:
                break
            except OSError as error:
                self.drop(connection, "closed", self.reason(error.errno))
                return
            del connection.outgoing[:sent]
        if connection.closing and not connection.outgoing:
            if connection.peer_finished:
                self.drop(connection, "closed", None)
                return
            if connection.state == "established":
                connection.state = "closing"
                try:
                    connection.socket.shutdown(socket.SHUT_WR)
                except OSError as error:
                    self.drop(connection, "closed", self.reason(error.errno))
                    return
        self.watch(connection)

    def look(self, connection):
        """Takes what MPTCP_INFO tells while the socket is there; a fallen-back or plain socket has none."""
        if connection.socket is None or connection.state == "connecting":
            return
        connection.subflows = 1
        try:
            info = connection.socket.getsockopt(SOL_MPTCP, MPTCP_INFO, 128)
        except OSError:
            connection.was_mptcp = False
            return
        flags, token = struct.unpack_from("=II", info, 8)
        connection.was_mptcp = not flags & INFO_FLAG_FALLBACK
        connection.token = token
        connection.subflows = info[0] + 1

    def drop(self, connection, state, why):
        if connection.socket is None:
            return
        self.look(connection)
        if self.selector.get_map().get(connection.socket) is not None:
            self.selector.unregister(connection.socket)
        connection.socket.close()
        connection.socket = None
        connection.state = state
        connection.why = why
        if connection.peer is not None:
            self.open_accepted.discard(connection)
            self.closed_from[connection.peer] = self.closed_from.get(connection.peer, 0) + 1

    @staticmethod
    def reason(code):
        names = {errno.ECONNREFUSED: "refused", errno.ETIMEDOUT: "timeout", errno.ECONNRESET: "reset", errno.EPIPE: "reset"}
        return names.get(code, os.strerror(code))

    def reset(self, _request):
        for connection in [*self.connections.values(), *self.open_accepted]:
            if connection.socket is not None:
                connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                self.drop(connection, "closed", "aborted")
        self.connections.clear()
        self.latest_accepted.clear()
        self.accepted_from.clear()
        self.closed_from.clear()


if __name__ == "__main__":
    try:
        Shim().run()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(0)
