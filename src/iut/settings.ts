/**
 * The declared parameters that the interpreter needs: the draft's subtypes and the layout of MP_JOIN_CAP. Parameters that
 * only decide which cases apply stay with the claims.
 */
import { crcVariants } from '../protocol/keys/crc16.js';
import { defaultJoinCapLayout, type JoinCapLayout } from '../protocol/keys/join-cap-mac.js';
import { type DraftSubtypes, defaultDraftSubtypes } from '../protocol/mptcp/option.js';
import { defaultTiming, type Timing } from '../suite/language/timing.js';
import type { PlanSettings } from '../suite/scenario/plan.js';

export type Parameters = Readonly<Record<string, string | number | boolean>>;

const splits: readonly JoinCapLayout['split'][] = ['ab|b2', 'abb2|', 'bb2|a', 'b|ab2', 'hash'];
const places: readonly JoinCapLayout['place'][] = ['lsb-after-truncation', 'msb', 'before-truncation'];
const hashes: readonly JoinCapLayout['hash'][] = ['negotiated', 'sha1', 'sha256'];
const macLengths: readonly JoinCapLayout['macBits'][] = [96, 128, 160];

/** Timing on real wires, where the order of frames on different paths takes time to keep. */
export const liveTiming: Timing = { ...defaultTiming, crossing: 5_000_000n };

/** The settings that follow from parameters; a value that is none of the known ones is a RangeError that lists them. */
export const settingsOf = (parameters: Parameters, timing: Timing = defaultTiming): Omit<PlanSettings, 'seed'> => ({
  subtypes: subtypesOf(parameters),
  joinCap: {
    split: pick(parameters, 'esim.split', splits, defaultJoinCapLayout.split),
    macBits: pick(parameters, 'esim.mac_bits', macLengths, defaultJoinCapLayout.macBits),
    crc: pick(parameters, 'esim.crc', crcVariants, defaultJoinCapLayout.crc),
    place: pick(parameters, 'esim.place', places, defaultJoinCapLayout.place),
    hash: pick(parameters, 'esim.hash', hashes, defaultJoinCapLayout.hash),
  },
  timing,
  declared: parameters,
});

const subtypesOf = (parameters: Parameters): DraftSubtypes => ({
  esimEn: subtype(parameters, 'esim.subtypes.en', defaultDraftSubtypes.esimEn),
  joinCap: subtype(parameters, 'esim.subtypes.join_cap', defaultDraftSubtypes.joinCap),
  lRtt: subtype(parameters, 'esim.subtypes.l_rtt', defaultDraftSubtypes.lRtt),
});

const subtype = (parameters: Parameters, name: string, otherwise: number): number => {
  const value = parameters[name] ?? otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 15) return value;
  throw new RangeError(`${name} must be a subtype from 0 to 15, got ${value}`);
};

const pick = <T extends string | number>(
  parameters: Parameters,
  name: string,
  known: readonly T[],
  otherwise: T,
): T => {
  const value = parameters[name];
  if (value === undefined) return otherwise;
  const found = known.find((each) => each === value);
  if (found === undefined) throw new RangeError(`${name} must be one of ${known.join(', ')}, got ${value}`);
  return found;
};
