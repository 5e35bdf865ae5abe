/**
 * `robe mutants ID --dialogue`: the shortest schedule in which a mutant answers otherwise than a right host, as a case. Whether that
 * case tells them apart is tried before anything is claimed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCatalogue } from '../../conduct/load-catalogue.js';
import {
  type Dialogue,
  type DialogueRequest,
  dialogueCase,
  differenceInWords,
  findDialogue,
} from '../../explore/dialogue.js';
import { declaredReference } from '../../iut/embedded-subject.js';
import { confinableMutant } from '../../iut/mutant-subject.js';
import type { SimulatedSubject } from '../../iut/subject.js';
import { simulateCase } from '../../run/simulate.js';
import { printProblem } from '../../suite/catalogue/problem.js';

export interface FoundDialogue {
  /** The case as YAML; undefined where there is none. */
  readonly text: string | undefined;
  /** What was found, for who reads along. */
  readonly remarks: readonly string[];
}

export const dialogueOf = (request: DialogueRequest): FoundDialogue => {
  const { mutant, trigger } = request;
  const name = trigger === undefined ? mutant.id : `${mutant.id} ${trigger.id}`;
  const found = findDialogue(request);
  if (found === undefined) {
    return {
      text: undefined,
      remarks: [`${name}: it answers right hosts as a right one does, in every schedule that was tried`],
    };
  }
  const remarks = [
    `${name}: ${found.setting}: ${found.difference.schedule.join(', ')}`,
    ...differenceInWords(found.difference).map((line) => `  ${line}`),
  ];
  const text = dialogueCase(request, found);
  if (text === undefined)
    return { text, remarks: [...remarks, '  no case: the language has no words for a segment of it'] };
  return { text, remarks: [...remarks, `  ${trial(request, found, text)}`] };
};

/** What a right host and the mutant make of the case. */
const trial = ({ mutant, trigger, seed }: DialogueRequest, { pair, difference }: Dialogue, text: string): string => {
  const directory = mkdtempSync(join(tmpdir(), 'robe-dialogue-'));
  try {
    const file = join(directory, 'dialogue.yaml');
    writeFileSync(file, text);
    const { catalogue, problems } = readCatalogue([file], '/');
    const [each] = catalogue.cases;
    if (each === undefined) return `what was written is no case: ${problems.map(printProblem).join('; ')}`;
    const { profile, parameters } = pair[difference.guilty];
    const suspect = confinableMutant(mutant.id);
    const subject = trigger === undefined ? suspect?.mutant : suspect?.confinedTo(trigger);
    const verdict = (judged: SimulatedSubject) => simulateCase(judged, each, seed).driven.judgement;
    const right = verdict(declaredReference({ profile, declared: parameters }));
    if (right.verdict !== 'pass')
      return `a right ${difference.guilty} does not pass the case as it stands: ${right.sentence}`;
    const wrong = subject && verdict(subject);
    return wrong === undefined || wrong.verdict === 'pass'
      ? 'the mutant passes the case as it stands: it shows the way there, and has to ask for what differs'
      : `a right ${difference.guilty} passes the case, the mutant fails it: ${wrong.sentence}`;
  } finally {
    rmSync(directory, { recursive: true });
  }
};
