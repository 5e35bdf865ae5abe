/** What a red case leaves behind, as other programs see it. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describeEnvironment, toolName } from '../cli/environment.js';
import { describeSubject } from '../conduct/describe-subject.js';
import { bundledCatalogue } from '../conduct/testing/bundled-catalogue.js';
import { chooseIut } from '../iut/choose.js';
import { obstacle } from '../net/capture/testing/missing-tools.js';
import { tsharkFields } from '../net/capture/testing/tshark.js';
import { skipBecause } from '../net/lab/testing/skip.js';
import { resultOf } from '../run/result.js';
import { simulateCase } from '../run/simulate.js';
import { evidenceFiles, writeEvidence } from './evidence.js';
import { readLossless } from './lossless-json.js';
import { readEvidence } from './read-evidence.js';

describe('the evidence of a case', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'robe-evidence-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const { cases } = bundledCatalogue();

  /** Runs one case and keeps its evidence, whatever came of it. */
  const keep = (iut: string, id: string): string => {
    const [subject] = chooseIut(iut);
    const each = cases.find((one) => one.id === id);
    if (subject?.time !== 'virtual' || each === undefined) throw new Error(`there is no ${id} for ${iut}`);
    const { plan, driven } = simulateCase(subject, each, '7');
    const directory = join(folder, `${iut}-${id}`.replaceAll(':', '-'));
    writeEvidence(directory, {
      plan,
      result: resultOf(subject.name, each, driven),
      trace: driven.trace,
      environment: { tool: toolName(), environment: describeEnvironment(), subject: describeSubject(subject) },
      command: ['robe', 'run', id],
    });
    return directory;
  };
  const failing = () => keep('mutant:esim-mac-split-otherwise', 'robe-esim.client.confirmed-on-one-of-three.v0.ip4');

  it('is read back as it was written', () => {
    const directory = failing();
    const { plan, trace, result } = readEvidence(directory);
    expect(result).to.include({ verdict: 'fail', signature: 'mismatch/ACK.mp_join_cap.mac' });
    expect(plan.seed).to.equal('7');
    const control = readFileSync(join(directory, evidenceFiles.control), 'utf8').trimEnd().split('\n');
    expect(control.map((line) => readLossless(line))).to.deep.equal(
      trace.flatMap(({ at, entry }) => {
        const unseen = 'event' in entry ? ['started', 'control'].includes(entry.event) : entry.action === 'control';
        const finished = 'action' in entry && entry.action === 'finished';
        return unseen || finished ? [{ at, ...entry }] : [];
      }),
    );
    expect(JSON.parse(readFileSync(join(directory, evidenceFiles.environment), 'utf8'))).to.have.nested.property(
      'subject.claims.profiles',
    );
  });

  it('has a capture that tshark and tcpdump read frame by frame, with the steps and the guilt', function () {
    const why = obstacle(['tshark', 'tcpdump', 'capinfos']);
    if (why !== undefined) skipBecause(this, why);
    const directory = failing();
    const { trace } = readEvidence(directory);
    const frames = trace.filter(({ entry }) => 'frame' in entry);
    const capture = join(directory, evidenceFiles.capture);
    const rows = tsharkFields(capture, [
      'frame.number',
      'frame.interface_name',
      'frame.interface_description',
      'frame.packet_flags_direction',
      'frame.comment',
    ]);
    expect(rows.map((row) => Number(row['frame.number'][0]))).to.deep.equal(frames.map((_, index) => index + 1));
    for (const [index, row] of rows.entries()) {
      const entry = frames[index]?.entry;
      const path = entry !== undefined && 'path' in entry ? entry.path : 0;
      expect(row['frame.interface_name']).to.deep.equal([`path${path}`]);
      expect(row['frame.interface_description'][0]).to.match(new RegExp(`^path ${path}: implementation 10\\.`));
      // Of pcapng's flags: 1 is inbound, 2 outbound.
      const inbound = entry !== undefined && 'event' in entry;
      expect(Number(row['frame.packet_flags_direction'][0])).to.equal(inbound ? 1 : 2);
      expect(row['frame.comment'][0]).to.match(/^\[step /);
    }
    const guilty = rows.filter((row) =>
      row['frame.comment'].some((comment) => /FAIL DRAFT-eSIM-C-0[67]/.test(comment)),
    );
    expect(guilty).to.have.length(1);
    expect(guilty[0]?.['frame.comment'].at(-1)).to.match(/^mp_join_cap\.mac: expected .*, got /);
    const printed = spawnSync('tcpdump', ['-nr', capture], { encoding: 'utf8' });
    expect(printed.status).to.equal(0);
    expect(printed.stdout.trimEnd().split('\n')).to.have.length(frames.length);
    const infos = spawnSync('capinfos', ['-k', capture], { encoding: 'utf8' }).stdout;
    expect(infos)
      .to.match(/confirmed-on-one-of-three\.v0\.ip4 on mutant:.*: fail\./)
      .and.match(/\{"robe-recording":1,/);
    const named = spawnSync('tshark', ['-N', 'n', '-r', capture], { encoding: 'utf8' }).stdout;
    expect(named).to.match(/iut-path1 → tester-server/);
  });

  it('brings a dissector by which tshark reads and filters the options of the draft', function () {
    const why = obstacle(['tshark']);
    if (why !== undefined) skipBecause(this, why);
    const options = (directory: string) => ['-X', `lua_script:${join(directory, evidenceFiles.dissector)}`];
    const joined = failing();
    const read = (directory: string, filter: string, more: readonly string[] = []) =>
      tsharkFields(
        join(directory, evidenceFiles.capture),
        [
          'frame.number',
          'robe.mp_join_cap.mac',
          'robe.mp_join_cap.fast_hash',
          'robe.mp_join_cap.key',
          'robe.l_rtt_en.rtt',
          'robe.robe_esim_en.reserved',
        ],
        [...options(directory), ...more, '-Y', filter],
      );
    const [join_, ...others] = read(joined, 'robe.mp_join_cap.mac');
    expect(others).to.deep.equal([]);
    const { trace } = readEvidence(joined);
    const told = trace.map(({ note }) => note?.text ?? '').find((text) => text.includes('mp_join_cap address_id'));
    const [, key, mac] = /key (0x[0-9a-f]+) mac ([0-9a-f]+)/.exec(told ?? '') ?? [];
    expect(join_?.['robe.mp_join_cap.mac']).to.deep.equal([mac]);
    expect(join_?.['robe.mp_join_cap.key']).to.deep.equal([key]);
    expect(Number(join_?.['robe.mp_join_cap.fast_hash'][0])).to.equal(Number(`0x${mac?.slice(-4)}`) % 1024);
    expect(read(joined, 'robe.robe_esim_en')).to.have.length(5);
    expect(read(joined, 'robe.mp_join_cap', ['-o', 'robe.mp_join_cap:12']), 'another subtype').to.have.length(0);
    const reported = keep('embedded:mptcp', 'mptcp.server.remote-rtt-offer.octets-8.v1.ip4');
    expect(read(reported, 'robe.l_rtt_en.rtt')).to.not.have.length(0);
  });
});
