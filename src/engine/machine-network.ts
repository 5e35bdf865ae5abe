/** The addresses, routes and rules of this machine, as `ip -json` of iproute2 prints them. Unused fields are left out. */
import { z } from 'zod';
import { command } from '../net/lab/command.js';

const address = z.object({
  family: z.enum(['inet', 'inet6']),
  local: z.string(),
  prefixlen: z.number(),
  scope: z.string(),
  temporary: z.boolean().optional(),
  deprecated: z.boolean().optional(),
  tentative: z.boolean().optional(),
  dadfailed: z.boolean().optional(),
});
const links = z.array(
  z.object({
    ifname: z.string().optional(),
    flags: z.array(z.string()).default([]),
    addr_info: z.array(address.or(z.looseObject({}))).default([]),
  }),
);
const routes = z.array(
  z.object({
    dst: z.string().optional(),
    gateway: z.string().optional(),
    dev: z.string().optional(),
    table: z.string().default('main'),
    metric: z.number().default(0),
    type: z.string().optional(),
    nexthops: z.array(z.object({ gateway: z.string().optional(), dev: z.string() })).optional(),
  }),
);
const rules = z.array(
  z.object({ src: z.string().optional(), srclen: z.number().optional(), table: z.string().optional() }),
);
const endpoints = z.array(
  z.object({ address: z.string(), subflow: z.boolean().default(false), flags: z.array(z.string()).default([]) }),
);

export type MachineAddress = Readonly<z.infer<typeof address>>;
export type MachineRoute = Readonly<z.infer<typeof routes>[number]>;

export interface MachineNetwork {
  readonly links: readonly {
    readonly device: string;
    readonly isUp: boolean;
    readonly isLoopback: boolean;
    readonly addresses: readonly MachineAddress[];
  }[];
  readonly routes: { readonly 4: readonly MachineRoute[]; readonly 6: readonly MachineRoute[] };
  /** Rules that look a source address up in a table of its own. */
  readonly rules: readonly { readonly from: string; readonly table: string }[];
  /** Addresses from which the kernel's path manager opens subflows; absent: only root may know, or there is no MPTCP. */
  readonly subflowEndpoints: readonly string[] | undefined;
  /** Further subflows that a connection may have; absent likewise. */
  readonly mostSubflows: number | undefined;
}

/** Throws a LabError where iproute2 is missing. */
export const readMachineNetwork = async (): Promise<MachineNetwork> => {
  const ip = (...argv: readonly string[]): Promise<string> => command('ip', ['-json', ...argv]);
  const [addresses, routes4, routes6, rules4, rules6, points, limit] = await Promise.all([
    ip('address', 'show'),
    ip('-4', 'route', 'show', 'table', 'all'),
    // A kernel without IPv6 has no such routes.
    ip('-6', 'route', 'show', 'table', 'all').catch(() => ''),
    ip('-4', 'rule', 'show'),
    ip('-6', 'rule', 'show').catch(() => ''),
    // Older commands and kernels know no MPTCP.
    ip('mptcp', 'endpoint', 'show').catch(() => undefined),
    ip('mptcp', 'limits', 'show').catch(() => undefined),
  ]);
  return machineNetwork({ addresses, routes4, routes6, rules: [rules4, rules6], endpoints: points, limits: limit });
};

/** Parses the output of the commands; pure, so that machines of any kind can be tested. */
export const machineNetwork = (said: {
  readonly addresses: string;
  readonly routes4: string;
  readonly routes6: string;
  readonly rules: readonly string[];
  readonly endpoints: string | undefined;
  readonly limits: string | undefined;
}): MachineNetwork => ({
  links: links.parse(json(said.addresses)).flatMap(({ ifname, flags, addr_info }) =>
    ifname === undefined
      ? []
      : [
          {
            device: ifname,
            isUp: flags.includes('UP') && flags.includes('LOWER_UP'),
            isLoopback: flags.includes('LOOPBACK'),
            addresses: addr_info.flatMap((each) => {
              const read = address.safeParse(each);
              return read.success ? [read.data] : [];
            }),
          },
        ],
  ),
  routes: { 4: routes.parse(json(said.routes4)), 6: routes.parse(json(said.routes6)) },
  rules: said.rules.flatMap((text) =>
    rules
      .parse(json(text))
      .flatMap(({ src, srclen, table }) =>
        src === undefined || src === 'all' || table === undefined || (srclen ?? 32) < 32 ? [] : [{ from: src, table }],
      ),
  ),
  subflowEndpoints:
    said.endpoints === undefined
      ? undefined
      : endpoints
          .parse(json(said.endpoints))
          .flatMap(({ address: own, subflow, flags }) => (subflow || flags.includes('subflow') ? [own] : [])),
  mostSubflows: limitOf(said.limits),
});

/** `ip` prints nothing for an empty list. */
const json = (text: string): unknown => (text.trim() === '' ? [] : JSON.parse(text));

/** Printed as plain text by iproute2 6.1, as JSON by others. */
const limitOf = (text: string | undefined): number | undefined => {
  const [, number] = /\bsubflows\W+(\d+)/.exec(text ?? '') ?? [];
  return number === undefined ? undefined : Number(number);
};
