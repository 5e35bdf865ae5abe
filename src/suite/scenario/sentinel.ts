/**
 * Sentinels: a legal segment that must be answered, sent when a case has to conclude that no segment came. A host
 * processes segments of a path in order, so when the answer is there, every reaction to earlier segments is there as
 * well.
 *
 * Role server: a plain SYN to the listener, from a port of its own, which draws a SYN/ACK and is reset at once (RFC 9293
 * section 3.10.7.2). Role client: a SYN to a port without listener, which draws a reset (section 3.10.7.1). Only the
 * answer that the standard prescribes counts: a host that resets every segment closes no silence. If a case is only about
 * closed ports, the reset of a host that serves nothing is as good as the listener's SYN/ACK. A sentinel without such an
 * answer is sent again from another port, three times in all; then the evidence is insufficient.
 */
import { encodeTcpFrame } from '../../protocol/wire/frame.js';
import { type TcpDraft, TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { type Seq, seq, seqAdd } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { pathOf } from './addresses.js';
import { portsPerCase } from './flows.js';
import { chosen } from './plan.js';
import { act, remark, type Sentinel, type Work, withEntry } from './state.js';
import { tell } from './tell.js';

const attempts = 3;

/** Sends a probe on each of the paths and waits for the answers. */
export function sendSentinel(work: Work, purpose: Sentinel['purpose'], paths: readonly number[], attempt = 1): void {
  const outstanding = new Map<number, { readonly path: number }>();
  for (const path of paths) {
    const port = work.plan.surroundings.firstPort + portsPerCase - work.probes.size - 1;
    const isn = seq(Number(chosen(work.plan, `sentinel/${port}`, 32)));
    work.probes = withEntry(work.probes, port, isn);
    outstanding.set(port, { path });
    sendProbe(work, path, port, { seq: isn, flags: TcpFlag.SYN, options: [mssOf(work)] });
  }
  work.sentinel = { purpose, outstanding, attempt };
  act(work, { action: 'arm', timer: 'sentinel', at: work.now.at + work.plan.timing.sentinel });
}

const mssOf = (work: Work): TcpOption => ({ option: 'mss', value: work.plan.case.ip === 4 ? 1460 : 1440 });

function addressesOf(
  work: Work,
  path: number,
): { readonly local: string; readonly remote: string; readonly port: number } {
  const { plan } = work;
  const { server, closedPort, testerServer } = plan.surroundings;
  const on = pathOf(plan, path);
  if (plan.case.role === 'client') return { local: testerServer.address, remote: on.iutAddress, port: closedPort };
  return { local: on.testerAddresses[0] ?? testerServer.address, remote: server.address, port: server.port };
}

/** A segment of the probe from a port: its SYN, or the reset that ends it. */
function sendProbe(
  work: Work,
  path: number,
  port: number,
  segment: Pick<TcpDraft['tcp'], 'seq' | 'flags' | 'options'>,
): void {
  const { local, remote, port: destinationPort } = addressesOf(work, path);
  const on = pathOf(work.plan, path);
  const frame = encodeTcpFrame({
    ethernet: { source: on.testerMac, destination: on.iutMac },
    ip: { source: local, destination: remote },
    tcp: { sourcePort: port, destinationPort, ...segment },
  });
  const text = `sentinel ${segment.flags === TcpFlag.SYN ? 'SYN' : 'reset'} on path ${path}`;
  act(work, { action: 'send', path, frame }, { step: 'sentinel', taken: 'sent', text });
}

/** The answer of RFC 9293 to the probe: it acknowledges exactly the probe's SYN. */
function isLegalAnswer(work: Work, isn: Seq, { tcp }: TcpPacket): boolean {
  if (tcp.ack !== seqAdd(isn, 1)) return false;
  const { SYN, ACK, RST, FIN } = TcpFlag;
  const flags = tcp.flags & (SYN | ACK | RST | FIN);
  if (flags === (SYN | ACK)) return work.plan.case.role === 'server';
  return flags === (RST | ACK) && (work.plan.case.role === 'client' || isAboutClosedPorts(work));
}

function isAboutClosedPorts(work: Work): boolean {
  const { flows } = work.plan.case;
  return work.flows.size > 0 && [...work.flows.keys()].every((name) => flows[name]?.port === 'closed');
}

/** Takes the answer to a probe; tells whether others are outstanding, and the purpose of the sentinel if none is left. */
export function takeProbeAnswer(
  work: Work,
  packet: TcpPacket,
  path: number,
  entry: number,
): 'not a probe' | 'waiting' | Sentinel['purpose'] {
  const port = packet.tcp.destinationPort;
  const isn = work.probes.get(port);
  if (isn === undefined) return 'not a probe';
  if (work.plan.case.role === 'client' && packet.tcp.sourcePort !== work.plan.surroundings.closedPort)
    return 'not a probe';
  const legal = isLegalAnswer(work, isn, packet);
  remark(work, entry, {
    step: 'sentinel',
    taken: legal ? 'matched' : 'mismatched',
    text: () => tell(packet, 'sentinel'),
  });
  if ((packet.tcp.flags & TcpFlag.SYN) !== 0) sendProbe(work, path, port, { seq: seqAdd(isn, 1), flags: TcpFlag.RST });
  if (!legal || work.sentinel?.outstanding.has(port) !== true) return 'waiting';
  const outstanding = new Map(work.sentinel.outstanding);
  outstanding.delete(port);
  if (outstanding.size > 0) {
    work.sentinel = { ...work.sentinel, outstanding };
    return 'waiting';
  }
  const { purpose } = work.sentinel;
  work.sentinel = undefined;
  act(work, { action: 'cancel', timer: 'sentinel' });
  return purpose;
}

/** Sends the outstanding probes again, or gives up. */
export function probeTimedOut(work: Work): 'repeated' | 'given up' | 'not waiting' {
  if (work.sentinel === undefined) return 'not waiting';
  const { purpose, outstanding, attempt } = work.sentinel;
  if (attempt >= attempts) return 'given up';
  const paths = [...outstanding.values()].map((probe) => probe.path);
  sendSentinel(work, purpose, paths, attempt + 1);
  return 'repeated';
}

/** The step ended while its sentinel was still under way: the answers no longer matter. */
export function dropSentinel(work: Work): void {
  if (work.sentinel === undefined) return;
  work.sentinel = undefined;
  act(work, { action: 'cancel', timer: 'sentinel' });
}
