/**
 * The aggregation point (HAAP, paper section 1): terminates RobE and continues each connection as ordinary TCP of this
 * machine's kernel. The target is one for all, or named by the client in SOCKS 5 (RFC 1928) inside the RobE connection.
 *
 * | the target                          | fixed      | by SOCKS                                        |
 * |-------------------------------------|------------|-------------------------------------------------|
 * | takes the connection                | joined     | reply 0, joined                                 |
 * | refuses, is not there, is forbidden | reset      | reply 5, 4 or 3, or 2, and the end of the stream |
 */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { type Allowance, isAllowed } from './allowance.js';
import { relay } from './relay.js';
import type { Accept } from './robe-streams.js';
import { SocksDialogue, SocksReply, type SocksTarget, socksReply } from './socks5.js';
import { type DetachableStream, forget, unheard } from './stream.js';
import { TcpStream } from './tcp-stream.js';

export interface AggregationSetup {
  /** The target of every connection; absent: the target that its client names by SOCKS, if that is allowed. */
  readonly target?: SocksTarget;
  readonly allowed: readonly Allowance[];
  /** One line with the outcome of each connection. */
  readonly log: (line: string) => void;
  /** The addresses of a name; absent: those of this machine's resolver. */
  readonly resolve?: (name: string) => Promise<readonly LookupAddress[]>;
}

export interface AggregationPoint {
  readonly accept: Accept;
  /** Closes the connections to targets. */
  close(): void;
}

export const openAggregationPoint = (setup: AggregationSetup): AggregationPoint => {
  const sockets = new Set<Socket>();
  const serve = { ...setup, sockets };
  return {
    accept: (stream, peer) => {
      if (setup.target === undefined) askForTarget(serve, stream, peer);
      else void carryOn(serve, { stream, peer, target: setup.target, reply: undefined });
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
};

interface Serving extends AggregationSetup {
  readonly sockets: Set<Socket>;
}

/** The SOCKS dialogue at the head of a stream. */
const askForTarget = (serving: Serving, stream: DetachableStream, peer: string): void => {
  const dialogue = new SocksDialogue();
  stream.attach({
    ...unheard,
    data: (octets) => {
      const step = dialogue.take(octets);
      // Only octets for the target remain unread.
      stream.consume(octets.length - (step.step === 'connect' ? step.rest.length : 0));
      if (step.answer.length > 0) stream.write(step.answer);
      switch (step.step) {
        case 'wait':
          return;
        case 'refuse':
          serving.log(`${peer}: ${step.why}`);
          forget(stream);
          stream.end();
          return;
        case 'connect':
          stream.detach(step.rest);
          void carryOn(serving, { stream, peer, target: step.target, reply: socksReply });
          return;
      }
    },
    ended: () => stream.end(),
  });
};

interface Passage {
  readonly stream: DetachableStream;
  readonly peer: string;
  readonly target: SocksTarget;
  /** The reply to the client; absent: a reset. */
  readonly reply: ((reply: number) => Uint8Array) | undefined;
}

/** Connects to the target and joins the two streams; until then the client's octets wait, at most one receive window. */
const carryOn = async (serving: Serving, { stream, peer, target, reply }: Passage): Promise<void> => {
  const where = `${peer} -> ${target.host}:${target.port}`;
  const refuse = (why: string, code: number): void => {
    serving.log(`${where}: ${why}`);
    forget(stream);
    if (reply === undefined) stream.reset();
    else {
      stream.write(reply(code));
      stream.end();
    }
  };
  const found = await addressesOf(serving, target.host);
  if (found.length === 0) {
    refuse('there is no host of that name', SocksReply.hostUnreachable);
    return;
  }
  const isFixed = serving.target !== undefined;
  const addresses = found.filter(({ address }) => isFixed || isAllowed(serving.allowed, { ...target, address }));
  if (addresses.length === 0) {
    refuse('not allowed', SocksReply.notAllowed);
    return;
  }
  const socket = connect({
    ...target,
    allowHalfOpen: true,
    // A name may stand for several addresses, of which not all answer.
    autoSelectFamily: true,
    lookup: (_name, _options, tell) => tell(null, [...addresses]),
  });
  serving.sockets.add(socket);
  const fail = (error: NodeJS.ErrnoException): void => refuse(error.message || `${error.code}`, replyTo(error.code));
  socket.once('error', fail);
  socket.once('close', () => serving.sockets.delete(socket));
  socket.once('connect', () => {
    socket.off('error', fail);
    serving.log(`${where}: connected`);
    if (reply !== undefined) stream.write(reply(SocksReply.succeeded));
    relay(stream, new TcpStream(socket), (how) => serving.log(`${where}: ${how}`));
  });
};

/** None if there is no such name, or no resolver. */
const addressesOf = async (
  { resolve = (host) => lookup(host, { all: true }) }: AggregationSetup,
  name: string,
): Promise<readonly LookupAddress[]> => {
  try {
    return await resolve(name);
  } catch {
    return [];
  }
};

const replyTo = (code: string | undefined): number => {
  switch (code) {
    case 'ECONNREFUSED':
      return SocksReply.refused;
    case 'ENETUNREACH':
      return SocksReply.networkUnreachable;
    case 'EHOSTUNREACH':
    case 'ETIMEDOUT':
      return SocksReply.hostUnreachable;
    default:
      return SocksReply.failure;
  }
};
