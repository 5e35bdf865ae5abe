/**
 * Mutants at the limits: keys alike, urgent data, octets ahead of their mapping, an abort that nobody answers or that crosses another, a
 * flow after a damaged one (RFC 6824 and RFC 8684 sections 3.1, 3.3, 3.5 and 3.7).
 */
import { TcpFlag } from '../protocol/wire/packet.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { accompany, crash, misread, overlook, repeat, withhold } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, findAny, isData, isReset, isSynAck, isThird, redraft, without } from './segment.js';

const givesUp = carries('mp_fastclose');

export const limitMutants: readonly Mutant[] = [
  ...(['client', 'server'] as const).flatMap((role) =>
    mutants({ profile: 'mptcp', role }, [
      {
        id: `urgent-mapping-unread.${role}`,
        requirement: 'RFC6824-3.3-14',
        breaks: 'The mapping of a segment with URG is passed over.',
        defect: {
          wire: [
            misread(
              (tcp) => isData(tcp) && hasFlag(tcp, TcpFlag.URG),
              (tcp) => without(tcp, 'dss'),
            ),
          ],
        },
      },
      {
        id: `octets-ahead-of-their-mapping-dropped.${role}`,
        requirement: 'RFC6824-3.3-15',
        breaks: 'On a flow with mappings a segment without one is dropped.',
        defect: {
          wire: [
            overlook(
              (tcp, { flow }) =>
                isData(tcp) &&
                !carries('dss')(tcp) &&
                !carries('mp_capable')(tcp) &&
                flow.segments('in').some(carries('dss')),
            ),
          ],
        },
      },
      {
        id: `fastclose-repeated-too-often.${role}`,
        requirement: 'RFC6824-3.5-05',
        breaks: 'MP_FASTCLOSE is repeated eight times.',
        defect: {
          behaves: { close: { fastclose: 'ack' } },
          wire: [repeat((tcp) => givesUp(tcp) && !isReset(tcp))],
        },
      },
      {
        id: `crossing-fastclose-unread.${role}`,
        requirement: 'RFC6824-3.5-06',
        breaks: 'MP_FASTCLOSE that comes after the own one is passed over, and the own one repeated.',
        defect: {
          behaves: { close: { fastclose: 'ack' } },
          wire: [overlook((tcp, { flow }) => givesUp(tcp) && flow.segments('out').some(givesUp))],
        },
      },
      {
        id: `fastclose-ends-in-silence.${role}`,
        requirement: 'RFC8684-3.5-04',
        versions: [1],
        breaks: 'After its last MP_FASTCLOSE the host forgets the connection without a reset.',
        defect: {
          behaves: { close: { fastclose: 'ack' } },
          wire: [withhold((tcp) => givesUp(tcp) && isReset(tcp))],
        },
      },
    ]),
  ),
  ...mutants({ profile: 'mptcp', role: 'client' }, [
    {
      id: 'key-b-of-zero-crashes',
      requirement: 'DERIVED-MALF-06',
      breaks: 'A Key-B of zero takes the process down.',
      defect: { wire: [crash((tcp) => isSynAck(tcp) && findAny(tcp, 'mp_capable')?.key === 0n)] },
    },
    {
      id: 'third-segment-five-times',
      requirement: 'RFC6824-3-04',
      breaks: 'The third segment leaves five times at once.',
      defect: {
        wire: [
          accompany(isThird, ({ packet }) => [redraft(packet), redraft(packet), redraft(packet), redraft(packet)]),
        ],
      },
    },
    {
      id: 'own-key-back-crashes',
      requirement: 'DERIVED-MALF-08',
      versions: [0],
      breaks: 'A Key-B that is the own Key-A takes the process down.',
      defect: {
        wire: [
          crash((tcp, { flow }) => {
            const key = findAny(tcp, 'mp_capable')?.key;
            return isSynAck(tcp) && key !== undefined && key === flow.key('out');
          }),
        ],
      },
    },
    {
      id: 'mappings-again-after-a-damaged-flow',
      requirement: 'RFC6824-3.6-15',
      breaks: 'A flow that is opened after the only one was reset with MP_FAIL carries ordinary mappings.',
      defect: { decides: { client: { joinsAfterEnd: () => true } } },
    },
  ]),
];
