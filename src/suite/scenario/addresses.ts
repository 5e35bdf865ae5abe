/**
 * The addresses that a case can name: the tester's on its paths, the server addresses of both sides, the implementation's
 * own.
 */
import { ipOctets } from '../../protocol/wire/address.js';
import type { IpVersion } from '../language/case.js';
import { ExpressionError } from '../language/expression.js';
import type { AddressKind } from '../language/functions.js';
import type { OtherVersion, SurroundingsPath } from './contract.js';
import type { Plan } from './plan.js';

export function pathOf(plan: Plan, path: number, ip = plan.case.ip): SurroundingsPath {
  const found = placesOf(plan, ip).paths.find((p) => p.path === path);
  if (found === undefined) throw new ExpressionError(`there is no path ${path}`);
  return found;
}

/** The addresses of an IP version: those of the case, or the others allocated for it. */
export function placesOf({ case: { ip: own }, surroundings }: Plan, ip: IpVersion): OtherVersion {
  if (ip === own) return surroundings;
  if (surroundings.otherVersion === undefined) throw new ExpressionError(`the case has no flow over IPv${ip}`);
  return surroundings.otherVersion;
}

/** The octets of an address. `which` is a path, or 1 or 2 for a server address. */
export function addressOctets(plan: Plan, kind: AddressKind, which: number, ip = plan.case.ip): Uint8Array {
  return ipOctets(addressText(plan, kind, which, ip));
}

/** An address as text. `which` is a path, or 1 or 2 for a server address. */
export function addressText(plan: Plan, kind: AddressKind, which: number, ip: IpVersion): string {
  switch (kind) {
    case 'tester':
      return pathOf(plan, which, ip).testerAddresses[0] ?? nowhere(`the tester has no address on path ${which}`);
    case 'iut':
      return pathOf(plan, which, ip).iutAddress;
    case 'service':
      return serviceAddress(plan, which, ip);
    case 'server': {
      const { address, second } = placesOf(plan, ip).server;
      return which === 2 ? (second?.address ?? nowhere('the implementation has no second address')) : address;
    }
  }
}

/** An address at which the tester serves: the first one, or the second. */
export function serviceAddress(plan: Plan, which: number, ip: IpVersion): string {
  const { address, second } = placesOf(plan, ip).testerServer;
  return which === 2 ? (second ?? nowhere('no flow of this case goes to a second address of the tester')) : address;
}

function nowhere(why: string): never {
  throw new ExpressionError(why);
}
