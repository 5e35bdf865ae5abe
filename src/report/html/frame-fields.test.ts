import { expect } from 'chai';
import { fromBigEndian } from '../../protocol/bytes/octets.js';
import { capturedFrames } from '../../protocol/fuzz/captured-frames.js';
import { defaultDraftSubtypes } from '../../protocol/mptcp/option.js';
import type { FrameField } from './frame-field.js';
import { frameFields } from './frame-fields.js';
import { simulatedRun } from './testing/simulated-report.js';

/** Frames of kernels, and frames with every option of the draft. */
const frames = (): readonly Uint8Array[] => {
  const run = simulatedRun('null:silent:robe-esim', [
    'robe-esim.client.orders',
    'robe-esim.server.orders',
    'mptcp.server',
  ]);
  const sent = run.results.cases.flatMap(({ evidence }) =>
    evidence === undefined ? [] : (run.evidenceOf(evidence)?.trace ?? []),
  );
  return [...capturedFrames, ...sent.flatMap(({ entry }) => ('frame' in entry ? [entry.frame] : []))];
};

/** Fields that share an octet with another, so that their value is only a part of it. */
const partial = new Set([
  'payload',
  'ip.version',
  'ip.header_length',
  'ip.traffic_class',
  'ip.flow_label',
  'data_offset',
  'mp_capable.version',
  'mp_join.backup',
  'mp_prio.backup',
  'mp_join_cap.reserved',
  'remove_addr.reserved',
  'add_addr.nibble',
  'mp_tcprst.flags',
  'mptcp_unknown.subtype',
  'mptcp_unknown.nibble',
  'remove_addr.address_ids',
]);

const numberOf = ({ value }: FrameField): bigint | undefined => {
  const [number] = /^(0x[0-9a-f]+|\d+)(?=$|[ ,])/.exec(value) ?? [];
  return number === undefined ? undefined : BigInt(number);
};

describe('the fields of a frame', function () {
  this.timeout(180_000);

  it('follow one another without gap to the end of the segment', () => {
    for (const frame of frames()) {
      const fields = frameFields(frame, defaultDraftSubtypes);
      let reached = 0;
      for (const { from, to, name } of fields) {
        expect(from, `${name} begins where the last one ended`).to.be.at.most(reached + 2);
        expect(to, `${name} moves on`).to.be.above(from);
        reached = Math.max(reached, to);
      }
      expect(reached).to.be.at.most(frame.length);
    }
  });

  it('say what their octets say, where they are numbers', () => {
    let compared = 0;
    for (const frame of frames()) {
      for (const field of frameFields(frame, defaultDraftSubtypes)) {
        const value = numberOf(field);
        const width = field.to - field.from;
        if (value === undefined || partial.has(field.name) || width > 8 || field.name.includes('reserved')) continue;
        compared += 1;
        expect(fromBigEndian(frame.subarray(field.from, field.to)), field.name).to.equal(value);
      }
    }
    expect(compared).to.be.above(1000);
  });
});
