/** Sequence numbers, ports and what of the checks on them is optional. */
import { seq, seqAtMost } from '../protocol/wire/seq.js';
import type { Decisions } from '../reference/questions.js';
import { flowKey } from '../reference/tcp/flow.js';
import { initialSequence } from '../reference/tcp/flow-table.js';
import { everyProfile, type Variant, variants } from './variant.js';

/** The first flow of the host begins there, the others where it is drawn for them. */
const beginning = (isn: number) => ({
  remembers: () => {
    let isFirst = true;
    return {
      tcp: {
        initialSequence: (...[stack, place]: Parameters<Decisions['tcp']['initialSequence']>) => {
          const number = isFirst ? seq(isn) : initialSequence(stack, place);
          isFirst = false;
          return number;
        },
      },
    };
  },
});
const drawn = { source: 'RFC 9293', section: '3.4.1' } as const;

/** Ports are counted up from there; flows of different addresses may have the same one, and none is used twice. */
const portsFrom = (first: number) => ({
  remembers: () => {
    const used = new Set<string>();
    return {
      tcp: {
        sourcePort: (...[, { local, remote, remotePort }]: Parameters<Decisions['tcp']['sourcePort']>) => {
          let port = first;
          while (used.has(flowKey(local, port, remote, remotePort))) port += 1;
          used.add(flowKey(local, port, remote, remotePort));
          return port;
        },
      },
    };
  },
});

const optional = { source: 'RFC 9293', section: '3.10.7.4' } as const;

export const numberVariants: readonly Variant[] = [
  ...variants({ profiles: everyProfile, about: 'initial sequence number' }, [
    {
      id: 'isn-before-the-wrap',
      sentence: {
        ...drawn,
        says: 'Initial sequence numbers may have any value of 32 bits: here the last but one.',
      },
      change: beginning(0xffff_fffe),
    },
    {
      id: 'isn-of-zero',
      sentence: { ...drawn, says: 'Initial sequence numbers may have any value of 32 bits: here zero.' },
      change: beginning(0),
    },
    {
      id: 'isn-before-the-sign',
      sentence: { ...drawn, says: 'Initial sequence numbers may have any value of 32 bits: here the middle.' },
      change: beginning(0x7fff_fffe),
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'ports', role: 'client' }, [
    {
      id: 'same-port-on-every-path',
      sentence: {
        source: 'RFC 8684',
        section: '3.9.1',
        says: 'The local port of a further subflow should be that of the first; at another address this port is free.',
      },
      change: portsFrom(50_000),
    },
    {
      id: 'ports-from-1025',
      sentence: {
        source: 'RFC 9293',
        section: '3.9.1.1',
        says: 'The host chooses the local port of an active OPEN: here the lowest ones.',
      },
      change: portsFrom(1025),
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'protection against blind attacks' }, [
    {
      id: 'reset-anywhere-in-the-window',
      sentence: {
        ...optional,
        says: 'The protection of RFC 5961 is optional: without it a reset anywhere in the window is accepted.',
      },
      keeps: 'musts',
      change: { decides: { tcp: { judgeReset: () => 'reset' } } },
    },
    {
      id: 'old-acknowledgments-taken',
      sentence: {
        ...optional,
        says: 'Refusing an old ACK is optional (MAY-12): here it is accepted.',
      },
      keeps: 'musts',
      change: { decides: { tcp: { isAckAcceptable: (flow, { ack }) => seqAtMost(ack, flow.sndNxt) } } },
    },
    {
      id: 'no-paws',
      sentence: {
        source: 'RFC 7323',
        section: '5.3',
        says: 'PAWS is optional: here it is not used.',
      },
      keeps: 'musts',
      change: { decides: { tcp: { isOutdated: () => false } } },
    },
    {
      id: 'timestamp-not-required',
      sentence: {
        source: 'RFC 7323',
        section: '3.2',
        says: 'Dropping a segment without the negotiated timestamp is a recommendation: here it is accepted.',
      },
      keeps: 'musts',
      change: { behaves: { tcp: { timestamps_required: false } } },
    },
  ]),
];
