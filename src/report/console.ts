/**
 * The run on the terminal: a progress line while it goes on, then the failures, then a summary. On a terminal the line
 * is drawn over and over; in a pipe or CI a plain line appears at every tenth of the way. Colours only where wanted.
 */
import { Presets, SingleBar } from 'cli-progress';
import pico from 'picocolors';
import { printable } from '../protocol/bytes/printable.js';
import type { Results, SubjectRecord } from '../suite/verdict/results.js';
import { meaning, type RedLine, redLines, tell } from './summary.js';

export interface Terminal {
  readonly stream: NodeJS.WriteStream;
  /** Whether lines can be drawn over. */
  readonly interactive: boolean;
  readonly colours: boolean;
  /** Characters in a line. */
  readonly columns: number;
}

export interface Progress {
  advance(judged: number, red: number): void;
  end(): void;
}

const narrow = 60;
const plainSteps = 10;

export const showProgress = (terminal: Terminal, total: number): Progress =>
  terminal.interactive ? drawnProgress(terminal, total) : plainProgress(terminal, total);

const drawnProgress = ({ stream, columns }: Terminal, total: number): Progress => {
  const roomy = columns >= narrow;
  const bar = new SingleBar(
    {
      stream,
      format: roomy ? '{bar} {value}/{total} cases, {red} red' : '{value}/{total}, {red} red',
      barsize: Math.max(10, Math.min(40, columns - 40)),
      hideCursor: true,
      clearOnComplete: true,
      fps: 10,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { red: 0 });
  return { advance: (judged, red) => bar.update(judged, { red }), end: () => bar.stop() };
};

const plainProgress = ({ stream }: Terminal, total: number): Progress => {
  let told = 0;
  return {
    advance: (judged, red) => {
      const step = Math.floor((judged * plainSteps) / total);
      if (step <= told || judged === total) return;
      told = step;
      stream.write(`${judged} of ${total} cases judged, ${red} red\n`);
    },
    end: () => {},
  };
};

/** Who is about to be judged, with claims and parameters. */
export const introduce = (subject: SubjectRecord, cases: number): string => {
  const { claims, parameters } = subject;
  const declared = Object.entries(parameters).map(([name, value]) => `${name}=${printable(String(value))}`);
  const versions = claims.versions.length === 0 ? 'no MPTCP' : `MPTCP ${claims.versions.map((v) => `v${v}`).join(' ')}`;
  return [
    `${printable(subject.name)}: ${cases} ${cases === 1 ? 'case' : 'cases'} in ${subject.time} time`,
    `  claims ${claims.roles.join(' and ')}; ${claims.profiles.join(', ')}; ${versions}; ${claims.ip.map((v) => `IPv${v}`).join(', ')}; ${claims.paths} paths; control tier ${claims.control}`,
    `  parameters ${declared.length === 0 ? 'as by default' : `${declared.join(', ')}, others as by default`}`,
  ].join('\n');
};

const paint = (colours: boolean): Readonly<Record<RedLine['word'], (text: string) => string>> => {
  const { red, yellow, bold } = pico.createColors(colours);
  return {
    ERROR: (text) => bold(red(text)),
    FAIL: (text) => bold(red(text)),
    UNSUPPORTED: red,
    INCONCLUSIVE: yellow,
    'NOT RUN': yellow,
  };
};

/** The whole report of a run: failures first, counts, the meaning, where the rest is. */
export const conclude = (results: Results, directory: string, colours: boolean): string => {
  const colour = paint(colours);
  const several = results.subjects.length > 1;
  const lines = redLines(results).map(
    ({ word, subject, text }) => `${colour[word](word)} ${several ? `[${printable(subject)}] ` : ''}${text}`,
  );
  if (lines.length > 0) lines.push('');
  const seconds = (results.run.duration / 1000).toFixed(results.run.duration < 10_000 ? 2 : 1);
  lines.push(`${results.cases.length} cases in ${seconds} s: ${tell(results.totals)}.`);
  lines.push(meaning(results));
  lines.push(`Results: ${directory}/results.json (seed ${results.run.seed})`);
  return lines.join('\n');
};
