/**
 * Compared subjects: the calls to the reference are recorded in a case; another host that answers the same calls with the
 * same frames at the same times need not be judged in that case.
 */
import type { HostConfig, ReferenceHost } from '../reference/contract.js';
import { createHost } from '../reference/host.js';
import { withParameters } from '../reference/parameters.js';
import { embeddedConfig, openEmbedded } from './embedded-session.js';
import { declaredReference, type ReferenceChoice } from './embedded-subject.js';
import { answersAlike, OverheardHost, type Utterance } from './overheard-host.js';
import type { SimulatedSubject } from './subject.js';

interface Listening extends SimulatedSubject {
  /** Whether its host, opened with that seed, gives the recorded outputs. */
  saysTheSame(seed: string, overheard: readonly Utterance[]): boolean;
}

export interface OverheardSubject extends Listening {
  /** The calls and outputs of its host since it was opened last. */
  overheard(): readonly Utterance[];
  /** Equal for subjects of which the interpreter is told the same. */
  readonly question: string;
}

export interface ComparedSubject extends Listening {
  /** The reference that it is compared with. */
  readonly usual: OverheardSubject;
}

type Choice = ReferenceChoice & { readonly versions?: readonly (0 | 1)[] | undefined };

const known = new Map<string, OverheardSubject>();

/** The reference of a choice, overheard; the same object whenever the same is asked for. */
export const overheardReference = (choice: Choice): OverheardSubject => {
  const reference = declaredReference(choice);
  const before = known.get(reference.name);
  if (before !== undefined) return before;
  const make = (config: HostConfig): ReferenceHost => createHost(config, withParameters(choice.declared ?? {}));
  const { profile } = choice;
  const { versions } = reference.claims;
  let latest: OverheardHost | undefined;
  const subject: OverheardSubject = {
    ...reference,
    open: (seed) =>
      openEmbedded({
        profile,
        versions,
        seed,
        host: (config) => {
          latest = new OverheardHost(make(config));
          return latest;
        },
      }),
    overheard: () => latest?.utterances ?? [],
    saysTheSame: (seed, overheard) => answersAlike(make(embeddedConfig({ profile, versions, seed })), overheard),
    question: JSON.stringify(reference.settings, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  };
  known.set(reference.name, subject);
  return subject;
};
