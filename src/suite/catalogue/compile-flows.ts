/** The settings of flows in the head of a case, with the variables of a matrix cell replaced. */

import type { FlowDeclaration, IpVersion } from '../language/case.js';
import { ExpressionError } from '../language/expression.js';
import type { AuthoredCase } from './case-schema.js';
import { type TellUnknown, template, type Variables } from './variables.js';

type Flows = Readonly<Record<string, FlowDeclaration>>;

const ports: readonly NonNullable<FlowDeclaration['port']>[] = ['server', 'second', 'closed'];

type Raw = Readonly<Record<string, unknown>>;

/**
 * The flows of a cell; `ip` is its IP version. Throws an ExpressionError if a variable has a value that the field cannot
 * have.
 */
export function compileFlows(
  authored: AuthoredCase['flows'],
): (variables: Variables, ip: IpVersion, unknown: TellUnknown) => Flows {
  const fill = template(authored ?? {}, (filled) => ({ flows: filled as Readonly<Record<string, Raw>> }));
  return (variables, ip, unknown) =>
    Object.fromEntries(Object.entries(fill(variables, unknown).flows).map(([name, raw]) => [name, flowOf(raw, ip)]));
}

function flowOf(raw: Raw, ofCase: IpVersion): FlowDeclaration {
  const { host, port, source_port: sourcePort, server, ip, isn } = raw;
  return {
    ...(host === undefined ? {} : { host: numberOf('host', host, 1, 64) }),
    ...(port === undefined ? {} : { port: portOf(port) }),
    ...(sourcePort === undefined
      ? {}
      : { sourcePort: sourcePort === 'same' ? 'same' : numberOf('source_port', sourcePort, 1, 65_535) }),
    ...(server === undefined ? {} : { server: numberOf('server', server, 1, 2) as 1 | 2 }),
    ...(ip === undefined ? {} : { ip: versionOf(ip, ofCase) }),
    ...(isn === undefined ? {} : { isn: numberOf('isn', isn, 0, 0xffff_ffff) }),
  };
}

function portOf(value: unknown): NonNullable<FlowDeclaration['port']> {
  const found = ports.find((each) => each === value);
  if (found === undefined) throw new ExpressionError(`\`port\` is ${ports.join(', ')}, got \`${String(value)}\``);
  return found;
}

function versionOf(value: unknown, ofCase: IpVersion): IpVersion {
  if (value === 4 || value === 6) return value;
  if (value === 'other') return ofCase === 4 ? 6 : 4;
  throw new ExpressionError(`\`ip\` is 4, 6 or other, got \`${String(value)}\``);
}

function numberOf(field: string, value: unknown, least: number, most: number): number {
  // A number in hex comes as it is written.
  const number = typeof value === 'string' && /^0x[0-9a-f]+$/i.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= least && number <= most) return number;
  throw new ExpressionError(`\`${field}\` is a number from ${least} to ${most}, got \`${String(value)}\``);
}
