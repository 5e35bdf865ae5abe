/** A client and a server of the reference on the same paths, for tests. */
import { defaultDraftSubtypes } from '../../protocol/mptcp/option.js';
import type { EstablishmentProfile, HostConfig, StreamHost } from '../contract.js';
import { withDecisions } from '../decisions.js';
import { createHost } from '../host.js';
import { type ParameterChanges, withParameters } from '../parameters.js';
import type { DecisionChanges } from '../questions.js';

export interface HostChoice {
  readonly profile: EstablishmentProfile;
  readonly versions?: readonly (0 | 1)[];
  readonly paths?: number;
  readonly parameters?: ParameterChanges;
  readonly decisions?: DecisionChanges;
  readonly seed?: string;
  /** Of the server; `echo` by default. */
  readonly service?: 'discard' | 'application';
  readonly receiveBuffer?: number;
}

export const serverAddress = '10.200.0.1';
export const serverAddress6 = '2001:db8:200::1';
export const serverPort = 5001;
/** The MAC of a host's end of a path: client ends begin with 02, server ends with 06. */
export const macOf = (side: 'client' | 'server', path: number): string =>
  `${side === 'client' ? '02' : '06'}:00:00:00:00:0${path}`;
export const clientAddress = (path: number): string => `10.${200 + path}.1.1`;
export const clientAddress6 = (path: number): string => `2001:db8:20${path}:1::1`;

const build = (config: HostConfig, choice: HostChoice): StreamHost =>
  createHost(config, withParameters(choice.parameters ?? {}), withDecisions(choice.decisions ?? {}));

const pathNumbers = (choice: HostChoice): readonly number[] =>
  Array.from({ length: choice.paths ?? 1 }, (_, index) => index + 1);

const common = (choice: HostChoice) => ({
  profile: choice.profile,
  versions: choice.versions ?? [1, 0],
  subtypes: defaultDraftSubtypes,
  seed: choice.seed ?? 'test',
  ...(choice.receiveBuffer === undefined ? {} : { receiveBuffer: choice.receiveBuffer }),
});

export const clientHost = (choice: HostChoice): StreamHost =>
  build(
    {
      ...common(choice),
      seed: `${choice.seed ?? 'test'}/client`,
      sharedAddresses: [],
      paths: pathNumbers(choice).map((path) => ({
        path,
        mac: macOf('client', path),
        neighbour: macOf('server', path),
        addresses: [clientAddress(path), clientAddress6(path)],
      })),
    },
    choice,
  );

/** Serves at the shared address. */
export const serverHost = (choice: HostChoice): StreamHost => {
  const host = build(
    {
      ...common(choice),
      seed: `${choice.seed ?? 'test'}/server`,
      sharedAddresses: [serverAddress, serverAddress6],
      paths: pathNumbers(choice).map((path) => ({
        path,
        mac: macOf('server', path),
        neighbour: macOf('client', path),
        addresses: [`10.${200 + path}.0.1`],
      })),
    },
    choice,
  );
  host.listen(serverPort, choice.service ?? 'echo', 0n);
  return host;
};
