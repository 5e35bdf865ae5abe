/** Mutants that have room for two of what there may be more of, or mix up what belongs to several. */
import type { Tcp } from '../protocol/wire/packet.js';
import { seqBefore } from '../protocol/wire/seq.js';
import { misread, type Passing, spoil } from './fault.js';
import { mutants } from './mutant.js';
import { carries, findAny, isData, isReset, isSyn, isSynAck, without } from './segment.js';

/** Segments with data that follow this one in the sequence and came before it. */
const waiting = (tcp: Tcp, { flow }: Passing): number =>
  flow.segments('in').filter((earlier) => isData(earlier) && seqBefore(tcp.seq, earlier.seq)).length;

const isJoined = ({ flow }: Passing): boolean => {
  const { first } = flow;
  return first !== undefined && findAny(first.tcp, 'mp_join') !== undefined;
};

const dsnOf = (tcp: Tcp): bigint | undefined => findAny(tcp, 'dss')?.dsn;
const lowerHalf = (dsn: bigint): bigint => BigInt.asUintN(32, dsn);

const unshifted = 7;
const largestField = 0xffff;

const idsOf = (name: 'add_addr' | 'remove_addr', { flow }: Passing): readonly number[] =>
  flow.segments('out').flatMap((own) => {
    if (name === 'add_addr') return [findAny(own, 'add_addr')?.addressId ?? []].flat();
    return findAny(own, 'remove_addr')?.addressIds ?? [];
  });

export const manyPiecesMutants = mutants({ profile: 'mptcp', role: 'both' }, [
  {
    id: 'third-mapping-beyond-a-gap-lost',
    requirement: 'RFC6824-3.3-01',
    breaks: 'Two segments beyond a gap keep their mapping; a third one loses it.',
    defect: {
      wire: [
        misread(
          (tcp, passing) => isData(tcp) && findAny(tcp, 'dss') !== undefined && waiting(tcp, passing) === 2,
          (tcp) => without(tcp, 'dss'),
        ),
      ],
    },
  },
  {
    id: 'pieces-sorted-by-the-lower-half',
    requirement: 'RFC6824-3.3-20',
    breaks:
      'What waits beyond a gap is sorted by the lower half of its DSN: data before the wrap that comes after data beyond it is lost.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => {
            const own = dsnOf(tcp);
            const before = flow.segments('in').flatMap((earlier) => dsnOf(earlier) ?? []);
            return own !== undefined && before.some((dsn) => dsn > own && lowerHalf(dsn) < lowerHalf(own));
          },
          (tcp) => without(tcp, 'dss'),
        ),
      ],
    },
  },
  {
    id: 'fastclose-with-any-known-key',
    role: 'server',
    requirement: 'RFC6824-3.5-02',
    breaks: 'MP_FASTCLOSE ends a connection when it carries the key of any connection of the host.',
    defect: {
      remembers: () => {
        const keys = new Set<bigint>();
        return {
          data: {
            isFastclose: ({ localKey }, options) => {
              keys.add(localKey);
              return options.some((option) => option.option === 'mp_fastclose' && keys.has(option.peerKey));
            },
          },
        };
      },
    },
  },
  {
    id: 'window-of-a-joined-flow-not-shifted',
    requirement: 'RFC6824-3.3-08',
    breaks: 'On a joined flow the window is sent without the negotiated shift.',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => isJoined(passing) && !isSyn(tcp) && !isSynAck(tcp) && !isReset(tcp),
          ({ window }) => ({ window: Math.min(window << unshifted, largestField) }),
        ),
      ],
    },
  },
  {
    id: 'address-ids-by-count',
    role: 'server',
    requirement: 'RFC6824-3.4-11',
    breaks: 'After an address was removed, the next one is announced with an Address ID that is in use.',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => carries('add_addr')(tcp) && idsOf('remove_addr', passing).length > 0,
          (tcp, passing) => {
            const removed = idsOf('remove_addr', passing);
            const used = idsOf('add_addr', passing).find((id) => !removed.includes(id));
            return {
              options: tcp.options.map((option) =>
                option.option === 'add_addr' && used !== undefined ? { ...option, addressId: used } : option,
              ),
            };
          },
        ),
      ],
    },
  },
]);
