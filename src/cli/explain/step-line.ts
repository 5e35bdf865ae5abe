/** One step of an expanded case in one line, in the words of the case language. */

import { countOctets } from '../../protocol/bytes/count-octets.js';
import { patternLabel } from '../../report/html/ladder-label.js';
import { durationText } from '../../suite/language/duration.js';
import type { SegmentPattern } from '../../suite/language/segment-pattern.js';
import type { AnyFlow, FlowRef, Step, Window } from '../../suite/language/step.js';

export const tellStep = (step: Step): string => {
  switch (step.step) {
    case 'send':
      return `send ${tellSegment(step.segment)} on ${tellFlow(step.on)}${step.times === 1 ? '' : `, ${step.times} times`}`;
    case 'expect':
      return `expect ${tellSegment(step.segment)} on ${tellFlow(step.on)}${tellWindow(step.window)}${step.otherwise === 'fail' ? '' : `, otherwise ${step.otherwise}`}`;
    case 'any-order':
      return `expect in any order ${step.expectations.map(({ on, segment }) => `${tellSegment(segment)} on ${tellFlow(on)}`).join('; ')}${tellWindow(step.window)}`;
    case 'one-of':
      return `one of ${step.alternatives
        .map(
          ({ outcome, observation, expectation }) =>
            `${outcome} (${observation}): ${expectation === undefined ? 'nothing' : `${tellSegment(expectation.segment)} on ${tellFlow(expectation.on)}`}`,
        )
        .join('; ')}${tellWindow(step.window)}`;
    case 'silence':
      return `silence on ${step.on.map(tellFlow).join(', ')}${step.for === undefined ? '' : ` for ${durationText(step.for)}`}`;
    case 'icmp':
      return `icmp ${step.error} on ${tellFlow(step.on)}`;
    case 'declared': {
      const declared = Object.entries(step.declared).map(([name, values]) => `${name} is ${values.join(' or ')}`);
      const otherwise = step.otherwise.length === 0 ? '' : `; otherwise: ${step.otherwise.map(tellStep).join('; ')}`;
      return `where ${declared.join(' and ')}: ${step.steps.map(tellStep).join('; ')}${otherwise}`;
    }
    case 'wait':
      return `wait ${durationText(step.for)}`;
    case 'control':
      return `control ${step.verb}${step.verb === 'connect' ? ` on paths ${step.paths.join(', ')}` : ''}${step.answer === undefined ? '' : `, which answers ${JSON.stringify(step.answer)}`}`;
  }
};

const tellFlow = (on: FlowRef | AnyFlow): string => {
  if ('found' in on) return on.found;
  if ('any' in on) return on.any.map(({ name }) => name).join(' or ');
  return on.name;
};

const tellWindow = ({ after, within, since }: Window): string =>
  [
    after === undefined ? '' : `, not before ${durationText(after)}`,
    within === undefined ? '' : `, within ${durationText(within)}`,
    since === undefined ? '' : ` of ${since}`,
  ].join('');

const tellSegment = ({
  segment,
  fields,
  options,
  rawBefore,
  rawOptions,
  mptcpAbsent,
  payload,
}: SegmentPattern): string =>
  [
    segment,
    ...Object.entries(fields).map(([name, pattern]) => `${name} ${patternLabel(pattern)}`),
    ...rawBefore.map((octets) => `raw before ${Buffer.from(octets).toString('hex')}`),
    ...options.map(({ name, pattern }) =>
      pattern.presence === 'absent'
        ? `no ${name}`
        : `${name} {${Object.entries(pattern.fields)
            .map(([field, value]) => `${field} ${patternLabel(value)}`)
            .join(', ')}}`,
    ),
    ...rawOptions.map((octets) => `raw ${Buffer.from(octets).toString('hex')}`),
    ...(mptcpAbsent ? ['no MPTCP option'] : []),
    ...(payload === undefined
      ? []
      : [
          payload.is === 'length'
            ? countOctets(payload.length)
            : `data ${JSON.stringify(Buffer.from(payload.octets).toString('latin1'))}`,
        ]),
  ].join(', ');
