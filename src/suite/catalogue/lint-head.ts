/**
 * Settings in the head of a case that have no effect: a flow that is set up and never used, a dimension of the matrix
 * that changes nothing, an exception that excludes nothing. Each is a mistake, because of which the case would test
 * something else than its author means.
 */
import type { ExpandedCase } from '../language/case.js';
import { flowNames } from '../language/flow-names.js';
import type { AuthoredCase } from './case-schema.js';
import { excepts, wholeMatrix } from './matrix.js';
import type { Path } from './problem.js';

/** Reports a problem with its place, from the case down. */
type Complain = (path: Path, message: string) => void;

/** `expanded` are the cases made of it, `mentioned` the variables that stand in its steps or in fragments that it may use. */
export function lintHead(
  authored: AuthoredCase,
  expanded: readonly ExpandedCase[],
  mentioned: readonly string[],
  complain: Complain,
): void {
  lintRole(authored, complain);
  lintFlows(authored, expanded, complain);
  lintDimensions(authored, mentioned, complain);
  lintExceptions(authored, complain);
}

/** The second part of the id names the role, if it names one. */
function lintRole({ id, role }: AuthoredCase, complain: Complain): void {
  const said = id.split('.')[1];
  if ((said === 'server' || said === 'client') && said !== role)
    complain(['id'], `the id says ${said}, the role is ${role}`);
}

function lintFlows({ flows = {} }: AuthoredCase, expanded: readonly ExpandedCase[], complain: Complain): void {
  const dialogues = new Set(expanded.map(({ steps }) => steps));
  const used = new Set([...dialogues].flatMap(flowNames));
  for (const name of Object.keys(flows))
    if (!used.has(name)) complain(['flows', name], `no step uses flow ${name}; they use ${[...used].join(', ')}`);
}

function lintDimensions(authored: AuthoredCase, mentioned: readonly string[], complain: Complain): void {
  const roots = new Set(mentioned.map((name) => name.split('.', 1)[0]));
  for (const name of Object.keys(authored['for-each'] ?? {}))
    if (!roots.has(name)) complain(['for-each', name], `no step says $${name}, so its values change nothing`);
}

function lintExceptions({ except = [], ...authored }: AuthoredCase, complain: Complain): void {
  const cells = wholeMatrix(authored);
  for (const [index, excepted] of except.entries())
    if (!cells.some((cell) => excepts(excepted, cell)))
      complain(['except', index], 'this exception leaves nothing out: the matrix has no such combination');
}
