/** Mutants of headers that any segment may have: options in the wrong place, payload after the end, no PSH. */
import { TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import { accompany, spoil, withhold } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, isData, isFin, isReset, redraft, withEdited, withOption } from './segment.js';

const { FIN, PSH } = TcpFlag;

export const watchedHeaderMutants: readonly Mutant[] = mutants({ profile: 'tcp', role: 'server' }, [
  {
    id: 'option-without-a-length',
    requirement: 'RFC9293-3.1-09',
    breaks: 'The options of data end with a kind without a length octet.',
    defect: { wire: [spoil(isData, (tcp) => withOption(tcp, { option: 'raw', octets: Uint8Array.of(1, 1, 1, 253) }))] },
  },
  {
    id: 'padding-of-ones',
    requirement: 'RFC9293-3.1-10',
    breaks: 'After the end of the option list of data the padding is not zero.',
    defect: { wire: [spoil(isData, (tcp) => withOption(tcp, { option: 'raw', octets: Uint8Array.of(0, 1, 1, 1) }))] },
  },
  {
    id: 'mss-beside-data',
    requirement: 'RFC9293-3.2-02',
    breaks: 'Data carries an MSS option.',
    defect: { wire: [spoil(isData, (tcp) => withOption(tcp, { option: 'mss', value: 1460 }))] },
  },
  {
    id: 'window-shift-of-fifteen',
    requirement: 'RFC7323-2.3-01',
    breaks: 'The shift count of the SYN/ACK is 15.',
    defect: {
      wire: [spoil(carries('window_scale'), (tcp) => withEdited(tcp, 'window_scale', (o) => ({ ...o, shift: 15 })))],
    },
  },
  {
    id: 'data-after-the-fin',
    requirement: 'RFC9293-3.6-01',
    breaks: 'An octet of data follows the FIN.',
    defect: {
      wire: [
        accompany(isFin, ({ packet, tcp }) => [
          redraft(packet, {
            seq: seqAdd(tcp.seq, tcp.payload.length + 1),
            flags: tcp.flags & ~FIN,
            payload: Uint8Array.of(33),
          }),
        ]),
      ],
    },
  },
  {
    id: 'data-without-push',
    role: 'both',
    requirement: 'RFC9293-3.9.1-03',
    breaks: 'PSH is never set, not even on the last octet to send.',
    defect: {
      wire: [
        spoil(
          (tcp) => isData(tcp) && !isReset(tcp),
          ({ flags }) => ({ flags: flags & ~PSH }),
        ),
      ],
    },
  },
  {
    id: 'short-data-kept-back',
    role: 'both',
    requirement: 'RFC9293-3.9.1-02',
    breaks: 'Data that does not fill a segment waits for more for ever.',
    defect: { wire: [withhold((tcp) => isData(tcp) && tcp.payload.length < 536)] },
  },
]);
