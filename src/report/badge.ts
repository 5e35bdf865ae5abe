/** A badge as SVG: the judged implementation on the left, the result on the right. It loads nothing. */
import { XMLBuilder } from 'fast-xml-parser';
import { exitCodes } from '../gate/exit-code.js';
import { countOutcomes, type RunReport, reportedTests } from './reported-test.js';

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', suppressEmptyNode: true });

/** White on each of these has a contrast over 4.5 to 1. */
const colours = { label: '#444444', green: '#2d7d46', amber: '#8a6100', red: '#b3261e' } as const;

const height = 20;
const padding = 6;
/** Width that 11 px Verdana takes on average; `textLength` makes it so. */
const characterWidth = 6.6;

export const writeBadge = (report: RunReport): string => {
  const { passed, known, failed, errored } = countOutcomes(reportedTests(report));
  const parts = [`${passed} passed`];
  if (known > 0) parts.push(`${known} known`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (errored > 0) parts.push(`${errored} without verdict`);
  const label = 'RobE conformance';
  const message = parts.join(', ');
  const [left, right] = [widthOf(label), widthOf(message)];
  return builder.build({
    svg: {
      '@xmlns': 'http://www.w3.org/2000/svg',
      '@width': left + right,
      '@height': height,
      '@role': 'img',
      '@aria-label': `${label}: ${message}`,
      title: `${label}: ${message}`,
      rect: [box(0, left, colours.label), box(left, right, colourOf(report))],
      g: {
        '@fill': '#ffffff',
        '@font-family': 'Verdana, DejaVu Sans, sans-serif',
        '@font-size': 11,
        text: [words(padding, label), words(left + padding, message)],
      },
    },
  });
};

const colourOf = ({ gate }: RunReport): string => {
  if (gate.exit === exitCodes.holds) return colours.green;
  return gate.exit === exitCodes.inconclusive ? colours.amber : colours.red;
};

const textWidth = (text: string): number => Math.round(text.length * characterWidth);
const widthOf = (text: string): number => textWidth(text) + 2 * padding;

const box = (x: number, width: number, fill: string) => ({
  '@x': x,
  '@width': width,
  '@height': height,
  '@fill': fill,
});

const words = (x: number, text: string) => ({ '@x': x, '@y': 14, '@textLength': textWidth(text), '#text': text });
