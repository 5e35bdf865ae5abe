/**
 * Tries the declarations of an IUT file, one at a time: control, interfaces, neighbours, ports, and whether the claims
 * agree with a SYN/ACK. Every probe has a line and, if it fails, a remedy. It sends only to addresses in the file, and
 * resets the connections that it opens.
 */
import type { Clock } from '../../net/clock/clock.js';
import type { RealClock } from '../../net/clock/real.js';
import { inPrefix, nthAddress } from '../../net/lab/addresses.js';
import { sendOnlyTo } from '../../net/link/declared-only.js';
import { type LibpcapLink, openLibpcapLink } from '../../net/link/libpcap.js';
import { LinkError } from '../../net/link/link.js';
import { answerNeighbours, type NeighbourLink } from '../../net/link/neighbour.js';
import type { IpAddress, MacAddress } from '../../protocol/wire/packet.js';
import { reviewClaims } from '../../suite/catalogue/claims-review.js';
import type { ControlAnswer } from '../../suite/scenario/contract.js';
import { ControlError } from '../control/shim-control.js';
import type { IutFile } from '../iut-file.js';
import type { LivePath } from '../live-session.js';
import { claimsOf, factsOf, openControl } from '../remote.js';
import type { LivePlace } from '../subject.js';
import { compareChecksums, compareClaim, describeClosed, describeOpen, type ProbeResult } from './probe-result.js';
import { askBySyn, type SynAnswer } from './syn-question.js';

type Facts = ReturnType<typeof factsOf>;
type Place = Pick<LivePlace, 'environment'> & { readonly clock: RealClock };

/** Control first: it may be what starts the server. Takes some seconds where nothing answers. */
export const probeIut = async (file: IutFile, place: Place): Promise<readonly ProbeResult[]> => {
  const facts = factsOf(file);
  const probes: ProbeResult[] = [...probeClaims(file, facts)];
  const control = await probeControl(file, facts, place);
  probes.push(...control.probes);
  try {
    probes.push(...(await probeLink(file, facts, place.clock)));
  } finally {
    await control.close();
  }
  return probes;
};

const probeClaims = (file: IutFile, facts: Facts): readonly ProbeResult[] => {
  const lacking = reviewClaims(claimsOf(file, facts)).filter(({ status }) => status !== 'met');
  if (lacking.length === 0) return [{ probe: 'claims', outcome: 'yes', found: 'fit together' }];
  return lacking.map(({ item, status, sentence }) => ({
    probe: 'claims',
    outcome: status === 'unmet' ? 'no' : 'unsure',
    found: `${item}: ${sentence}`,
  }));
};

const probeControl = async (
  file: IutFile,
  facts: Facts,
  place: Place,
): Promise<{ readonly probes: readonly ProbeResult[]; close(): Promise<void> }> => {
  const nothing = async (): Promise<void> => {};
  if (file.control === undefined)
    return { probes: [{ probe: 'control', outcome: 'unsure', found: 'none: only server cases' }], close: nothing };
  try {
    const opened = await openControl(file, facts, place);
    if (opened === undefined) return { probes: [], close: nothing };
    const { control, implementation, blackhole } = opened;
    const greeted: readonly ProbeResult[] =
      'hooks' in file.control
        ? [{ probe: 'control', outcome: 'yes', found: `hooks for ${Object.keys(file.control.hooks).join(', ')}` }]
        : [
            { probe: 'control', outcome: 'yes', found: `${implementation} speaks robe-ctl/1` },
            { probe: 'honesty', outcome: 'yes', found: 'a verb that does not exist is unsupported' },
          ];
    const health = await new Promise<ControlAnswer>((resolve) => control.perform({ verb: 'health' }, resolve));
    const hindered: readonly ProbeResult[] =
      blackhole === undefined || !offersMptcp(file)
        ? []
        : [{ probe: 'blackhole', outcome: 'no', found: blackhole.why, remedy: blackhole.remedy }];
    return { probes: [...greeted, describeHealth(health), ...hindered], close: () => control.close() };
  } catch (cause) {
    if (!(cause instanceof ControlError)) throw cause;
    const remedy = 'start the command of control by hand where it runs, and see what it says';
    return { probes: [{ probe: 'control', outcome: 'no', found: cause.message, remedy }], close: nothing };
  }
};

/** Its clients offer MPTCP, or that is what is claimed. */
const offersMptcp = ({ claims: { roles, versions } }: IutFile): boolean =>
  roles.includes('client') && versions.length > 0;

const describeHealth = (answer: ControlAnswer): ProbeResult => {
  switch (answer.answer) {
    case 'ok':
      return { probe: 'health', outcome: 'yes', found: 'control answers' };
    case 'unsupported':
      return { probe: 'health', outcome: 'unsure', found: 'unsupported: a crash shows on the wire only' };
    case 'failed':
    case 'lost':
      return { probe: 'health', outcome: 'no', found: answer.why, remedy: 'make the health command succeed by hand' };
  }
};

