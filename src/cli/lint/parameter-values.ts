/** Cases whose applicability rests on a value that the parameter cannot have: they would apply to nobody, unseen. */
import { didYouMean } from '../../suite/catalogue/near-miss.js';
import type { Problem } from '../../suite/catalogue/problem.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { mayBe, readOpenPoints } from '../explain/open-points.js';

export const strangeParameterValues = (cases: readonly ExpandedCase[]): readonly Problem[] => {
  const known = new Map(readOpenPoints().flatMap(({ parameters }) => parameters.map((each) => [each.name, each])));
  const authored = new Map(cases.map((each) => [each.authoredId, each]));
  return [...authored.values()].flatMap(({ authoredId, origin, parameters }) =>
    Object.entries(parameters).flatMap(([name, values]) => {
      const parameter = known.get(name);
      if (parameter === undefined) return [];
      return values
        .filter((value) => !mayBe(parameter, value))
        .map((value) => ({
          ...origin,
          message: `${authoredId}: ${name} is never "${value}"${didYouMean(String(value), parameter.values)}; its values: ${parameter.values.join(', ')}`,
        }));
    }),
  );
};
