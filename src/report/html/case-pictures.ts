/** The pictures of one case from its evidence: ladder, guilty packets, differences, step log. */
import { optionLanguage } from '../../suite/language/option-language.js';
import { counted } from '../../suite/verdict/counted.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import { badness } from '../../suite/verdict/verdict.js';
import { computationContext } from '../computation/context.js';
import { explainComputation } from '../computation/explain-computation.js';
import { type WrongOnTheWire, wrongOnTheWire } from '../computation/wire-computations.js';
import { computationPart, differencePart, type ShownDifference } from './difference-part.js';
import type { FrameField } from './frame-field.js';
import { frameFields } from './frame-fields.js';
import { gather } from './gather.js';
import { layOut } from './ladder.js';
import { type LadderEvent, type SegmentEvent, tellStory } from './ladder-events.js';
import { valueNames } from './ladder-label.js';
import { drawLadder, takenText } from './ladder-svg.js';
import { html, jsonData, type Markup } from './markup.js';
import { type PacketView, packetData, packetPart } from './packet-part.js';
import type { CaseEvidence } from './report-input.js';
import { cell, head, numberCell, numberHead, scrollingTable } from './table.js';

export interface Pictured {
  readonly result: CaseResult;
  readonly evidence: CaseEvidence;
  readonly anchor: string;
}

export interface CasePictures {
  readonly pictures: Markup;
  readonly log: Markup;
}

export const casePictures = ({ result, evidence, anchor }: Pictured): CasePictures => {
  const { plan, trace } = evidence;
  const story = tellStory(plan, trace, result, valueNames(plan, trace));
  const ladder = layOut(
    story,
    plan.surroundings.paths.slice(0, plan.case.paths).map(({ path }) => path),
  );
  const segments = story.events.filter((event) => event.kind === 'segment');
  const views = new Map(segments.map((segment) => [segment.entry, packetView(segment, evidence, result)]));
  const [guilty] = result.findings
    .filter(({ observation }) => observation !== undefined && views.has(observation))
    .sort((a, b) => badness(b.verdict) - badness(a.verdict));
  const shown = guilty?.observation === undefined ? undefined : views.get(guilty.observation);
  const wrong = wrongOnTheWire(plan, trace);
  const data = Object.fromEntries([...views].map(([entry, view]) => [entry, packetData(view)]));
  return {
    pictures: html`<h4>What happened</h4>
<div class="beside"><div class="story"><div class="scroll ladder-box" tabindex="0" role="region" aria-label="Ladder of ${result.id}">${drawLadder(ladder, `Ladder of ${result.id}: ${result.sentence}`, `${anchor}/`)}</div>
${legend(story.events)}</div>
<div class="packet" tabindex="0" role="region" aria-label="Packet" aria-live="polite">${shown !== undefined && packetPart(shown)}</div></div>
${result.findings.map((finding) => [differencePart(shownDifferences(finding, views, evidence, wrong)), rightPart(finding)])}
${computationsBeside(wrong, result, views)}
<script type="application/json" class="packets">${jsonData(data)}</script>`,
    log: html`<details class="part log-part"><summary>Step log, ${counted(story.events.length, 'entry', 'entries')}</summary>${stepLog(story.events, anchor)}</details>`,
  };
};

/** Other right reactions, if the step has a choice. */
const rightPart = ({ right }: CaseResult['findings'][number]): Markup | false =>
  right !== undefined && right.length > 0 && html`<p>Right would have been: ${right.join('; ')}.</p>`;

const frameOf = ({ trace }: CaseEvidence, entry: number): Uint8Array => {
  const there = trace[entry]?.entry;
  return there !== undefined && 'frame' in there ? there.frame : new Uint8Array(0);
};

const packetView = (segment: SegmentEvent, evidence: CaseEvidence, { findings }: CaseResult): PacketView => {
  const { entry, from, path, label } = segment;
  const frame = frameOf(evidence, entry);
  const wrong = findings
    .filter(({ observation }) => observation === entry)
    .flatMap(({ differences = [] }) => differences.map(({ field }) => placedName(field)));
  return {
    title: `${from === 'tester' ? 'Tester' : 'Implementation'} on path ${path}, ${takenText(segment)}: ${label}`,
    frame,
    fields: frameFields(frame, evidence.plan.subtypes),
    wrong,
  };
};