const probeLink = async (file: IutFile, facts: Facts, clock: Clock & RealClock): Promise<readonly ProbeResult[]> => {
  let wire: LibpcapLink;
  try {
    wire = await openLibpcapLink({ clock, paths: facts.paths });
  } catch (cause) {
    if (!(cause instanceof LinkError)) throw cause;
    return [{ probe: 'interfaces', outcome: 'no', found: cause.message, remedy: cause.remedy }];
  }
  try {
    const opened: readonly ProbeResult[] = wire.openings.map(
      ({ path, interface: { name, mac, mtu }, offloadsTurnedOff }) => ({
        probe: `path ${path}`,
        outcome: 'yes',
        found: [
          `${name} is open, ${mac}, ${mtu} octets`,
          ...(offloadsTurnedOff.length === 0 ? [] : [`turned off while it is: ${offloadsTurnedOff.join(', ')}`]),
        ].join('; '),
      }),
    );
    const neighbours = new Map(
      facts.paths.map(({ path, testerPrefix }) => [
        path,
        {
          mac: macOn(wire, path),
          owns: (address: IpAddress): boolean =>
            !ownAddresses(facts).has(address) &&
            [testerPrefix[4], testerPrefix[6]].some((prefix) => prefix !== undefined && inPrefix(prefix, address)),
        },
      ]),
    );
    const macs = new Set(facts.paths.flatMap(({ iutMac }) => iutMac ?? []));
    const guarded = sendOnlyTo(wire, {
      addresses: new Set([...ownAddresses(facts)].filter((each) => each !== undefined)),
      macs,
    });
    const link = answerNeighbours(guarded, clock, neighbours);
    const found: ProbeResult[] = [...opened];
    for (const path of facts.paths)
      for (const ip of [4, 6] as const) found.push(...(await probePath({ file, facts, clock, link, wire }, path, ip)));
    return found;
  } finally {
    await wire.close();
  }
};

interface Wire {
  readonly file: IutFile;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly link: NeighbourLink;
  readonly wire: LibpcapLink;
}

const macOn = (wire: LibpcapLink, path: number): MacAddress =>
  wire.openings.find((each) => each.path === path)?.interface.mac ?? '';

const ownAddresses = ({ paths, server }: Facts): ReadonlySet<IpAddress | undefined> =>
  new Set([...paths.map(({ iutAddress }) => iutAddress), server.address].flatMap((each) => [each[4], each[6]]));

/** An address of the tester that is nobody else's. */
const askingAddress = (prefix: string, facts: Facts): IpAddress => {
  const own = ownAddresses(facts);
  return [1, 2, 3].map((n) => nthAddress(prefix, n)).find((each) => !own.has(each)) ?? nthAddress(prefix, 1);
};

/** Ports of the tester, one for each question of a path. */
const firstPort = 61_000;

const probePath = async (wire: Wire, path: LivePath, ip: 4 | 6): Promise<readonly ProbeResult[]> => {
  const { file, facts, clock, link } = wire;
  const name = `path ${path.path} IPv${ip}`;
  const [address, prefix, server] = [path.iutAddress[ip], path.testerPrefix[ip], facts.server.address[ip]];
  if (address === undefined || prefix === undefined || server === undefined)
    return [{ probe: name, outcome: 'unsure', found: 'not declared on this path, so not tested at all' }];
  const from = askingAddress(prefix, facts);
  const neighbour = await findNeighbour(link, path, address, from, name);
  if (neighbour.mac === undefined) return [neighbour.probe];
  const iutMac = neighbour.mac;
  let fromPort = firstPort + path.path * 100 + ip * 10;
  const ask = (toPort: number, offer?: 0 | 1): Promise<SynAnswer> => {
    fromPort += 1;
    const question = {
      path: path.path,
      from,
      fromPort,
      to: server,
      toPort,
      testerMac: macOn(wire.wire, path.path),
      iutMac,
    };
    return askBySyn(link, clock, { ...question, ...(offer === undefined ? {} : { offer }) });
  };
  const plain = await ask(facts.server.port);
  const open = describeOpen(plain, { name, server, port: facts.server.port, prefix });
  if (plain.answer !== 'syn/ack') return [neighbour.probe, ...open];
  const offers: ProbeResult[] = [];
  for (const version of [1, 0] as const) {
    const answer = await ask(facts.server.port, version);
    offers.push(
      ...compareClaim(name, version, file.claims.versions, answer),
      ...compareChecksums(name, version, file.parameters?.['mpc.checksum'], answer),
    );
  }
  const closed = describeClosed(await ask(facts.closedPort), name, facts.closedPort);
  return [neighbour.probe, ...open, ...offers, closed];
};

const findNeighbour = async (
  link: NeighbourLink,
  path: LivePath,
  address: IpAddress,
  from: IpAddress,
  name: string,
): Promise<{ readonly probe: ProbeResult; readonly mac?: MacAddress }> => {
  const asked = address.includes(':') ? 'neighbour discovery' : 'ARP';
  try {
    const mac = await link.resolve(path.path, address, from);
    if (path.iutMac !== undefined && path.iutMac !== mac)
      return {
        mac: path.iutMac,
        probe: {
          probe: name,
          outcome: 'no',
          found: `${address} answers ${asked} as ${mac}, the file says ${path.iutMac}`,
          remedy: `mac: ${mac}, or none at all`,
        },
      };
    return { mac, probe: { probe: name, outcome: 'yes', found: `${address} answers ${asked}: ${mac}` } };
  } catch (cause) {
    if (!(cause instanceof LinkError)) throw cause;
    if (path.iutMac !== undefined)
      return {
        mac: path.iutMac,
        probe: {
          probe: name,
          outcome: 'unsure',
          found: `${address} does not answer ${asked}; ${path.iutMac} is declared`,
        },
      };
    return { probe: { probe: name, outcome: 'no', found: cause.message, remedy: cause.remedy } };
  }
};
