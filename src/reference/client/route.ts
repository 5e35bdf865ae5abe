/** Source addresses: the first of the target's family on a path (RFC9293-3.9.1-01: a flow keeps it). */
import type { IpAddress } from '../../protocol/wire/packet.js';
import type { Stack } from '../stack.js';

export const isV6 = (address: IpAddress): boolean => address.includes(':');

/** This host's address on a path towards `remote`; absent when the path has none of that family. */
export const localAddress = (stack: Stack, path: number, remote: IpAddress): IpAddress | undefined =>
  stack.paths.get(path)?.addresses.find((address) => isV6(address) === isV6(remote));

/** Paths that can reach `remote`, in the order given (ROBE-P1-C-15: one without an address is no obstacle). */
export const usablePaths = (
  stack: Stack,
  wanted: readonly number[] | undefined,
  remote: IpAddress,
): readonly number[] =>
  (wanted ?? stack.config.paths.map(({ path }) => path)).filter(
    (path) => localAddress(stack, path, remote) !== undefined,
  );
