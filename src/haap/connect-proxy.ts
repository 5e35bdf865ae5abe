/**
 * The client's side: TCP connections to a local port leave as RobE connections to an aggregation point. Their octets are
 * passed on unchanged; if the aggregation point supports SOCKS 5, so does the local port.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { ConnectTarget } from '../reference/contract.js';
import { relay } from './relay.js';
import type { RobeStreams } from './robe-streams.js';
import { forget } from './stream.js';
import { TcpStream } from './tcp-stream.js';

export interface ProxySetup {
  readonly streams: RobeStreams;
  readonly target: ConnectTarget;
  /** One line with the outcome of each connection. */
  readonly log: (line: string) => void;
}

/** The server is not listening yet. */
export const createConnectProxy = ({ streams, target, log }: ProxySetup): Server =>
  createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket: Socket) => {
    const who = `${socket.remoteAddress}:${socket.remotePort}`;
    const local = new TcpStream(socket);
    const giveUp = (): void => {
      forget(far);
      far.reset();
    };
    socket.once('error', giveUp);
    const far = streams.connect(target, {
      established: () => {
        socket.off('error', giveUp);
        if (socket.destroyed) {
          giveUp();
          return;
        }
        log(`${who}: connected`);
        relay(local, far, (how) => log(`${who}: ${how}`));
      },
      failed: (why) => {
        log(`${who}: no connection to the aggregation point: ${why}`);
        socket.off('error', giveUp);
        local.reset();
      },
    });
  });
