/**
 * The same seed gives the same octets at the same times on every machine, whatever is done to make it faster: frames of both
 * sides and verdicts of three dialogues, as a digest. A digest that differs is a change of behaviour, which this test is told of.
 */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { embeddedSubject } from '../iut/embedded-subject.js';
import type { EstablishmentProfile } from '../reference/contract.js';
import { loadCatalogue } from '../suite/catalogue/catalogue.js';
import { simulateCase } from './simulate.js';

const text = `
- id: tcp.server.echoed
  title: Data is echoed
  requirements: [REQ-1]
  role: server
  profiles: [tcp]
  ip: 4
  steps:
    - send:   {on: 1, segment: SYN}
    - expect: {on: 1, segment: SYN/ACK}
    - send:   {on: 1, segment: ACK}
    - send:   {on: 1, segment: DATA, data: octets}
    - expect: {on: 1, segment: DATA, data: octets}
- id: mptcp-v1.server.mapped
  title: Mapped data is echoed
  requirements: [REQ-1]
  role: server
  profiles: [mptcp-v1]
  mptcp: 1
  ip: 6
  steps:
    - send:   {on: 1, segment: SYN, mp_capable: {}}
    - expect: {on: 1, segment: SYN/ACK, mp_capable: {key: B}}
    - send:   {on: 1, segment: ACK, mp_capable: {key: A, peer_key: B}}
    - send:   {on: 1, segment: DATA, data: octets, dss: {dsn: idsn(A) + 1, ssn: 1, ack: idsn(B) + 1, checksum: auto}}
    - expect: {on: 1, segment: DATA, data: octets}
- id: robe-downgrade.server.two-flows
  title: Two SYNs with one key
  requirements: [REQ-1]
  role: server
  profiles: [robe-downgrade]
  mptcp: 0
  ip: 4
  paths: 2
  steps:
    - send:   {on: 1, segment: SYN, mp_capable: {key: A}}
    - expect: {on: 1, segment: SYN/ACK, mp_capable: {key: B}}
    - send:   {on: 2, segment: SYN, mp_capable: {key: A}}
    - expect: {on: 2, segment: SYN/ACK, mp_capable: {key: B}}
`;

const { catalogue } = loadCatalogue([{ file: 'cases/tcp/server/same.yaml', text }]);

/** Times, paths and octets of all frames, and what was judged. */
const digestOf = (id: string, profile: EstablishmentProfile): string => {
  const each = catalogue.cases.find((one) => one.id === id);
  if (each === undefined) throw new Error(`there is no ${id}`);
  const { judgement, trace } = simulateCase(embeddedSubject(profile), each, 'same octets').driven;
  const hash = createHash('sha256');
  for (const { at, entry } of trace)
    if ('frame' in entry) hash.update(`${at} ${entry.path} ${Buffer.from(entry.frame).toString('hex')}\n`);
  return hash.update(`${judgement.verdict} ${judgement.sentence}`).digest('hex').slice(0, 16);
};

describe('one seed', () => {
  const table: readonly (readonly [string, EstablishmentProfile, string])[] = [
    ['tcp.server.echoed', 'tcp', 'eacf973b5ee8bb33'],
    ['mptcp-v1.server.mapped', 'mptcp', 'f467a8b5767192cf'],
    ['robe-downgrade.server.two-flows', 'robe-downgrade', '0346876452ecf6ce'],
  ];
  for (const [id, profile, digest] of table)
    it(`gives the same octets of ${id}, once and again`, () => {
      expect(digestOf(id, profile)).to.equal(digest);
      expect(digestOf(id, profile)).to.equal(digest);
    });
});
