/**
 * Null implementations as subjects. Each has the claims of a right implementation of a profile and is none: some have no
 * state (reflex.ts), some are the reference with a behaviour that the claim excludes. Their verdicts are kept in
 * fixtures/verdicts and reviewed.
 */

import { repeat } from '../../mutants/fault.js';
import { FaultyHost } from '../../mutants/faulty-host.js';
import { type EstablishmentProfile, establishmentProfiles, type ReferenceHost } from '../../reference/contract.js';
import { createHost } from '../../reference/host.js';
import type { IutSession } from '../contract.js';
import { embeddedClaims, openEmbedded } from '../embedded-session.js';
import { settingsOf } from '../settings.js';
import type { SimulatedSubject } from '../subject.js';
import { openReflex } from './open-reflex.js';
import { type ReflexName, reflexes } from './reflex.js';

/** Longer there and back than any answer may take. */
const lateness = 2_500_000_000n;

interface Shape {
  readonly says: string;
  open(profile: EstablishmentProfile, seed: string): IutSession;
}

const shapes = {
  'plain-tcp': {
    says: 'It is a right TCP host that knows nothing of MPTCP.',
    open: (_, seed) => openEmbedded({ profile: 'tcp', versions: [], seed }),
  },
  'plain-mptcp-v1': {
    says: 'It is a right host of MPTCP v1 that knows neither v0 nor RobE.',
    open: (_, seed) =>
      openEmbedded({ profile: 'mptcp', versions: [1], seed, host: (config) => inVersion1(createHost(config)) }),
  },
  late: {
    says: 'It does everything right, but each answer takes five seconds.',
    open: (profile, seed) => openEmbedded({ profile, seed, delay: () => lateness }),
  },
  twice: {
    says: 'It does everything right, but sends each segment twice.',
    open: (profile, seed) =>
      openEmbedded({
        profile,
        seed,
        host: (config) => new FaultyHost(createHost(config), config, [repeat(() => true)]),
      }),
  },
} as const satisfies Readonly<Record<string, Shape>>;

export type NullName = ReflexName | keyof typeof shapes;

const isReflex = (name: NullName): name is ReflexName => name in reflexes;

export const nullNames: readonly NullName[] = [
  ...(Object.keys(reflexes) as ReflexName[]),
  ...(Object.keys(shapes) as (keyof typeof shapes)[]),
];

/** What it does, in one sentence. */
export const describeNull = (name: NullName): string => (isReflex(name) ? reflexes[name] : shapes[name]).says;

const openNull = (name: NullName, profile: EstablishmentProfile, seed: string): IutSession =>
  isReflex(name) ? openReflex(reflexes[name], seed) : shapes[name].open(profile, seed);

export const nullSubject = (name: NullName, profile: EstablishmentProfile): SimulatedSubject => {
  const claims = embeddedClaims(profile);
  return {
    name: `null:${name}:${profile}`,
    time: 'virtual',
    claims,
    settings: settingsOf(claims.parameters),
    open: (seed) => openNull(name, profile, seed),
  };
};

/** One null implementation with every profile that it claims. */
export const nullSubjects = (name: NullName): readonly SimulatedSubject[] =>
  establishmentProfiles.map((profile) => nullSubject(name, profile));

/** If another version is requested, it connects with the only one it has. */
const inVersion1 = (host: ReferenceHost): ReferenceHost => ({
  receive: (path, frame, now) => host.receive(path, frame, now),
  wake: (now) => host.wake(now),
  listen: (port, service, now) => host.listen(port, service, now),
  connect: ({ version: _, ...to }, now) => host.connect(to, now),
  send: (connection, octets, now) => host.send(connection, octets, now),
  close: (connection, now) => host.close(connection, now),
  abort: (connection, now) => host.abort(connection, now),
  signal: (connection, signal, now) => host.signal(connection, signal, now),
  info: (connection) => host.info(connection),
  reset: () => host.reset(),
});
