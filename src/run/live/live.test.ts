/** The live driver as dialogues under virtual time: the reference on a memory link stands for a session on real wires. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { embeddedClaims, openEmbedded } from '../../iut/embedded-session.js';
import { settingsOf } from '../../iut/settings.js';
import type { LiveSession, LiveSubject } from '../../iut/subject.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { defaultParameters } from '../../reference/parameters.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { serverCase } from '../../suite/testing/dialogue.js';
import { allocate } from '../allocation.js';
import { type LiveEnd, type LiveRun, runLive } from './live.js';

const openSession = (): LiveSession => {
  const session = openEmbedded({ profile: 'tcp', parameters: defaultParameters, seed: 'live' });
  return { ...session, settle: async () => session.link.counters(), remarks: [], measured: {} };
};

const claims = embeddedClaims('tcp');
const subject: LiveSubject = {
  name: 'live',
  time: 'real',
  claims,
  settings: settingsOf(claims.parameters),
  open: async () => openSession(),
};

const handshake = '- send: {on: 1, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK}\n';
const short = (id: string): ExpandedCase => ({ ...serverCase(handshake), id });
const long = (id: string): ExpandedCase => ({ ...serverCase(`${handshake}- wait: 5s`), id });

interface Outcome {
  readonly end: LiveEnd;
  /** `id verdict`, in the order in which they came. */
  readonly told: readonly string[];
}

/** Runs cases, letting virtual time and promises take turns; `meanwhile` hears of each case that began. */
const run = async (
  given: Pick<LiveRun, 'session' | 'cases'> & Partial<LiveRun>,
  meanwhile: (began: string, stop: AbortController) => void = () => {},
): Promise<Outcome> => {
  const told: string[] = [];
  const stop = new AbortController();
  let over = false;
  const running = runLive(
    {
      subject,
      seed: 'live',
      jobs: 8,
      began: ({ id }) => meanwhile(id, stop),
      voided: ({ id }, { judgement }) => told.push(`${id} void ${judgement.verdict}`),
      finished: ({ id }, _, { judgement }) => told.push(`${id} ${judgement.verdict}`),
      ...given,
    },
    stop.signal,
  ).finally(() => {
    over = true;
  });
  while (!over) {
    let events = 0;
    given.session.advance?.(() => {
      events += 1;
      return events > 1;
    });
    await turn();
  }
  return { end: await running, told };
};

