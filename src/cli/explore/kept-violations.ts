/**
 * What an exploration leaves of a violation: the schedule, which `robe explore --replay` repeats, and, where the language of
 * cases has the words and the case does show it, a case that any implementation can be run against.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readCatalogue } from '../../conduct/load-catalogue.js';
import { draftCase } from '../../explore/case-file.js';
import { boundsOf, type ExploreReport, pairOf } from '../../explore/exploration.js';
import { type Pair, rightPair, type Side } from '../../explore/pair.js';
import type { ExploreRequest, KeptSchedule } from '../../explore/state-file.js';
import { World } from '../../explore/world.js';
import { chooseIut } from '../../iut/choose.js';
import { declaredReference } from '../../iut/embedded-subject.js';
import type { SimulatedSubject } from '../../iut/subject.js';
import { simulateCase } from '../../run/simulate.js';
import { printProblem } from '../../suite/catalogue/problem.js';
import { writeNamedFile } from '../output/write-file.js';

type FoundViolation = ExploreReport['violations'][number];

/** Writes the files of one violation; one line a file for the reader. */
export const keepViolation = (
  directory: string,
  request: ExploreRequest,
  { invariant, what, schedule }: FoundViolation,
  number: number,
): readonly string[] => {
  const file = join(directory, `violation-${number}.json`);
  const { shard: _shard, random: _random, ...bounds } = request;
  const kept: KeptSchedule = { format: 'robe-schedule/1', request: bounds, invariant, what, schedule: [...schedule] };
  writeNamedFile(file, `${JSON.stringify(kept, null, 2)}\n`);
  const pair = pairOf(request);
  const guilty = guiltyEnd(pair);
  const world = new World(rightPair(pair, guilty), boundsOf(request));
  const requirement = pair[guilty].mutant?.requirement;
  const draft = draftCase(world, { guilty, invariant, what, schedule, requirement, number });
  const lines = [`robe explore --replay ${file}`];
  if (draft === undefined) return [...lines, '  no case: the language has no words for one of its segments'];
  const caseFile = join(directory, `violation-${number}.yaml`);
  writeNamedFile(caseFile, draft.text);
  const iut = pair[guilty].mutant === undefined ? `embedded:${pair[guilty].name}` : pair[guilty].name;
  const problem = problemWith(caseFile, pair, guilty, iut);
  if (problem === undefined) return [...lines, `robe run ${caseFile} --iut ${iut}`];
  rmSync(caseFile);
  return [...lines, `  no case: ${problem}`];
};

/** The mutant, or the server where both are right. */
const guiltyEnd = ({ client }: Pair): Side => (client.mutant !== undefined ? 'client' : 'server');

/** Why the case in a file does not show what was found: it has to fail against the guilty end and to pass against a right one. */
const problemWith = (file: string, pair: Pair, guilty: Side, iut: string): string | undefined => {
  const { catalogue, problems } = readCatalogue([file], '/');
  const each = catalogue.cases.find(({ role }) => role === guilty);
  if (each === undefined) return `what was written is none: ${problems.map(printProblem).join('; ')}`;
  const { profile, parameters } = pair[guilty];
  const verdict = (subject: SimulatedSubject) => simulateCase(subject, each, pair.seed).driven.judgement;
  const right = verdict(declaredReference({ profile, declared: parameters }));
  if (right.verdict !== 'pass') return `a right ${guilty} does not pass it: ${right.sentence}`;
  const [subject] = chooseIut(iut);
  if (subject?.time !== 'virtual') return `${iut} is nothing that can be simulated`;
  const wrong = verdict(subject);
  return wrong.verdict === 'pass' ? `${iut} passes it: its script alone does not show the fault` : undefined;
};
