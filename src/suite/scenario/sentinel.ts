/**
 * Sentinels: a legal segment that must be answered, sent when a case has to conclude that nothing came. A host handles
 * what arrives on a path in order, so once the answer is there, every reaction to what was sent before is there too.
 *
 * Role server: a plain SYN to the listener, from a port of its own, which draws a SYN/ACK and is reset at once
 * (RFC 9293 section 3.10.7.2). Role client: a SYN to a port without listener, which draws a reset (section 3.10.7.1).
 * Only the answer that the standard prescribes counts: a host that resets whatever comes closes no silence. Where a case
 * is about closed ports alone, the reset of a host that serves nothing is as good as the listener's SYN/ACK.
 * A sentinel without such an answer is sent again from another port, three times in all; then the evidence is insufficient.
 */
import { encodeTcpFrame } from '../../protocol/wire/frame.js';
import { TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { seq, seqAdd } from '../../protocol/wire/seq.js';
import { pathOf, portsPerCase } from './flows.js';
import { chosen } from './plan.js';
import { act, remark, type Sentinel, type Work } from './state.js';
import { tell } from './tell.js';

const attempts = 3;

/** Sends a probe on each of the paths and waits for the answers. */
export function sendSentinel(work: Work, purpose: Sentinel['purpose'], paths: readonly number[], attempt = 1): void {
  const outstanding = new Map<number, { readonly path: number }>();
  for (const path of paths) {
    work.probes += 1;
    const port = work.plan.surroundings.firstPort + portsPerCase - work.probes;
    outstanding.set(port, { path });
    sendProbe(work, path, port);
  }
  work.sentinel = { purpose, outstanding, attempt };
  act(work, { action: 'arm', timer: 'sentinel', at: work.now.at + work.plan.timing.sentinel });
}

const isnOf = (work: Work, port: number) => seq(Number(chosen(work.plan, `sentinel/${port}`, 32)));

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

function sendProbe(work: Work, path: number, port: number, resetAt?: number): void {
  const { local, remote, port: destinationPort } = addressesOf(work, path);
  const on = pathOf(work.plan, path);
  const isn = isnOf(work, port);
  const frame = encodeTcpFrame({
    ethernet: { source: on.testerMac, destination: on.iutMac },
    ip: { source: local, destination: remote },
    tcp: {
      sourcePort: port,
      destinationPort,
      seq: resetAt === undefined ? isn : seq(resetAt),
      flags: resetAt === undefined ? TcpFlag.SYN : TcpFlag.RST,
      ...(resetAt === undefined ? { options: [{ option: 'mss', value: work.plan.case.ip === 4 ? 1460 : 1440 }] } : {}),
    },
  });
  const text = resetAt === undefined ? `sentinel SYN on path ${path}` : `sentinel reset on path ${path}`;
  act(work, { action: 'send', path, frame }, { step: 'sentinel', taken: 'sent', text });
}

/** The answer of RFC 9293 to the probe: it acknowledges exactly the probe's SYN. */
function isLegalAnswer(work: Work, { tcp }: TcpPacket): boolean {
  if (tcp.ack !== seqAdd(isnOf(work, tcp.destinationPort), 1)) return false;
  const { SYN, ACK, RST, FIN } = TcpFlag;
  const flags = tcp.flags & (SYN | ACK | RST | FIN);
  if (flags === (SYN | ACK)) return work.plan.case.role === 'server';
  return flags === (RST | ACK) && (work.plan.case.role === 'client' || isAboutClosedPorts(work));
}

function isAboutClosedPorts(work: Work): boolean {
  const { flows } = work.plan.case;
  return work.flows.size > 0 && [...work.flows.keys()].every((name) => flows[name]?.port === 'closed');
}

/** Takes the answer to a probe; says whether others are outstanding, or what the sentinel was for when none is left. */
export function takeProbeAnswer(
  work: Work,
  packet: TcpPacket,
  path: number,
  entry: number,
): 'not a probe' | 'waiting' | Sentinel['purpose'] {
  const port = packet.tcp.destinationPort;
  const { firstPort } = work.plan.surroundings;
  const lowest = firstPort + portsPerCase - work.probes;
  if (port < lowest || port >= firstPort + portsPerCase) return 'not a probe';
  if (work.plan.case.role === 'client' && packet.tcp.sourcePort !== work.plan.surroundings.closedPort)
    return 'not a probe';
  const legal = isLegalAnswer(work, packet);
  remark(work, entry, {
    step: 'sentinel',
    taken: legal ? 'matched' : 'mismatched',
    text: () => tell(packet, 'sentinel'),
  });
  if ((packet.tcp.flags & TcpFlag.SYN) !== 0) sendProbe(work, path, port, seqAdd(isnOf(work, port), 1));
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

/** A step came to its end while its sentinel was still under way: the answers no longer matter. */
export function dropSentinel(work: Work): void {
  if (work.sentinel === undefined) return;
  work.sentinel = undefined;
  act(work, { action: 'cancel', timer: 'sentinel' });
}