describe('a live run', () => {
  it('gives every case its result, the quick ones while the slow ones wait', async () => {
    const cases = [long('slow'), short('a'), short('b')];
    const { end, told } = await run({ session: openSession(), cases });
    expect(end).to.deep.equal({ end: 'done' });
    expect(told).to.deep.equal(['a pass', 'b pass', 'slow pass']);
  });

  it('waits for addresses, also for those that an earlier part of it still has', async () => {
    const session = openSession();
    const paths = session.facts.paths.map((path) => ({ ...path, testerPrefix: { 4: `10.20${path.path}.64.0/30` } }));
    const allocation = allocate({ ...session.facts, paths }, 'live');
    expect((await run({ session, allocation, cases: [short('first')] })).told).to.deep.equal(['first pass']);
    const { told } = await run({ session, allocation, cases: [short('a'), short('b')] });
    expect(told).to.deep.equal(['a pass', 'b pass']);
  });

  it('keeps within the connections that a small host can hold, and leaves one for the question whether it is there', async () => {
    const session = openSession();
    const open = new Set<string>();
    let most = 0;
    const link: LiveSession['link'] = {
      paths: session.link.paths,
      subscribe: (listener) => session.link.subscribe(listener),
      counters: () => session.link.counters(),
      close: () => session.link.close(),
      send: (path, frame) => {
        const decoded = decodeFrame(frame);
        if (decoded.kind === 'tcp') {
          const { ip, tcp } = decoded;
          const flow = `${ip.source} ${tcp.sourcePort}`;
          if ((tcp.flags & TcpFlag.RST) !== 0) open.delete(flow);
          else open.add(flow);
          most = Math.max(most, open.size);
        }
        session.link.send(path, frame);
      },
    };
    // Each case has a flow and, on each of two paths, perhaps a probe.
    const small = { ...subject, claims: { ...claims, connections: 7 } };
    const cases = Array.from({ length: 8 }, (_, n) => long(`case-${n}`));
    const { told } = await run({ subject: small, session: { ...session, link }, cases });
    expect(told).to.deep.equal(cases.map(({ id }) => `${id} pass`));
    expect(most).to.be.within(2, 6);
  });

  it('that is stopped abandons what is under way and begins nothing more', async () => {
    const cases = [long('slow'), short('a'), short('b')];
    const { end, told } = await run({ session: openSession(), cases }, (began, stop) => {
      if (began === 'a') stop.abort();
    });
    expect(end).to.deep.equal({ end: 'done' });
    expect(told).to.deep.equal([]);
  });

  /** A session whose control breaks when a case begins. */
  const breaking = (): { readonly session: LiveSession; readonly breakDown: () => void } => {
    let breakDown = (): void => {};
    const broken = new Promise<string>((resolve) => {
      breakDown = () => resolve('it was killed');
    });
    const session = openSession();
    const control = session.control;
    if (control === undefined) throw new Error('the embedded reference has control');
    return { session: { ...session, control: { ...control, broken } }, breakDown: () => breakDown() };
  };

  it('whose implementation goes away suspects what was under way, and tells what had not begun', async () => {
    const { session, breakDown } = breaking();
    const cases = [long('one'), long('other'), short('left')];
    const { end, told } = await run({ session, cases, jobs: 2 }, (began) => {
      if (began === 'other') breakDown();
    });
    expect(told).to.deep.equal([]);
    expect(end).to.deep.equal({
      end: 'lost',
      why: 'it was killed',
      suspects: cases.slice(0, 2),
      left: cases.slice(2),
    });
  });

  it('tells of the attempts that this machine spoilt, and lets the last one count', async () => {
    const session = openSession();
    const { clock, link } = session;
    // Every segment leaves 8 ms after its moment.
    let late = 0n;
    const slow: LiveSession = {
      ...session,
      clock: { at: (time, callback) => clock.at(time, callback), now: () => clock.now() + late },
      link: {
        paths: link.paths,
        subscribe: (listener) => link.subscribe(listener),
        counters: () => link.counters(),
        close: () => link.close(),
        send: (path, frame) => {
          link.send(path, frame);
          late = 8_000_000n;
          queueMicrotask(() => {
            late = 0n;
          });
        },
      },
    };
    const wrong = '- send: {on: 1, segment: SYN}\n- expect: {on: 1, segment: RST}\n';
    const { told } = await run({ session: slow, cases: [{ ...serverCase(wrong), id: 'wrong' }] });
    expect(told).to.deep.equal(['wrong void fail', 'wrong void fail', 'wrong fail']);
  });

  it('begins again while the implementation is kept from its processor, and no longer', async () => {
    const session = openSession();
    let asked = 0;
    // Asked before and after each attempt: for 8 ms in the first one.
    const heldUp = (): bigint => {
      asked += 1;
      return asked < 2 ? 0n : 8_000_000n;
    };
    const wrong = '- send: {on: 1, segment: SYN}\n- expect: {on: 1, segment: RST}\n';
    const { told } = await run({ session: { ...session, heldUp }, cases: [{ ...serverCase(wrong), id: 'wrong' }] });
    expect(told).to.deep.equal(['wrong void fail', 'wrong fail']);
  });

  it('leaves a case that was alone its verdict', async () => {
    const { session, breakDown } = breaking();
    const cases = [long('alone'), short('left')];
    const { end, told } = await run({ session, cases, jobs: 1 }, breakDown);
    expect(told).to.deep.equal(['alone pass']);
    expect(end).to.deep.include({ end: 'lost', suspects: [], left: cases.slice(1) });
  });
});
