/**
 * `robe mutants` as a campaign: a unit is a reference with every case that applies to it, or a mutant with the cases that cite
 * what it breaks. Who concludes asks those outcomes, and judges by itself the few pairs that nobody could know to be needed.
 */
import { z } from 'zod';
import { UsageError } from '../../conduct/usage-error.js';
import { embeddedSubjects } from '../../iut/embedded-subject.js';
import { type MutantSubject, mutantSubjects } from '../../iut/mutant-subject.js';
import type { SimulatedSubject } from '../../iut/subject.js';
import { type KillMatrix, makeKillMatrix } from '../../run/matrix/kill-matrix.js';
import { type Judge, Judging, type Outcome } from '../../run/matrix/outcome.js';
import { applies } from '../../suite/catalogue/applicability.js';
import { watchingRules } from '../../suite/catalogue/watching-rules.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { verdicts } from '../../suite/verdict/results.js';
import { ranked } from '../../suite/verdict/verdict.js';
import type { Campaign } from '../campaign/campaign.js';
import { chooseCases } from '../campaign/choose-cases.js';
import { type Means, noMeans } from '../variants/variants-campaign.js';
import { idleLines, matrixJson, matrixLines, noticedLines } from './matrix-lines.js';
import { mutantsRequest } from './triggers-campaign.js';

export const matrixRequest = mutantsRequest.extend({
  /** Whether every mutant was asked for, and so the references and the rules, too. */
  everything: z.boolean(),
  full: z.boolean(),
  idle: z.boolean(),
});
export type MatrixRequest = z.infer<typeof matrixRequest>;

const outcome = z.object({
  verdict: z.enum(verdicts),
  bySteps: z.enum(verdicts),
  byRules: z.array(z.object({ rule: z.string(), verdict: z.enum(ranked), requirements: z.array(z.string()) })),
  differs: z.boolean(),
});
/** Outcomes by the ids of the cases. */
const row: z.ZodType<readonly (readonly [string, Outcome])[]> = z.array(z.tuple([z.string(), outcome]));

interface Unit {
  readonly subject: SimulatedSubject;
  concerns(each: ExpandedCase): boolean;
}

interface Units {
  readonly suspects: readonly MutantSubject[];
  readonly references: readonly SimulatedSubject[];
  readonly units: ReadonlyMap<string, Unit>;
}

const unitsOf = ({ mutants, everything, full }: MatrixRequest): Units => {
  const named = new Map(mutantSubjects().map((suspect) => [suspect.id, suspect]));
  const suspects = mutants.flatMap((id) => named.get(id) ?? []);
  const references = everything ? embeddedSubjects() : [];
  const units = new Map<string, Unit>([
    ...references.map((subject): [string, Unit] => [
      subject.name,
      { subject, concerns: (each) => applies(each, subject.claims).applies },
    ]),
    ...suspects.map(({ id, mutant: subject, requirement, roles, reference }): [string, Unit] => [
      id,
      {
        subject,
        concerns: (each) =>
          roles.includes(each.role) &&
          (full || each.requirements.includes(requirement)) &&
          applies(each, reference.claims).applies,
      },
    ]),
  ]);
  return { suspects, references, units };
};

/** With how many cases each unit of a request is tried. */
export const weighMatrix = (request: MatrixRequest, cases: readonly ExpandedCase[]): Record<string, number> =>
  Object.fromEntries(
    [...unitsOf(request).units].map(([name, unit]) => [name, cases.filter((each) => unit.concerns(each)).length]),
  );

export const matrixCampaign = (request: MatrixRequest, means?: Means): Campaign<z.infer<typeof row>> => {
  const { everything, full, wanted, places, catalogue, seed } = request;
  const { suspects, references, units } = unitsOf(request);
  return {
    kind: 'mutants',
    request,
    units: [...units.keys()],
    cost: (unit) => request.weights?.[unit] ?? 1,
    atOnce: units.size,
    row,
    work: async (name) => {
      const { cases, pool } = means ?? noMeans();
      const unit = units.get(name);
      if (unit === undefined) throw new Error(`there is no ${name}`);
      const own = cases.filter((each) => unit.concerns(each));
      return own.length === 0 ? [] : [...(await pool.judge(unit.subject, own))];
    },
    head: [],
    lines: () => [],
    conclude: async (rows) => {
      const cases = means?.cases ?? casesOf(places, wanted, catalogue);
      const known = new Map(
        [...units.values()].map(({ subject }, at) => [subject.name, new Map(rows[at] ?? [])] as const),
      );
      const plan = { suspects, references, cases, rules: watchingRules, thorough: full };
      const matrix = await makeKillMatrix(plan, answering(known, means, seed));
      const aboutCases = everything && wanted.length > 0;
      return {
        lines: [...(request.idle ? idleLines(matrix) : aboutCases ? noticedLines(matrix) : matrixLines(matrix))],
        json: matrixJson(matrix),
        red: isRedMatrix(matrix, aboutCases, request.idle),
      };
    },
    close: async () => means?.pool.close(),
  };
};

/** Whether something lives that should not, or is red that should not. `aboutCases`: cases were named, and no mutants. */
export const isRedMatrix = (
  { mutants, references, idleCases }: KillMatrix,
  aboutCases: boolean,
  idle: boolean,
): boolean =>
  references.some(({ usual, red }) => usual && red.length > 0) ||
  (!aboutCases && mutants.some(({ killedBy }) => killedBy.length === 0)) ||
  ((idle || aboutCases) && idleCases.length > 0);

/** The cases of the parts, where these are of the same catalogue. */
const casesOf = (places: readonly string[], wanted: readonly string[], catalogue: string): readonly ExpandedCase[] => {
  const { cases, digest } = chooseCases(places, wanted, process.cwd());
  if (digest !== catalogue)
    throw new UsageError([
      `the parts are of catalogue ${catalogue}, here is ${digest}: merge where the same cases are`,
    ]);
  return cases;
};

/** Answers from what is known, and judges the rest. */
const answering = (
  known: ReadonlyMap<string, ReadonlyMap<string, Outcome>>,
  means: Means | undefined,
  seed: string,
): Judge => {
  const judging = new Judging(seed);
  const judge: Judge = async (subject, cases) => means?.pool.judge(subject, cases) ?? judging.judge(subject, cases);
  return async (subject, cases) => {
    const found = known.get(subject.name);
    const left = cases.filter(({ id }) => found?.has(id) !== true);
    const judged = left.length === 0 ? undefined : await judge(subject, left);
    return new Map(
      cases.flatMap(({ id }) => {
        const each = found?.get(id) ?? judged?.get(id);
        return each === undefined ? [] : [[id, each] as const];
      }),
    );
  };
};
