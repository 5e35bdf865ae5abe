/** The view and the decoder of whole packets are two readings of the same octets: on any frame they agree. */
import { expect } from 'chai';
import fc from 'fast-check';
import { anyDraft } from '../testing/arbitrary.js';
import { decodeEthernet } from './ethernet.js';
import { decodeFrame, encodeTcpFrame } from './frame.js';
import { SegmentView } from './segment-view.js';
import { seq } from './seq.js';
import type { TcpOption } from './tcp-option.js';
import { optionsLength } from './tcp-options.js';

/** What both tell of a frame, in one form. */
function viewed(frame: Uint8Array): unknown {
  const head = decodeEthernet(frame);
  if ('why' in head) return 'malformed';
  const view = new SegmentView();
  const kind = view.look(frame, head.start, frame.length, head.ethernet.etherType);
  // A decoder of whole packets makes no difference.
  if (kind !== 'tcp') return kind === 'cut' ? 'malformed' : kind;
  const { source, destination, sourcePort, destinationPort, seq, ack, reserved, flags, mptcp, payload } = view;
  return {
    addresses: [source, destination, sourcePort, destinationPort],
    numbers: [seq, ack, reserved, flags],
    mptcp,
    payload: [...payload],
    checksumState: view.checksumState,
  };
}

function decoded(frame: Uint8Array): unknown {
  const packet = decodeFrame(frame);
  if (packet.kind !== 'tcp') return packet.kind === 'malformed' ? 'malformed' : 'other';
  const { ip, tcp } = packet;
  return {
    addresses: [ip.source, ip.destination, tcp.sourcePort, tcp.destinationPort],
    numbers: [tcp.seq, tcp.ack, tcp.reserved, tcp.flags],
    mptcp: tcp.options.filter(isOfMptcp),
    payload: [...tcp.payload],
    checksumState: tcp.checksumState,
  };
}

/** Options of kind 30, and of the others those that cannot be read. */
const isOfMptcp = ({ option }: TcpOption): boolean => !otherOptions.has(option);

const otherOptions: ReadonlySet<TcpOption['option']> = new Set([
  'eol',
  'nop',
  'mss',
  'window_scale',
  'sack_permitted',
  'sack',
  'timestamps',
  'unknown',
  'raw',
]);

/** Drafts whose options fit into a header. */
const fitting = anyDraft.filter(({ tcp }) => optionsLength(tcp.options ?? []) <= 40);

describe('a segment view', () => {
  it('reads what the decoder reads', () => {
    fc.assert(
      fc.property(fitting, (draft) => {
        const frame = encodeTcpFrame(draft);
        expect(viewed(frame)).to.deep.equal(decoded(frame));
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('reads damaged frames alike, and never throws', () => {
    const damage = fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fitting, damage, fc.nat(120), (draft, changes, cut) => {
        const frame = encodeTcpFrame(draft);
        for (const [at, octet] of changes) if (at >= 12 && at < frame.length) frame[at] = octet;
        const left = frame.subarray(0, Math.max(14, frame.length - Math.max(0, cut - 60)));
        const expected = decoded(left);
        // ARP and ICMP have forms of their own that a reader of TCP passes by.
        if (expected === 'other' || (expected === 'malformed' && viewed(left) === 'other')) return;
        expect(viewed(left)).to.deep.equal(expected);
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it('knows how much payload a frame that was cut had', () => {
    const ethernet = { destination: '02:00:00:00:00:01', source: '02:00:00:00:00:02' };
    const tcp = { sourcePort: 1, destinationPort: 2, seq: seq(3), flags: 0x10, payload: new Uint8Array(100) };
    for (const ip of [
      { source: '10.0.0.1', destination: '10.0.0.2' },
      { source: 'fd00::1', destination: 'fd00::2' },
    ]) {
      const frame = encodeTcpFrame({ ethernet, ip, tcp });
      const view = new SegmentView();
      const head = decodeEthernet(frame);
      if ('why' in head) throw new Error(head.why);
      view.look(frame, head.start, frame.length - 60, head.ethernet.etherType);
      expect([view.whole, view.payloadLength, view.payload.length]).to.deep.equal([false, 100, 40]);
      expect(view.checksumState).to.equal('unverifiable');
    }
  });
});
