/**
 * Matrices: one authored case becomes one case for each combination of its `for-each` values, MPTCP versions and IP
 * versions. For each dimension the id gets a readable suffix that never depends on a position: `.reverse`, `.bit-7`,
 * `.v1`, `.ip6`. A dimension written as one scalar (`mptcp: 0`) is no dimension and gives no suffix.
 */

import type { IpVersion, MptcpVersion } from '../language/case.js';
import type { AuthoredCase } from './case-schema.js';
import type { Variables } from './variables.js';

export interface Cell {
  readonly suffix: string;
  readonly variables: Variables;
  readonly mptcp?: MptcpVersion;
  readonly ip: IpVersion;
}

interface Choice {
  readonly suffix: string;
  readonly value: unknown;
}

function choicesOf(name: string, values: readonly unknown[] | Readonly<Record<string, unknown>>): readonly Choice[] {
  if (!Array.isArray(values))
    return Object.entries(values).map(([key, value]) => ({ suffix: key.toLowerCase(), value }));
  return values.map((value) => ({
    suffix:
      typeof value === 'string' && /^[a-z]/i.test(value)
        ? readable(value)
        : `${name.replaceAll('_', '-')}-${readable(String(value))}`,
    value,
  }));
}

const readable = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

const listOf = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** All cells of a case's matrix, without the excepted ones. */
export const cellsOf = (authored: AuthoredCase): readonly Cell[] =>
  wholeMatrix(authored).filter((cell) => !authored.except?.some((excepted) => excepts(excepted, cell)));

/** Whether an exception excludes a cell: it gives the values of some variables. */
export const excepts = (excepted: Readonly<Record<string, unknown>>, { variables }: Cell): boolean =>
  Object.entries(excepted).every(([name, value]) => JSON.stringify(variables[name]) === JSON.stringify(value));

/** All cells, including the excluded ones. */
export function wholeMatrix(authored: Pick<AuthoredCase, 'for-each' | 'mptcp' | 'ip'>): readonly Cell[] {
  let cells: readonly { readonly suffix: string; readonly variables: Record<string, unknown> }[] = [
    { suffix: '', variables: {} },
  ];
  for (const [name, values] of Object.entries(authored['for-each'] ?? {})) {
    const choices = choicesOf(name, values);
    cells = cells.flatMap((cell) =>
      choices.map((choice) => ({
        suffix: `${cell.suffix}.${choice.suffix}`,
        variables: { ...cell.variables, [name]: choice.value },
      })),
    );
  }
  const versions: readonly (MptcpVersion | undefined)[] =
    authored.mptcp === undefined ? [undefined] : listOf(authored.mptcp);
  const families = listOf<IpVersion>(authored.ip ?? [4, 6]);
  const versioned = Array.isArray(authored.mptcp);
  const familied = authored.ip === undefined || Array.isArray(authored.ip);
  return cells.flatMap((cell) =>
    versions.flatMap((mptcp) =>
      families.map((ip) => ({
        suffix: `${cell.suffix}${versioned ? `.v${mptcp}` : ''}${familied ? `.ip${ip}` : ''}`,
        variables: { ...cell.variables, ip, ...(mptcp === undefined ? {} : { mptcp }) },
        ip,
        ...(mptcp === undefined ? {} : { mptcp }),
      })),
    ),
  );
}
