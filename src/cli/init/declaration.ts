/**
 * What `robe init` writes: an IUT file with a comment at everything that a newcomer has to decide. The text is made from
 * answers, whoever gave them, and is one that the reader of IUT files takes.
 */
import ipaddr from 'ipaddr.js';

export interface PathAnswer {
  readonly interface: string;
  readonly address: { readonly ipv4?: string; readonly ipv6?: string };
  readonly tester: { readonly ipv4?: string; readonly ipv6?: string };
  readonly mac?: string;
}

export type ControlAnswer =
  | { readonly kind: 'none' }
  | { readonly kind: 'shim'; readonly command: readonly string[] }
  | { readonly kind: 'socket'; readonly place: string }
  | { readonly kind: 'hooks'; readonly hooks: Readonly<Record<string, readonly string[]>> };

export type TransportAnswer =
  | { readonly kind: 'local' }
  | { readonly kind: 'netns'; readonly name: string }
  | { readonly kind: 'ssh'; readonly host: string };

export interface Answers {
  readonly name: string;
  readonly roles: readonly string[];
  readonly versions: readonly number[];
  readonly profiles: readonly string[];
  /** Open points that it settles otherwise than by default, as pairs of name and value. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly paths: readonly PathAnswer[];
  readonly port: number;
  readonly closed: number;
  readonly control: ControlAnswer;
  readonly transport: TransportAnswer;
}

/**
 * `eth1 192.0.2.1 192.0.2.128/25`, in any order after the interface: what has a length after a slash is the tester's, what
 * looks like a MAC address is one, the rest are addresses of the implementation. A sentence says what is wrong.
 */
export const readPath = (text: string): PathAnswer | string => {
  const [name, ...words] = text.split(/[\s,]+/).filter((word) => word !== '');
  if (name === undefined || words.length === 0)
    return `a path is written as "eth1 192.0.2.1 192.0.2.128/25": interface, its address, free addresses for the tester; got ${JSON.stringify(text)}`;
  const address: { ipv4?: string; ipv6?: string } = {};
  const tester: { ipv4?: string; ipv6?: string } = {};
  let mac: string | undefined;
  for (const word of words) {
    const [host = '', length] = word.split('/');
    if (/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(word)) mac = word.toLowerCase();
    else if (!ipaddr.isValid(host)) return `${JSON.stringify(word)} is no address, prefix or MAC address`;
    else (length === undefined ? address : tester)[host.includes(':') ? 'ipv6' : 'ipv4'] = word;
  }
  for (const version of ['ipv4', 'ipv6'] as const)
    if ((address[version] === undefined) !== (tester[version] === undefined))
      return `${name} has ${address[version] === undefined ? 'a prefix for the tester' : 'an address'} of ${version} only: name both, as 192.0.2.1 and 192.0.2.128/25`;
  return { interface: name, address, tester, ...(mac === undefined ? {} : { mac }) };
};

/** The profiles that follow from versions, for whoever names none. */
export const usualProfiles = (versions: readonly number[]): readonly string[] => [
  'tcp',
  ...versions.map((version) => `mptcp-v${version}`),
];

/** `comment` is the first line: what an editor goes by. */
export const declarationText = (answers: Answers, comment: string): string =>
  [
    comment,
    '# What is under test, and how to reach it. Every key is explained in docs/iut-file.md.',
    '# robe doctor --iut THIS-FILE tries all of it; robe run --iut THIS-FILE judges.',
    `name: ${scalar(answers.name)}`,
    '',
    '# What it claims decides which cases apply; results never do. A claim of "no" is tested, too.',
    '# roles: as server it listens, as client control makes it connect; versions: of MPTCP, [] for a plain TCP host.',
    'claims:',
    `  roles: ${flow(answers.roles)}`,
    `  versions: [${answers.versions.join(', ')}]`,
    `  profiles: ${flow(answers.profiles)}`,
    '',
    '# How it settles what the sources leave open: docs/interpretations.md. What is absent has its default.',
    ...(answers.parameters.length === 0
      ? ['# parameters:', '#   mpc.syn_before_tcp: 3']
      : ['parameters:', ...answers.parameters.map(([name, value]) => `  ${name}: ${value}`)]),
    '',
    '# In order: the first is path 1. The addresses below "tester" must be free, and reach this machine: on the link of the',
    '# implementation, or routed to the interface. No kernel may own them; the suite answers ARP and ND for them itself.',
    'paths:',
    ...answers.paths.flatMap((path) => [
      `  - interface: ${scalar(path.interface)}`,
      `    address: ${perVersion(path.address)}`,
      `    tester:  ${perVersion(path.tester)}`,
      ...(path.mac === undefined ? [] : [`    mac: ${path.mac}`]),
    ]),
    '',
    '# Where it listens (an echo service), and a port at which nothing does.',
    `server: {port: ${answers.port}, closed: ${answers.closed}}`,
    '',
    ...controlLines(answers.control),
    ...transportLines(answers.transport),
    '# Milliseconds within which an answer must come, and of quiet before nothing has come.',
    '# timing: {reaction: 2000, silence: 300}',
    '# A small host: how many TCP connections it can hold at once.',
    '# capacity: {connections: 8}',
    '',
  ].join('\n');

const controlLines = (control: ControlAnswer): readonly string[] => {
  switch (control.kind) {
    case 'none':
      return [
        '# Without control only server cases apply. With it: a command for each verb, or a program that speaks robe-ctl/1.',
        '# control: {hooks: {connect: [./connect.sh]}}',
        '# control: {shim: [python3, linux-mptcp.py]}',
      ];
    case 'shim':
      return [
        '# A program that speaks robe-ctl/1 on its stdin and stdout.',
        `control: {shim: ${flow(control.command)}}`,
      ];
    case 'socket':
      return [
        '# robe-ctl/1 at HOST:PORT, or the path of a Unix socket.',
        `control: {socket: ${scalar(control.place)}}`,
      ];
    case 'hooks':
      return [
        '# A command for each verb: exit 0 done, 89 cannot, 75 try later. What it is about stands in ROBE_… variables.',
        'control:',
        '  hooks:',
        ...Object.entries(control.hooks).map(([verb, command]) => `    ${verb}: ${flow(command)}`),
      ];
  }
};

const transportLines = (transport: TransportAnswer): readonly string[] => {
  switch (transport.kind) {
    case 'local':
      return [
        '# Where the commands of control run: local, {netns: NAME} or {ssh: {host: HOST}}.',
        'transport: local',
        '',
      ];
    case 'netns':
      return [
        '# The commands of control run in this network namespace.',
        `transport: {netns: ${scalar(transport.name)}}`,
        '',
      ];
    case 'ssh':
      return [
        '# The commands of control run there. Nothing is asked: a key must let you in.',
        `transport: {ssh: {host: ${scalar(transport.host)}}}`,
        '',
      ];
  }
};

const perVersion = ({ ipv4, ipv6 }: PathAnswer['address']): string =>
  `{${[...(ipv4 === undefined ? [] : [`ipv4: ${scalar(ipv4)}`]), ...(ipv6 === undefined ? [] : [`ipv6: ${scalar(ipv6)}`])].join(', ')}}`;

const flow = (words: readonly string[]): string => `[${words.map(scalar).join(', ')}]`;

/** Plain where nobody could read it as anything else; JSON's quoted strings are YAML's. */
const scalar = (word: string): string =>
  /^(?:[A-Za-z.][\w./-]*|(?:\d{1,3}\.){3}\d{1,3}(?:\/\d+)?)$/.test(word) &&
  !/^(?:true|false|null|yes|no|on|off|\.inf|\.nan)$/i.test(word)
    ? word
    : JSON.stringify(word);
