/**
 * The known findings about the MPTCP of Linux, from docs/findings-linux.md: each with its id, its title and the cases
 * that show it. The document is the only source: `robe start` reads it.
 */
import { readFileSync } from 'node:fs';
import { meansId } from '../suite/catalogue/selection.js';
import { counted } from '../suite/verdict/counted.js';
import type { CaseResult } from '../suite/verdict/results.js';

export interface KnownFinding {
  /** `L-1`. */
  readonly id: string;
  readonly title: string;
  /** The pattern that selects the cases that show it. */
  readonly cases: readonly string[];
}

const document = new URL('../../docs/findings-linux.md', import.meta.url);

/** In the order of the document. */
export const readKnownFindings = (text: string = readFileSync(document, 'utf8')): readonly KnownFinding[] =>
  text
    .split(/^### (?=L-)/m)
    .slice(1)
    .map((section) => {
      const [heading = '', , cited = ''] = section.split('\n');
      const [id = '', title = ''] = heading.split(/: (.*)/s);
      return { id, title, cases: [...cited.matchAll(/`([^`]+)`/g)].map(([, pattern = '']) => pattern) };
    });

/** A line for each known finding that a run shows, and one for the failed cases that belong to none. */
export const tellKnownFindings = (
  results: readonly Pick<CaseResult, 'id' | 'verdict'>[],
  known: readonly KnownFinding[] = readKnownFindings(),
): readonly string[] => {
  const red = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'nonstrict');
  const shows = ({ cases }: KnownFinding, id: string): boolean => cases.some((pattern) => meansId(pattern, id));
  const seen = known.flatMap((finding) => {
    const own = red.filter(({ id }) => shows(finding, id)).length;
    return own === 0 ? [] : [`known: ${finding.id}, ${finding.title} (${counted(own, 'case')})`];
  });
  const others = red.filter(({ id, verdict }) => verdict === 'fail' && !known.some((finding) => shows(finding, id)));
  return others.length === 0 ? seen : [...seen, `not among the known: ${counted(others.length, 'failed case')}`];
};
