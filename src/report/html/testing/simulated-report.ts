/** Reports for the tests of the page, from real cases on simulated implementations, and evidence without files. */

import { bundledCatalogue } from '../../../conduct/testing/bundled-catalogue.js';
import { gateOf, strictly } from '../../../gate/gate.js';
import { sampleResults } from '../../../gate/testing/sample-results.js';
import { chooseIut } from '../../../iut/choose.js';
import { notApplicable, resultOf } from '../../../run/result.js';
import { simulateCase } from '../../../run/simulate.js';
import { applies } from '../../../suite/catalogue/applicability.js';
import { meansId } from '../../../suite/catalogue/selection.js';
import type { CaseResult } from '../../../suite/verdict/results.js';
import type { CaseEvidence, HtmlReport, ReportedRun } from '../report-input.js';

const green: ReadonlySet<CaseResult['verdict']> = new Set(['pass', 'info', 'nonstrict']);

/** Runs the cases that the patterns mean on an implementation, all of it in memory. */
export const simulatedRun = (iut: string, patterns: readonly string[]): ReportedRun => {
  const [subject] = chooseIut(iut);
  if (subject?.time !== 'virtual') throw new Error(`${iut} is not simulated`);
  const kept = new Map<string, CaseEvidence>();
  const cases = bundledCatalogue().cases.filter(({ id }) => patterns.some((pattern) => meansId(pattern, id)));
  const results = cases.map((each): CaseResult => {
    const applicability = applies(each, subject.claims);
    if (!applicability.applies) return notApplicable(subject.name, each, applicability.why);
    const { plan, driven } = simulateCase(subject, each, 'test');
    const result = resultOf(subject.name, each, driven);
    if (green.has(result.verdict)) return result;
    const evidence = `evidence/${each.id}`;
    kept.set(evidence, {
      plan,
      trace: driven.trace,
      repeat: `robe run --iut ${iut} ${each.id}`,
    });
    return { ...result, evidence };
  });
  const sample = sampleResults(results);
  const record = {
    name: subject.name,
    time: subject.time,
    claims: {
      ...subject.claims,
      roles: [...subject.claims.roles],
      versions: [...subject.claims.versions],
      profiles: [...subject.claims.profiles],
      ip: [...subject.claims.ip],
    },
    parameters: { ...subject.claims.parameters },
    facts: {},
  };
  const { parameters: _, ...claims } = record.claims;
  const all = { ...sample, subjects: [{ ...record, claims }] };
  return {
    results: all,
    gate: gateOf(all, strictly('2026-01-01')),
    evidenceOf: (name) => kept.get(name),
    filesOf: (name) => (kept.has(name) ? ['trace.pcapng'] : []),
    place: '',
  };
};

export const simulatedReport = (...runs: readonly ReportedRun[]): HtmlReport => ({
  runs,
  catalogue: bundledCatalogue(),
});

/** The same with no more of the catalogue than the cases that the patterns mean. */
export const smallReport = (patterns: readonly string[], ...runs: readonly ReportedRun[]): HtmlReport => {
  const { cases, requirements } = bundledCatalogue();
  const own = cases.filter(({ id }) => patterns.some((pattern) => meansId(pattern, id)));
  const cited = new Set(own.flatMap((each) => each.requirements));
  return {
    runs,
    catalogue: { cases: own, requirements: new Map([...requirements].filter(([id]) => cited.has(id))) },
  };
};
