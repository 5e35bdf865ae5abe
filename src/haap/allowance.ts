/**
 * The targets to which an aggregation point connects. Only named targets are allowed: without any allowance, only the
 * loopback addresses. A name is allowed if it or its resolved address is named, and the connection goes to that same
 * address, so a name cannot change its meaning in between.
 *
 *     HOST | HOST:PORT | PREFIX/LENGTH | PREFIX/LENGTH:PORT        an IPv6 address with a port stands in brackets
 */
import ipaddr from 'ipaddr.js';

export interface Allowance {
  readonly host: string | { readonly network: ipaddr.IPv4 | ipaddr.IPv6; readonly length: number };
  /** Absent: every port. */
  readonly port?: number;
}

export const loopbackAllowances: readonly string[] = ['127.0.0.0/8', '::1'];

/** Throws a RangeError that describes the error in the text. */
export const readAllowance = (text: string): Allowance => {
  const { host, port } = splitPort(text);
  const range = port === undefined ? {} : { port };
  if (ipaddr.isValidCIDR(host)) {
    const [network, length] = ipaddr.parseCIDR(host);
    return { host: { network, length }, ...range };
  }
  if (isAddress(host)) {
    const network = ipaddr.parse(host);
    return { host: { network, length: network.kind() === 'ipv4' ? 32 : 128 }, ...range };
  }
  if (!/^[A-Za-z0-9_]([\w.-]*[A-Za-z0-9_])?$/.test(host)) {
    throw new RangeError(`${text}: expected HOST, HOST:PORT, PREFIX/LENGTH or PREFIX/LENGTH:PORT`);
  }
  return { host: host.toLowerCase(), ...range };
};

/** `HOST:PORT` of one target; throws a RangeError that describes the error. */
export const readTarget = (text: string): { readonly host: string; readonly port: number } => {
  const { host, port } = splitPort(text);
  if (port === undefined || host === '') throw new RangeError(`${text}: expected HOST:PORT`);
  return { host, port };
};

const splitPort = (text: string): { readonly host: string; readonly port: number | undefined } => {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  // Without brackets two colons are an IPv6 address.
  const plain = text.split(':').length > 2 ? undefined : /^([^:]*)(?::(.*))?$/.exec(text);
  const [, host = text, port] = bracketed ?? plain ?? [];
  if (port === undefined) return { host, port: undefined };
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) throw new RangeError(`${text}: there is no port ${port}, expected 1 to 65535`);
  return { host, port: number };
};

/** Whether a connection to a target is allowed: `host` as requested, `address` as resolved. */
export const isAllowed = (
  allowances: readonly Allowance[],
  target: { readonly host: string; readonly address: string; readonly port: number },
): boolean =>
  allowances.some(
    ({ host, port }) =>
      (port === undefined || port === target.port) &&
      (typeof host === 'string' ? host === target.host.toLowerCase() : contains(host, target.address)),
  );

const contains = (
  { network, length }: { readonly network: ipaddr.IPv4 | ipaddr.IPv6; readonly length: number },
  text: string,
): boolean => {
  if (!isAddress(text)) return false;
  // An IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2) is that IPv4 address.
  const address = ipaddr.process(text);
  return address.kind() === network.kind() && address.match(network, length);
};

/** ipaddr.js reads `1` and `0x7f.1` as addresses, too; these are names here, and the resolver resolves them. */
const isAddress = (text: string): boolean =>
  text.includes(':') ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