/** The field on the page with the octets that a finding compares. */
const placedName = (compared: string): string => {
  if (compared === 'segment') return 'flags';
  const [option = '', word = ''] = compared.split('.');
  const within = optionLanguage[option]?.fields[word]?.within;
  return within === undefined ? compared : `${option}.${within}`;
};

const shownDifferences = (
  { differences = [], observation }: CaseResult['findings'][number],
  views: ReadonlyMap<number, PacketView>,
  evidence: CaseEvidence,
  wrong: readonly WrongOnTheWire[],
): readonly ShownDifference[] => {
  const view = observation === undefined ? undefined : views.get(observation);
  const context = computationContext(evidence.plan, evidence.trace);
  return differences.map((difference) => {
    const name = placedName(difference.field);
    const field = view?.fields.find((each: FrameField) => each.name === name);
    return {
      difference,
      place: field === undefined || view === undefined ? undefined : { field, frame: view.frame },
      computation: explainComputation(difference, context) ?? wrong.find(isAbout(observation, difference))?.computation,
    };
  });
};

type Difference = NonNullable<CaseResult['findings'][number]['differences']>[number];

const isAbout =
  (observation: number | undefined, difference: Difference) =>
  ({ entry, field }: WrongOnTheWire): boolean =>
    entry === observation && field === difference.field;

/** Wrong computations other than those that the case tests: the first of each mistake. */
const computationsBeside = (
  wrong: readonly WrongOnTheWire[],
  { findings }: CaseResult,
  views: ReadonlyMap<number, PacketView>,
): readonly Markup[] => {
  const shown = findings.flatMap(({ observation, differences = [] }) =>
    differences.flatMap((difference) => wrong.filter(isAbout(observation, difference))),
  );
  const others = gather(
    wrong.filter((each) => !shown.includes(each)),
    ({ field, computation }) => [field, ...computation.given].join('/'),
  );
  return [...others.values()].flatMap(([first]) => {
    const view = first === undefined ? undefined : views.get(first.entry);
    return first === undefined || view === undefined
      ? []
      : [computationPart(first.computation, `Also wrong: ${first.field}. ${view.title}`)];
  });
};

const legendWords = {
  ghost: 'expected, but missing',
  mismatched: 'not as expected',
  unexpected: 'came uncalled for: surplus',
  ignored: 'passed over by a rule',
  sentinel: 'sentinel: must always be answered',
} as const;

const legend = (events: readonly LadderEvent[]): Markup => {
  const kinds: ReadonlySet<string> = new Set(
    events.map((event) => (event.kind === 'segment' ? event.mark : event.kind)),
  );
  const used = Object.entries(legendWords).filter(([kind]) => kinds.has(kind));
  return html`<p class="legend"><span class="sent">sent by the tester</span> <span class="matched">as expected</span>
${used.map(([kind, word]) => html`<span class="${kind}">${word}</span> `)}<span class="quiet">Times are the tester's,
since the case began; where a lifeline is broken, time was cut. Follow an arrow to its packet.</span></p>`;
};

/** The ladder as text, for reading, searching and printing. */
const stepLog = (events: readonly LadderEvent[], anchor: string): Markup =>
  scrollingTable({
    label: 'Step log',
    look: 'log',
    heads: [numberHead('Time'), ...['Path', 'From', 'What', 'How taken'].map(head)],
    rows: events.map((event) => logRow(event, anchor)),
  });

const logRow = (event: LadderEvent, anchor: string): Markup => {
  const time = `${(Number(event.at) / 1e6).toFixed(3)} ms`;
  switch (event.kind) {
    case 'segment':
      return html`<tr id="${anchor}/${event.entry}" class="${event.mark}">${numberCell(time)}
${[event.path, event.from, event.label, takenText(event)].map(cell)}</tr>`;
    case 'ghost':
      return html`<tr class="ghost">${numberCell(time)}
${[event.path, 'nobody', event.label, `step ${event.step}, missing`].map(cell)}</tr>`;
    case 'note':
      return html`<tr class="note">${numberCell(time)}${['', '', event.label, ''].map(cell)}</tr>`;
  }
};
