/**
 * Every value of every open point that the reference knows: declared so, the reference must be content with the cases that
 * apply. Half of the cases of the profile run, another half and another member of their matrices for each value; cases that
 * name the parameter all run.
 */
import { expect } from 'chai';
import { bundledCatalogue } from '../../conduct/testing/bundled-catalogue.js';
import { declaredReference } from '../../iut/embedded-subject.js';
import type { EstablishmentProfile } from '../../reference/contract.js';
import type { ParameterChanges } from '../../reference/parameters.js';
import { simulateCase } from '../../run/simulate.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../../suite/language/case.js';

const { cases } = bundledCatalogue();
const authored = new Map<string, ExpandedCase[]>();
for (const each of cases) authored.set(each.authoredId, [...(authored.get(each.authoredId) ?? []), each]);

type Value = string | number | boolean;
type Row = readonly [group: keyof ParameterChanges, name: string, values: readonly Value[], ...EstablishmentProfile[]];

/** Values that are no defaults, and the profiles in which they matter. */
const table: readonly Row[] = [
  ['p1', 'match_states', ['half'], 'robe-downgrade', 'robe-bbm'],
  ['p1', 'match_window_s', [60], 'robe-downgrade', 'robe-bbm'],
  ['p1', 'match_scope', ['key'], 'robe-downgrade', 'robe-bbm'],
  ['p1', 'flag_mismatch', ['rst', 'attach'], 'robe-downgrade', 'robe-bbm'],
  ['p1', 'foreign_host', ['newkey', 'rst'], 'robe-downgrade', 'robe-bbm'],
  ['robe', 'superfluous', ['leave'], 'robe-downgrade', 'robe-bbm'],
  ['robe', 'extra_data', ['after-peer'], 'robe-downgrade', 'robe-esim'],
  ['robe', 'invalid_ack', ['ignore'], 'robe-downgrade', 'robe-bbm'],
  ['robe', 'keep_syn', ['no'], 'robe-downgrade', 'robe-bbm'],
  ['p2', 'late_syn', ['drop', 'synack-rst'], 'robe-bbm'],
  ['p2', 'rst_form', ['rst'], 'robe-bbm'],
  ['p2', 'dup_until', ['time'], 'robe-bbm'],
  ['p2', 'redundant_close', ['rst'], 'robe-bbm'],
  ['join', 'before_dss', ['allow'], 'robe-bbm', 'robe-timer', 'robe-sim'],
  ['join', 'reason', [3], 'mptcp'],
  ['join', 'when', ['own-data'], 'mptcp'],
  ['timer', 'key', ['same'], 'robe-timer'],
  ['timer', 'value_s', [0.5, 2], 'robe-timer'],
  ['timer', 'backoff', ['exp'], 'robe-timer'],
  ['timer', 'late_synack', ['ignore-old'], 'robe-timer'],
  ['sim', 'rst', ['immediate'], 'robe-sim'],
  ['esim', 'mode', ['implicit'], 'robe-esim'],
  ['esim', 'split', ['abb2|', 'bb2|a', 'b|ab2', 'hash'], 'robe-esim'],
  ['esim', 'mac_bits', [128, 160], 'robe-esim'],
  ['esim', 'crc', ['ccitt-false', 'xmodem', 'kermit', 'x25', 'modbus'], 'robe-esim'],
  ['esim', 'place', ['msb', 'before-truncation'], 'robe-esim'],
  ['esim', 'pre_established', ['immediate'], 'robe-esim'],
  ['esim', 'implicit_guard', ['known-peer'], 'robe-esim'],
  ['esim', 'en_scope', ['initial-only'], 'robe-esim'],
  ['esim', 'cross_establish', ['forbid'], 'robe-esim'],
  ['esim', 'c_flag', ['allow'], 'robe-esim'],
  ['l_rtt', 'len', [12, 16], 'robe-ips'],
  ['l_rtt', 'unit', ['ms'], 'robe-ips'],
  ['l_rtt', 'syn_value', [7], 'robe-ips'],
  ['options', 'pressure', ['no-ts'], 'robe-esim', 'robe-ips'],
  ['mpc', 'lost_third', ['fallback'], 'mptcp', 'robe-downgrade'],
  ['mpc', 'high_version', ['plain'], 'mptcp'],
  ['mpc', 'bad_echo', ['rst'], 'mptcp'],
  ['mpc', 'syn_before_tcp', [1, 6], 'mptcp'],
  ['opt', 'conflict', ['rst'], 'mptcp'],
  ['opt', 'duplicate', ['last', 'ignore'], 'mptcp'],
  ['ips', 'combine', ['sim', 'timer'], 'robe-ips'],
];

const isOwn = ({ profiles }: ExpandedCase, profile: EstablishmentProfile): boolean =>
  profile === 'mptcp' ? profiles.some((each) => each.startsWith('mptcp')) : profiles.includes(profile);

/** Every other case of the profile, one member of its matrix, and whatever names the parameter. */
const chosen = (parameter: string, profile: EstablishmentProfile, turn: number): readonly ExpandedCase[] =>
  [...authored.values()].flatMap((members, index) => {
    const [first] = members;
    if (first === undefined) return [];
    if (parameter in first.parameters) return members.filter(({ ip }) => ip === 4);
    const one = members[turn % members.length];
    return one !== undefined && (index + turn) % 2 === 0 && isOwn(first, profile) ? [one] : [];
  });

describe('the reference under every value of every open point', function () {
  this.timeout(60_000);
  let turn = 0;
  for (const [group, name, values, ...profiles] of table)
    for (const value of values)
      for (const profile of profiles) {
        turn += 1;
        const now = turn;
        it(`passes with ${group}.${name} = ${value} as ${profile}`, () => {
          const implicit = name === 'implicit_guard' ? { mode: 'implicit' as const } : {};
          const subject = declaredReference({ profile, declared: { [group]: { ...implicit, [name]: value } } });
          const applicable = chosen(`${group}.${name}`, profile, now).filter(
            (each) => applies(each, subject.claims).applies,
          );
          expect(applicable, 'cases that apply').to.not.be.empty;
          const red = applicable.flatMap((each) => {
            const { verdict, sentence } = simulateCase(subject, each, 'values').driven.judgement;
            return verdict === 'pass' || verdict === 'info' || verdict === 'nonstrict'
              ? []
              : [`${each.id}: ${sentence}`];
          });
          expect(red).to.deep.equal([]);
        });
      }
});
