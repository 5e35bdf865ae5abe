/**
 * GitHub Actions: workflow commands that become annotations, and the summary of a step. GitHub shows ten annotations of a
 * step and drops the rest, so the first one is the gate's sentence and the others are groups of cases with one cause, the
 * largest first; what does not fit is counted in the last. A summary over 1 MiB is dropped whole: it is cut before.
 *
 * Escapes as the runner undoes them: `%`, CR and LF in messages, also `:` and `,` in properties.
 */
import { gateSentence } from '../gate/sentence.js';
import { counted } from '../suite/verdict/counted.js';
import { writeMarkdownWithin } from './markdown.js';
import { tellSentence } from './reported-cause.js';
import {
  groupTests,
  needsAttention,
  type ReportedTest,
  type RunReport,
  reportedTests,
  type TestGroup,
} from './reported-test.js';

const mostAnnotations = 10;
const largestSummary = 900 * 1024;
const namesTold = 5;

export const writeAnnotations = (report: RunReport): string => {
  const { gate } = report;
  const groups = groupTests(reportedTests(report).filter(needsAttention));
  const fitting = groups.length < mostAnnotations ? groups : groups.slice(0, mostAnnotations - 2);
  const rest = groups.slice(fitting.length);
  const level = gate.exit === 0 ? 'notice' : 'error';
  const lines = [
    command(level, { title: 'RobE conformance' }, gateSentence(gate)),
    ...fitting.map((group) => groupAnnotation(group, gate.exit === 0 ? 'warning' : 'error')),
  ];
  if (rest.length > 0) {
    const cases = rest.reduce((sum, { tests }) => sum + tests.length, 0);
    const text = `${cases} more in ${counted(rest.length, 'group')} that GitHub has no room for; the step summary and results.json have all.`;
    lines.push(command(level, { title: 'RobE conformance: more' }, text));
  }
  return `${lines.join('\n')}\n`;
};

/** Markdown for `$GITHUB_STEP_SUMMARY`. */
export const writeStepSummary = (report: RunReport): string => writeMarkdownWithin(report, largestSummary);

const groupAnnotation = ({ group, tests }: TestGroup, level: 'warning' | 'error'): string => {
  const [first] = tests;
  const names = tests.slice(0, namesTold).map(tell);
  const more = tests.length > namesTold ? `\nand ${tests.length - namesTold} more` : '';
  const count = tests.length === 1 ? '' : `${counted(tests.length, 'case')}, the first: `;
  const place =
    first?.place === undefined ? {} : { file: first.place.file, line: first.place.line, col: first.place.column };
  const broken = first?.cause?.broken.map(tellSentence).join(', ') ?? '';
  const likely = first?.cause?.likely === undefined ? '' : `\nlikely: ${first.cause.likely}`;
  const title = broken === '' ? group : `${group}: ${broken}`;
  return command(level, { ...place, title }, `${count}${first?.message ?? ''}${likely}\n${names.join('\n')}${more}`);
};

const tell = ({ suite, name }: ReportedTest): string => `${name} (${suite})`;

type Properties = Readonly<Record<string, string | number>>;

const command = (level: 'notice' | 'warning' | 'error', properties: Properties, message: string): string => {
  const told = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${level} ${told.join(',')}::${escapeMessage(message)}`;
};

const escapeMessage = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string => escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
