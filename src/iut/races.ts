/**
 * Races of a kernel's own sockets (`robe connect-proxy --engine kernel`) as clients under test. Their TCP and MPTCP are
 * the kernel's, and the engine was written from the draft alone, so each is independent evidence: if the reference and a
 * case share a mistake, this implementation does not.
 *
 * The third segment of a race is sent at once here, as in the draft. `sim+with-data` delays it until the first octets, as
 * the proxy does.
 */
import type { Claims } from '../suite/catalogue/applicability.js';
import { linuxClaims } from './linux-claims.js';

export interface Race {
  /** What the engine is told. */
  readonly schemes: readonly ('sim' | 'timer' | 'ips' | 'with-data')[];
  readonly profiles: readonly string[];
  readonly parameters: Claims['parameters'];
}

const races: Readonly<Record<string, Race>> = {
  sim: { schemes: ['sim'], profiles: ['robe-sim'], parameters: {} },
  'sim+with-data': { schemes: ['sim', 'with-data'], profiles: ['robe-sim'], parameters: {} },
  timer: { schemes: ['timer'], profiles: ['robe-timer'], parameters: {} },
  ips: { schemes: ['ips'], profiles: ['robe-ips'], parameters: { 'l_rtt.use': 'never' } },
  'ips+sim': {
    schemes: ['ips', 'sim'],
    profiles: ['robe-ips'],
    parameters: { 'ips.combine': 'sim', 'l_rtt.use': 'never' },
  },
  'ips+timer': {
    schemes: ['ips', 'timer'],
    profiles: ['robe-ips'],
    parameters: { 'ips.combine': 'timer', 'l_rtt.use': 'never' },
  },
};

export const raceNames: readonly string[] = Object.keys(races);

/** `undefined` when there is no such race. */
export const raceNamed = (name: string): Race | undefined => races[name];

export const raceClaims = ({ profiles, parameters }: Race, paths: number): Claims => ({
  ...linuxClaims,
  roles: ['client'],
  profiles: [...linuxClaims.profiles, ...profiles],
  paths,
  abilities: [],
  parameters,
});

/** The words after the engine's name. */
export const raceWords = ({ schemes }: Race): readonly string[] => ['witness', ...schemes];
