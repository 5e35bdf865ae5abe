/** Addresses and ports of a flow, as values and as text. */

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The ends of a flow: who sent the SYN, and to whom. */
export interface Flow {
  readonly opener: Endpoint;
  readonly listener: Endpoint;
}

/** IPv6 addresses stand in brackets (RFC 3986 section 3.2.2). */
export const endpointText = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

export const flowText = ({ opener, listener }: Flow): string => `${endpointText(opener)} > ${endpointText(listener)}`;
