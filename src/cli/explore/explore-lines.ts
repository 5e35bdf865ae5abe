/** A report of an exploration for people. */

import type { ExploreReport } from '../../explore/exploration.js';
import { printable } from '../../protocol/bytes/printable.js';
import { counted } from '../../suite/verdict/counted.js';

const range = ({ least, most }: { readonly least: number; readonly most: number }): string =>
  least === most ? String(least) : `${least} to ${most}`;

/** What was explored, in one line. */
export const subjectLine = ({
  client,
  server,
  version,
  request,
}: Pick<ExploreReport, 'client' | 'server' | 'version' | 'request'>): string => {
  const { paths, losses, duplicates, dead = 0, waits = 0, early = 0, random, shard, talk, strict } = request;
  const how = random === undefined ? 'every order' : `${random} random schedules from seed ${printable(request.seed)}`;
  const within = [
    counted(paths, 'path'),
    losses === 0 ? 'no loss' : counted(losses, 'loss', 'losses'),
    duplicates === 0 ? 'no duplicate' : counted(duplicates, 'duplicate'),
    ...(dead === 0 ? [] : [`up to ${dead} dead`]),
    ...(waits === 0 ? [] : [counted(waits, 'wait')]),
    ...(early === 0 ? [] : [counted(early, 'early expiry', 'early expiries')]),
    ...(talk === 'late' ? ['with data once every path has a flow'] : talk ? ['with data'] : []),
    ...(strict ? ['without exceptions'] : []),
    ...(shard === undefined ? [] : [`shard ${shard.index}/${shard.of}`]),
  ];
  return `${printable(client)} to ${printable(server)}, v${version}: ${how} on ${within.join(', ')}`;
};

export const reportLines = (report: ExploreReport): readonly string[] => {
  const { request, states, arrivals, orders, unjudged, ladders, classes, segments, resets } = report;
  const counted = [
    ...(ladders === undefined || ladders === orders ? [] : [`${ladders} as ladders draw them`]),
    ...(classes === undefined ? [] : [`${classes} that the ends can tell apart`]),
  ];
  return [
    subjectLine(report),
    ...(request.random === undefined
      ? [
          `  orders      ${orders}${counted.length > 0 ? ` (${counted.join(', ')})` : ''}`,
          `  states      ${states}, ${arrivals} arrivals in them`,
        ]
      : [
          `  schedules   ${orders}, the same ones counted again`,
          `  moves       ${states}, ${arrivals} of them arrivals`,
        ]),
    ...(unjudged === 0
      ? []
      : [
          `  not judged  ${unjudged} without a connection: --expiries or too many losses ended them, or the only path tried is dead`,
        ]),
    ...(segments === undefined ? [] : [`  segments    ${range(segments)} a schedule`]),
    ...(resets === undefined ? [] : [`  resets      ${range(resets)} a schedule`]),
    `  outcomes    ${report.outcomes.length}`,
    ...report.outcomes.map(({ outcome, schedules }) => `    ${String(schedules).padStart(10)}  ${outcome}`),
    `  violations  ${report.violations.length}${report.complete ? '' : ' so far'}${report.unlisted === 0 ? '' : `, and ${report.unlisted} schedules with others`}`,
    ...report.violations.flatMap(({ invariant, what, end, schedule }) => [
      `    ${invariant}  ${printable(what)}${end === undefined || what.includes(end) ? '' : ` (the ${end})`}`,
      `      ${schedule.join(', ')}`,
    ]),
  ];
};
