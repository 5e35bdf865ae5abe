/** `--iut mock:EVIDENCE`: the recorded case after it, read from its directory. */
import { mockSubject } from '../iut/mock/mock-subject.js';
import type { SimulatedSubject } from '../iut/subject.js';
import { EvidenceError, type KeptEvidence, readEvidence, readSubject } from '../report/read-evidence.js';
import type { Claims } from '../suite/catalogue/applicability.js';
import type { SubjectRecord } from '../suite/verdict/results.js';
import { UsageError } from './usage-error.js';

const prefix = 'mock:';

/** Undefined for every other kind of `--iut`. Throws a UsageError. */
export const recordingOf = (iut: string): KeptEvidence | undefined =>
  iut.startsWith(prefix) ? loadRecording(iut.slice(prefix.length)) : undefined;

/** The evidence in a directory. Throws a UsageError. */
export const loadRecording = (directory: string): KeptEvidence => orUsageError(() => readEvidence(directory));

/** The recorded implementation as a subject; undefined for every other kind of `--iut`. Throws a UsageError. */
export const mockOf = (iut: string): SimulatedSubject | undefined => {
  const recording = recordingOf(iut);
  if (recording === undefined) return undefined;
  const subject = orUsageError(() => readSubject(iut.slice(prefix.length)));
  if (subject === undefined) throw new UsageError([`${iut} does not tell what the recorded implementation claimed`]);
  return mockSubject(iut, recording, claimsOf(subject));
};

const claimsOf = ({ claims, parameters }: SubjectRecord): Claims => ({
  roles: (['server', 'client'] as const).filter((role) => claims.roles.includes(role)),
  versions: ([1, 0] as const).filter((version) => claims.versions.includes(version)),
  profiles: claims.profiles,
  ip: ([4, 6] as const).filter((version) => claims.ip.includes(version)),
  paths: claims.paths,
  control: ([2, 1] as const).find((tier) => claims.control >= tier) ?? 0,
  parameters,
});

const orUsageError = <T>(load: () => T): T => {
  try {
    return load();
  } catch (cause) {
    if (cause instanceof EvidenceError) throw new UsageError([cause.message]);
    throw cause;
  }
};
