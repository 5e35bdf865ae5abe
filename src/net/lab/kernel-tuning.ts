/** Settings of the kernel at the IUT's end of a lab that differ from a lab's default. */
import { quoteForShell } from '../../protocol/bytes/shell-word.js';
import type { LabPath } from './layout.js';

/** A setting of the kernel: `net.mptcp.enabled=1`. */
export type KernelSetting = readonly [name: string, value: string];

/** What an MPTCP endpoint is for: opening subflows from its address, or announcing it. */
export type EndpointUse = 'subflow' | 'signal';

export interface KernelTuning {
  readonly sysctl: readonly KernelSetting[];
  /** Subflows besides the first that a connection may have, opened or accepted; the lab's default if absent. */
  readonly subflows?: number;
  /** For what its addresses on path 2 and above are endpoints. */
  readonly endpoints: readonly EndpointUse[];
}

/** Throws a RangeError. */
export const readKernelSetting = (value: string): KernelSetting => {
  const [, name, setting] = /^([\w./-]+)=(.*)$/.exec(value) ?? [];
  if (name === undefined || setting === undefined)
    throw new RangeError(`sysctl= takes NAME=VALUE, as net.mptcp.checksum_enabled=1, got ${value}`);
  return [name, setting];
};

/** The file of a setting. */
export const settingFile = (name: string): string => `/proc/sys/${name.replaceAll('.', '/')}`;

/** For `sh -e` in the namespace of the kernel, after its creation. */
export const tuningScript = (paths: readonly LabPath[], { sysctl, subflows, endpoints }: KernelTuning): string =>
  [
    ...sysctl.map(([name, value]) => `echo ${quoteForShell(value)} > ${quoteForShell(settingFile(name))}`),
    ...(subflows === undefined ? [] : [`ip mptcp limits set subflows ${subflows} add_addr_accepted ${subflows}`]),
    ...endpoints.flatMap((use) =>
      paths
        .filter(({ path }) => path > 1)
        .flatMap(({ iut, iutAddress }) =>
          Object.values(iutAddress).map((address) => `ip mptcp endpoint add ${address} dev ${iut.device} ${use}`),
        ),
    ),
    '',
  ].join('\n');
