/**
 * The end of a host's data (RFC 6824 and RFC 8684, section 3.3.3): DATA_FIN is the last octet of the data sequence, with
 * one number.
 */

import { countOctets } from '../protocol/bytes/count-octets.js';
import { type Dss, DssFlag } from '../protocol/mptcp/option.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import type { HostState } from './conversation/connection.js';
import { otherEnd } from './conversation/segment.js';
import { hostAt } from './conversation/subflow.js';
import { judgeAckedAhead } from './data-ack.js';
import type { Rule } from './rule.js';
import { judge, type Sight } from './sight.js';

export const dataEndRules = {
  last: {
    name: 'nothing-after-data-fin',
    requirement: 'RFC6824-3.3-09',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'DATA_FIN is the last octet of the data sequence: no data has its number or a later one.',
    needs: "the host's mappings",
  },
  onePlace: {
    name: 'data-fin-at-one-place',
    requirement: 'RFC6824-3.3-09',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A repeated DATA_FIN has the same data sequence number.',
    needs: 'the earlier DATA_FIN',
  },
  mapped: {
    name: 'data-fin-with-a-mapping',
    requirement: 'RFC6824-3.3-25',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A DSS with flag F carries a data sequence number, which is that of the end of the data.',
    needs: 'the segment',
  },
  safeFin: {
    name: 'fin-after-data-ack',
    requirement: 'RFC6824-3.3-26',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'The last subflow is not closed by FIN before all data was Data-ACKed.',
    needs: "every segment of the connection's only subflow",
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** The layout of a DSS with flag F. */
export function judgeDataFin(sight: Sight, dss: Dss): void {
  if ((dss.flags & DssFlag.F) !== 0)
    judge(
      sight,
      dataEndRules.mapped,
      dss.dsn !== undefined,
      () => 'flag F is set and no data sequence number is there',
    );
}

/** A DATA_FIN at a place of the data sequence. */
export function judgeEnd(sight: Sight, host: HostState, place: number): void {
  const { frame } = sight.segment;
  const { dataFin, dataEnd = 0 } = host;
  if (dataFin === undefined) {
    host.dataFin = { place, frame };
    judgeAckedAhead(sight, host, place);
    judge(sight, dataEndRules.last, place >= dataEnd, () => `DATA_FIN is octet ${place}, data went up to ${dataEnd}`);
  } else
    judge(
      sight,
      dataEndRules.onePlace,
      dataFin.place === place,
      () => `DATA_FIN is octet ${place} of the data sequence, before it was ${dataFin.place}`,
      [dataFin.frame],
    );
}

/** Payload that ends before `until` in the data sequence. */
export function judgeBeforeEnd(sight: Sight, host: HostState, until: number): void {
  const { dataFin } = host;
  host.dataEnd = Math.max(host.dataEnd ?? 0, until);
  if (dataFin === undefined) return;
  judge(
    sight,
    dataEndRules.last,
    until <= dataFin.place,
    () => `octets up to ${until} of the data sequence, of which DATA_FIN is octet ${dataFin.place}`,
    [dataFin.frame],
  );
}

/** A FIN on the only subflow of a connection whose path the peer confirmed by a Data ACK. */
export function judgeLastFin(sight: Sight): void {
  const { segment, subflow, vantage } = sight;
  const { connection, openedBy } = subflow;
  if (vantage !== 'peer' || (segment.tcp.flags & TcpFlag.FIN) === 0 || connection === undefined) return;
  if (openedBy === undefined || connection.subflows !== 1 || connection.fallenBack !== undefined) return;
  if (subflow[otherEnd(segment.sender)].firstDataAck === undefined) return;
  const { dataEnd = 0, dataAcked = 0 } = connection.hosts[hostAt(openedBy, segment.sender)];
  judge(
    sight,
    dataEndRules.safeFin,
    dataAcked >= dataEnd,
    () => `the Data ACK covers ${countOctets(dataAcked)} of ${dataEnd}`,
  );
}
