/**
 * The relay as a process inside the middle namespace of a live experiment: takes its job and then impairments from standard
 * input, tells what it sees on standard output, and ends when its input does.
 */
import { createInterface } from 'node:readline';
import { reason } from '../../../conduct/failure.js';
import { joinByRelay, type Relay } from '../../../explore/experiments/live/relay.js';
import { milliseconds } from '../../../net/clock/clock.js';
import { realClock } from '../../../net/clock/real.js';
import { seededChance } from '../../../net/link/chance.js';
import type { Impairment } from '../../../net/link/impairment.js';
import { openLibpcapLink } from '../../../net/link/libpcap.js';
import { impairCommand, type PathImpairment, type RelayJob, type RelayReport, relayJob } from './relay-messages.js';

const nanosecondsPerMillisecond = 1e6;
const bitsPerMegabit = 1e6;

const tell = (report: RelayReport): void => {
  process.stdout.write(`${JSON.stringify(report)}\n`);
};

export const runRelay = async (): Promise<void> => {
  let relay: Relay | undefined;
  try {
    for await (const line of createInterface({ input: process.stdin })) {
      if (relay === undefined) {
        relay = await open(relayJob.parse(JSON.parse(line)));
        tell({ ready: true });
      } else {
        const { impair } = impairCommand.parse(JSON.parse(line));
        relay.impair(direction(impair, 'lossToServer'), direction(impair, 'lossToClient'));
        tell({ impaired: true });
      }
    }
  } catch (cause) {
    tell({ failed: reason(cause) });
  } finally {
    await relay?.close();
  }
};

const open = async ({ seed, paths }: RelayJob): Promise<Relay> => {
  const clock = realClock();
  const start = clock.now();
  const client = await openLibpcapLink({
    clock,
    paths: paths.map(({ path, clientDevice }) => ({ path, device: clientDevice })),
  });
  const server = await openLibpcapLink({
    clock,
    paths: paths.map(({ path, serverDevice }) => ({ path, device: serverDevice })),
  });
  const macOf = (link: typeof client, path: number): string =>
    link.openings.find((opening) => opening.path === path)?.interface.mac ?? '';
  return joinByRelay({
    client,
    server,
    neighbours: new Map(
      paths.map(({ path, clientMac, serverMac }) => [
        path,
        {
          client: { own: macOf(client, path), host: clientMac },
          server: { own: macOf(server, path), host: serverMac },
        },
      ]),
    ),
    clock,
    chance: seededChance(seed),
    saw: ({ at, ...sighting }) => tell({ ...sighting, at: Number(at - start) / nanosecondsPerMillisecond }),
  });
};

const direction = (
  paths: readonly PathImpairment[],
  loss: 'lossToServer' | 'lossToClient',
): ReadonlyMap<number, Impairment> =>
  new Map(
    paths.map((each) => [
      each.path,
      {
        delay: milliseconds(each.delayMs),
        loss: each[loss],
        ...(each.jitterMs === undefined ? {} : { jitter: milliseconds(each.jitterMs) }),
        ...(each.duplication === undefined ? {} : { duplication: each.duplication }),
        ...(each.diesAfterMs === undefined ? {} : { diesAfter: milliseconds(each.diesAfterMs) }),
        ...(each.megabitsPerSecond === undefined ? {} : { bitsPerSecond: each.megabitsPerSecond * bitsPerMegabit }),
        ...(loss === 'lossToServer' && each.reordering > 0
          ? { reordering: { probability: each.reordering, by: milliseconds(each.delayMs) } }
          : {}),
      },
    ]),
  );
