/**
 * Documents that users write: cases, declarations and baselines. Reading a document yields values, or problems with a
 * place and a message each; a case without problems runs to a verdict.
 */
import { readCatalogueFiles } from '../conduct/catalogue-files.js';
import { loadSoundCatalogue } from '../conduct/load-catalogue.js';
import { readBaseline } from '../gate/baseline.js';
import { embeddedSubjects } from '../iut/embedded-subject.js';
import { readIutFile } from '../iut/iut-file.js';
import { simulateCase } from '../run/simulate.js';
import { applies } from '../suite/catalogue/applicability.js';
import { type Catalogue, loadCatalogue } from '../suite/catalogue/catalogue.js';
import type { Problem } from '../suite/catalogue/problem.js';
import type { Source } from '../suite/catalogue/yaml-source.js';
import type { ExpandedCase } from '../suite/language/case.js';
import { damageText } from './damage-text.js';
import type { Reader } from './reader.js';

/** Cases of one document that are run. */
const mostRun = 3;
/** One in so many of the bundled cases is an original. */
const oneCaseIn = 3;

const sourceOf = (input: Uint8Array): Source => ({ file: 'fuzz.yaml', text: new TextDecoder().decode(input) });
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The defects of the reported problems. */
const misplaced = ({ text }: Source, problems: readonly Problem[]): string | undefined => {
  const lines = text.split('\n').length;
  const wrong = problems.find(
    ({ line, column, message }) => line < 1 || line > lines + 1 || column < 1 || message === '',
  );
  return wrong === undefined ? undefined : `a problem stands nowhere: ${JSON.stringify(wrong)}`;
};

const runToVerdict = (cases: readonly ExpandedCase[]): void => {
  for (const each of cases.slice(0, mostRun)) {
    const subject = embeddedSubjects().find(({ claims }) => applies(each, claims).applies);
    if (subject !== undefined) simulateCase(subject, each, 'fuzz');
  }
};

/** Single cases, each with the defaults of its file, of those that use no fragment: these need nothing beside them. */
const singleCases = (): readonly Uint8Array[] => {
  const found: string[] = [];
  for (const { text } of readCatalogueFiles([], '/', { register: false })) {
    const items = text.split(/^(?=- )/m);
    const defaults = items.filter((item) => item.startsWith('- defaults:')).join('');
    if (!/ladder/.test(defaults))
      found.push(
        ...items.filter((item) => item.startsWith('- id:') && !/\buse:/.test(item)).map((item) => defaults + item),
      );
  }
  return found.filter((_, index) => index % oneCaseIn === 0).map(encode);
};

let known: Catalogue | undefined;

const cases: Reader = {
  name: 'cases',
  promises: 'a case file gives cases that run, or problems with line and column',
  batch: 300,
  originals: singleCases,
  damage: damageText,
  read: (input) => {
    known ??= loadSoundCatalogue([], '/');
    const source = sourceOf(input);
    const { catalogue, problems } = loadCatalogue([source], known);
    if (problems.length === 0) runToVerdict(catalogue.cases);
    return misplaced(source, problems);
  },
};

const declarationText = `name: my-stack
claims: {roles: [server, client], versions: [0, 1], profiles: [tcp, mptcp-v1, robe-downgrade], signals: [client]}
parameters:
  mpc.syn_before_tcp: 3
  tcp.listener: stateless
paths:
  - interface: eth1
    address: {ipv4: 192.0.2.1, ipv6: '2001:db8:1::1'}
    tester: {ipv4: 192.0.2.128/25, ipv6: '2001:db8:1:0:1::/80'}
    mac: 02:00:00:00:00:01
server: {port: 80, closed: 81, second-port: 8080}
tester-server: {ipv4: 203.0.113.0/26}
control: {hooks: {connect: [./connect.sh]}}
transport: {ssh: {host: root@dut, options: [-p, "2222"]}}
capacity: {connections: 8}
timing: {reaction: 2000, silence: 300}
`;

const baselineText = `format: 1
iut: my-stack
catalogue: 0.1.*
entries:
  - case: tcp.server.syn-answered.ip4
    expect: fail
    signature: [SYN/ACK.ack, SYN/ACK.window]
    reason: off by one
    issue: https://example.org/1
    until: 2027-03-01
  - glob: mptcp.server.*
    count: 12
    expect: info
    observation: rst
    reason: a choice
    when: {kernel: '<6.20', ip: 4, parameters: {join.limit: 0}}
  - cause: ACK.dss.data-ack
    count: 3
    expect: nonstrict
    reason: later
`;

/** A kind of document that is read whole, and the text of a right one. */
const documentReader = <Read extends object>(
  name: string,
  called: string,
  text: string,
  readText: (source: Source) => Read | { readonly problems: readonly Problem[] },
): Reader => ({
  name,
  promises: `${called} is read, or gives problems with line and column`,
  batch: 1500,
  originals: () => [encode(text)],
  damage: damageText,
  read: (input) => {
    const source = sourceOf(input);
    const reading = readText(source);
    return 'problems' in reading ? misplaced(source, reading.problems) : undefined;
  },
});

const declarations = documentReader('declarations', 'an IUT file', declarationText, readIutFile);
const baselines = documentReader('baselines', 'a baseline', baselineText, readBaseline);

export const documents: readonly Reader[] = [cases, declarations, baselines];
