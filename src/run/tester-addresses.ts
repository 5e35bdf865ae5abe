/** The addresses of the tester in one case: frames to them are for this case alone. */
import type { OtherVersion, Surroundings } from '../suite/scenario/contract.js';

/** Each once, those of the other IP version included. */
export const testerAddresses = (surroundings: Surroundings): readonly string[] => [
  ...new Set([surroundings, surroundings.otherVersion].flatMap(addressesOf)),
];

const addressesOf = (places: OtherVersion | undefined): readonly string[] => {
  if (places === undefined) return [];
  const { address, second = address } = places.testerServer;
  return [address, second, ...places.paths.flatMap((path) => path.testerAddresses)];
};
