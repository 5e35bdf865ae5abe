/**
 * The client's end of a live experiment. Its addresses are those that a lab's server expects of a tester: 10.(200+p).64.1 on
 * path p; it reaches the server over each path through the gateway that stands for the relay. Commands as text.
 */
import { nthAddress } from '../../../net/lab/addresses.js';
import type { LabPath } from '../../../net/lab/layout.js';
import { serverAddress } from '../../../net/lab/layout.js';

/** The client's own address on a path. */
export const clientAddressOf = ({ testerPrefix }: LabPath): string => nthAddress(testerPrefix[4], 1);

const tableOf = (path: number): number => 100 + path;

/** Turns a silent end into that of a kernel that is an MPTCP client. For `sh -e`. */
export const kernelClientScript = (paths: readonly LabPath[]): string =>
  `${[
    'echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter',
    'echo 1 > /proc/sys/net/ipv4/tcp_no_metrics_save',
    'echo 1 > /proc/sys/net/mptcp/enabled',
    // One SYN without MPTCP that was answered must not keep the client from MPTCP for an hour.
    '! test -e /proc/sys/net/mptcp/blackhole_timeout || echo 0 > /proc/sys/net/mptcp/blackhole_timeout',
    ...paths.map(({ iut }) => `echo 0 > /proc/sys/net/ipv4/conf/${iut.device}/rp_filter`),
    "ip -batch - <<'END'",
    ...paths.flatMap(commandsOf),
    'mptcp limits set subflows 8 add_addr_accepted 0',
    'END',
  ].join('\n')}\n`;

const commandsOf = (labPath: LabPath): readonly string[] => {
  const { path, iut, tester, gateway } = labPath;
  const own = clientAddressOf(labPath);
  const via = `via ${gateway[4]} dev ${iut.device} onlink`;
  return [
    `addr add ${own}/32 dev ${iut.device}`,
    `neigh add ${gateway[4]} lladdr ${tester.mac} dev ${iut.device} nud permanent`,
    `route add default ${via} table ${tableOf(path)}`,
    `rule add from ${own} lookup ${tableOf(path)}`,
    ...(path === 1 ? [`route add ${serverAddress[4]} ${via} src ${own}`] : []),
  ];
};
