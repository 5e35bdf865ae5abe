/** A stateless implementation on a memory link, under a clock of its own, at the addresses of the embedded one. */
import { VirtualClock } from '../../net/clock/virtual.js';
import { createMemoryLink } from '../../net/link/memory.js';
import { defaultDraftSubtypes } from '../../protocol/mptcp/option.js';
import { decodeFrame, encodeTcpFrame } from '../../protocol/wire/frame.js';
import type { TcpDraft } from '../../protocol/wire/packet.js';
import type { ControlAnswer, ControlCommand } from '../../suite/scenario/contract.js';
import type { IutSession } from '../contract.js';
import { embeddedFacts } from '../embedded-session.js';
import type { Reflex } from './reflex.js';

const oneWay = 50_000n;

export const openReflex = (reflex: Reflex, seed: string): IutSession => {
  const clock = new VirtualClock();
  const paths = embeddedFacts.paths.map(({ path }) => path);
  const [testerEnd, ownEnd] = createMemoryLink({ clock, paths, delay: () => oneWay });
  let count = 0;
  const send = (path: number, drafts: readonly TcpDraft[]): void => {
    for (const draft of drafts) ownEnd.send(path, encodeTcpFrame(draft, defaultDraftSubtypes));
  };
  ownEnd.subscribe(({ path, frame }) => {
    const packet = decodeFrame(frame, defaultDraftSubtypes);
    count += 1;
    if (packet.kind === 'tcp') send(path, reflex.answers(packet, count, seed));
  });
  const connect = ({ to, paths: wanted }: Extract<ControlCommand, { verb: 'connect' }>): void => {
    for (const own of embeddedFacts.paths.filter(({ path }) => wanted.includes(path))) {
      const source = own.iutAddress[to.address.includes(':') ? 6 : 4];
      if (source === undefined) continue;
      count += 1;
      const route = {
        ethernet: { destination: own.testerMac, source: own.iutMac },
        ip: { source, destination: to.address },
        port: to.port,
      };
      send(own.path, reflex.connects(route, count, seed));
    }
  };
  /** It agrees to everything and does nothing of it. */
  const perform = (command: ControlCommand): ControlAnswer => {
    if (command.verb === 'connect') connect(command);
    return { answer: 'ok', result: command.verb === 'accepted' ? { count: 0, closed: 0 } : {} };
  };
  return {
    facts: embeddedFacts,
    link: testerEnd,
    clock,
    control: {
      perform: (command, answered) => {
        clock.at(clock.now(), () => answered(perform(command)));
      },
      close: async () => {},
    },
    advance: (done) => clock.advance(done),
    close: async () => {
      await testerEnd.close();
      await ownEnd.close();
    },
  };
};
