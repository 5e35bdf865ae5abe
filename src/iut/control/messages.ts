/**
 * `robe-ctl/1`: how a tester drives the application side of an implementation under test (control tier 2). This file is
 * the protocol's definition; a shim in any language follows it.
 *
 * Both directions carry JSON objects, one a line, UTF-8, ended by a line feed, at most 1 MiB each; over the shim's stdin
 * and stdout, or over a socket. Standard error is free text for people. The tester sends requests, the shim sends
 * exactly one answer for each, in any order; the `id` (a positive integer, never used twice) ties them together:
 *
 *     -> {"id":7,"verb":"info","connection":"c1"}
 *     <- {"id":7,"answer":"ok","result":{"state":"established","mptcp":true,"subflows":1,"received":5}}
 *     <- {"id":7,"answer":"unsupported"}            the shim does not know the verb, or cannot do this with it
 *     <- {"id":7,"answer":"failed","why":"no connection c1"}
 *
 * An unknown verb is answered `unsupported`, unknown members of a request are ignored. Every verb is asynchronous: it is
 * answered when the shim has done its own part, without waiting for the peer. So `connect` is answered when the attempt
 * has begun, `send` when the stack has the octets, `close` when the stack was called; the outcome shows in `info` and on
 * the wire. End of input means: reset everything and end.
 *
 * | verb      | members                                                | result on `ok`                                        |
 * |-----------|--------------------------------------------------------|-------------------------------------------------------|
 * | hello     | protocol                                               | protocol, implementation, version, verbs,             |
 * |           |                                                        | blackhole_timeout?                                    |
 * | configure | paths: what path numbers mean, as addresses            |                                                       |
 * | listen    | port, service; on all addresses, IPv4 and IPv6         |                                                       |
 * | connect   | connection, to, paths, version?, profile?              |                                                       |
 * | send      | connection, octets (hex)                               |                                                       |
 * | close     | connection: orderly end (FIN) of what is to be sent    |                                                       |
 * | abort     | connection: reset                                      |                                                       |
 * | announce  | connection, address, port?: ADD_ADDR                   |                                                       |
 * | withdraw  | connection, address: REMOVE_ADDR                       |                                                       |
 * | prioritise| connection, address, backup: MP_PRIO                   |                                                       |
 * | info      | connection                                             | state, mptcp, subflows, received, why?                |
 * | accepted  | from: tester addresses                                 | count, closed: over all of them since reset           |
 * | health    |                                                        |                                                       |
 * | reset     | forget all connections (resetting them), keep listening|                                                       |
 * | isolate   | peers: tester addresses                                |                                                       |
 *
 * `hello` comes first and once. `connection` names what a `connect` made, or `accepted:<address>`: the connection that
 * was last accepted from that tester address. A connect that cannot even begin is `failed`. `version` and `profile` ask
 * for a way of establishment; a shim that cannot choose answers `unsupported` unless it is what it does anyway.
 * `announce`, `withdraw` and `prioritise`: signals an address of this host to the peer; an address that no flow uses can
 * be announced as well.
 * `info`: state is `connecting`, `established`, `closing`, `closed` or `failed`; mptcp what the connection is now;
 * subflows counts all, the first included; received the octets that the application was given; why it failed or closed,
 * e.g. `refused`, `timeout`, `reset`.
 * `isolate`: from now on these peers get a host in its state after a start, with the same addresses and listeners: it
 * uses no state of other peers, and others use none of theirs. Few shims can; `reset` does the same for all peers.
 * A listener's service is `echo` (send back what came, close when the peer closes) or `discard` (the same, saying nothing).
 */
import { z } from 'zod';
import { controlVerbs } from '../../suite/language/step.js';

export const controlProtocol = 'robe-ctl/1';

/** Longest line either side may send, in octets. */
export const longestLine = 1 << 20;

const port = z.int().min(1).max(65535);
const hex = z.string().regex(/^(?:[0-9a-f]{2})*$/, 'octets as lower-case hex');
const perIpVersion = z.object({ 4: z.string().optional(), 6: z.string().optional() });

export const request = z.discriminatedUnion('verb', [
  z.object({ id: z.int().positive(), verb: z.literal('hello'), protocol: z.literal(controlProtocol) }),
  z.object({
    id: z.int().positive(),
    verb: z.literal('configure'),
    /** The implementation's own addresses on each path. */
    paths: z.array(z.object({ path: z.int().positive(), address: perIpVersion })),
  }),
  z.object({
    id: z.int().positive(),
    verb: z.literal('listen'),
    port,
    service: z.enum(['echo', 'discard']),
  }),
  z.object({
    id: z.int().positive(),
    verb: z.literal('connect'),
    connection: z.string().min(1),
    to: z.object({ address: z.string().min(1), port }),
    paths: z.array(z.int().positive()).min(1),
    version: z.union([z.literal(0), z.literal(1)]).optional(),
    profile: z.string().optional(),
  }),
  z.object({ id: z.int().positive(), verb: z.literal('send'), connection: z.string().min(1), octets: hex }),
  z.object({ id: z.int().positive(), verb: z.literal('close'), connection: z.string().min(1) }),
  z.object({ id: z.int().positive(), verb: z.literal('abort'), connection: z.string().min(1) }),
  z.object({
    id: z.int().positive(),
    verb: z.literal('announce'),
    connection: z.string().min(1),
    address: z.string().min(1),
    port: port.optional(),
  }),
  z.object({
    id: z.int().positive(),
    verb: z.literal('withdraw'),
    connection: z.string().min(1),
    address: z.string().min(1),
  }),
  z.object({
    id: z.int().positive(),
    verb: z.literal('prioritise'),
    connection: z.string().min(1),
    address: z.string().min(1),
    backup: z.boolean(),
  }),
  z.object({ id: z.int().positive(), verb: z.literal('info'), connection: z.string().min(1) }),
  z.object({ id: z.int().positive(), verb: z.literal('accepted'), from: z.array(z.string()) }),
  z.object({ id: z.int().positive(), verb: z.literal('health') }),
  z.object({ id: z.int().positive(), verb: z.literal('reset') }),
  z.object({ id: z.int().positive(), verb: z.literal('isolate'), peers: z.array(z.string()).min(1) }),
]);
export type Request = z.infer<typeof request>;
/** A request before its id is given. */
export type Call = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;
export type Verb = Request['verb'];

/** Every verb, in the order of the table above. */
export const verbs = [
  'hello',
  'configure',
  'listen',
  ...controlVerbs,
  'health',
  'reset',
  'isolate',
] as const satisfies readonly Verb[];

export const answer = z.discriminatedUnion('answer', [
  z.object({
    id: z.int().positive(),
    answer: z.literal('ok'),
    /** Absent if there is no result. */
    result: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])).optional(),
  }),
  z.object({ id: z.int().positive(), answer: z.literal('unsupported') }),
  z.object({ id: z.int().positive(), answer: z.literal('failed'), why: z.string() }),
]);
export type Answer = z.infer<typeof answer>;

/** The result of `hello`; `verbs` are the supported ones. */
export const helloResult = z.object({
  protocol: z.literal(controlProtocol),
  implementation: z.string().min(1),
  version: z.string(),
  verbs: z.array(z.string()),
  /** Linux: seconds for which a client stops offering MPTCP after an unanswered SYN (net.mptcp.blackhole_timeout). */
  blackhole_timeout: z.int().nonnegative().optional(),
});
export type Hello = z.infer<typeof helloResult>;
