/**
 * What one end was given and what a right one answers, as the steps of a case: what arrived becomes `send`, the expiry of a
 * timer `wait`, calls of a client's application `control`, and answers `expect`. Bare acknowledgments and repetitions are
 * awaited in the last deed alone: elsewhere every case passes over them.
 */
import type { JoinCapLayout } from '../../protocol/keys/join-cap-mac.js';
import { joinCapLayout } from '../../reference/listener/join-cap.js';
import { withParameters } from '../../reference/parameters.js';
import { sentence } from '../endpoint.js';
import type { Frame } from '../frame-table.js';
import type { Pair, Side } from '../pair.js';
import type { Deed } from './deed.js';
import { FlowNumbers } from './flow-numbers.js';
import { Names } from './names.js';
import { segmentWords } from './segment-words.js';

export interface ScriptSetting {
  /** The end that the case judges. */
  readonly role: Side;
  readonly version: 0 | 1;
  readonly paths: number;
  /** How a right end forms the MAC of MP_JOIN_CAP. */
  readonly layout: JoinCapLayout;
}

export const settingOf = (pair: Pair, role: Side): ScriptSetting => ({
  role,
  version: pair.version,
  paths: pair.paths,
  layout: joinCapLayout(withParameters(pair[role].parameters)),
});

/** What may pass after a timer before what it draws is awaited no longer. */
const slack = 100;

export class Script {
  readonly lines: string[] = [];
  /** Something had no words. */
  wordless = false;
  readonly names: Names;
  readonly flows = new FlowNumbers();
  readonly #setting: ScriptSetting;
  /** Segments that went either way. */
  readonly #said = new Set<Frame>();
  #now = 0n;

  constructor(setting: ScriptSetting) {
    this.#setting = setting;
    this.names = new Names(setting.version);
  }

  /** `last`: every answer is awaited, and that nothing else comes. */
  take(deed: Deed, last = false): void {
    const { input, sent, now } = deed;
    this.#give(input, now);
    const awaited = sent.filter((frame) => last || (frame.drawn && !this.#repeats(frame)));
    const words = sent.flatMap((frame) => {
      const each = this.#awaited(frame, awaited.includes(frame));
      return each === undefined ? [] : [each];
    });
    if (input === 'begin' && words.length > 1) this.lines.push(`any-order: [${words.join(', ')}]`);
    else for (const each of words) this.lines.push(`expect: ${each}`);
    if (last) this.lines.push(`silence: {on: [${this.#everyFlow().join(', ')}], copies: count, joins: count}`);
  }

  #give(input: Deed['input'], now: bigint): void {
    switch (input) {
      case 'begin': {
        if (this.#setting.role === 'server') return;
        const paths = Array.from({ length: this.#setting.paths }, (_, index) => index + 1);
        this.lines.push(`control: {verb: connect, paths: [${paths.join(', ')}]}`);
        return;
      }
      case 'expire':
        this.lines.push(`wait: ${Number(now - this.#now) / 1e6 + slack}ms`);
        this.#now = now;
        return;
      case 'say':
        this.lines.push(`control: {verb: send, data: ${JSON.stringify(sentence)}}`);
        return;
      case 'close':
        this.lines.push('control: {verb: close}');
        return;
      default:
        this.#send(input);
    }
  }

  #send(frame: Frame): void {
    const words = segmentWords(frame, 'sent', this.names, this.#setting.layout);
    const on = this.flows.nameOf(frame);
    const numbers = this.flows.send(frame);
    this.#said.add(frame);
    if (words === undefined) this.wordless = true;
    else this.lines.push(`send: {on: ${on}, ${words}${numbers}}`);
  }

  /** Undefined for one that is not asked for: it counts all the same. */
  #awaited(frame: Frame, wanted: boolean): string | undefined {
    const words = segmentWords(frame, 'awaited', this.names, this.#setting.layout);
    const on = this.flows.nameOf(frame);
    const numbers = this.flows.hear(frame);
    this.#said.add(frame);
    if (!wanted) return undefined;
    if (words === undefined) this.wordless = true;
    return words && `{on: ${on}, ${words}${numbers}}`;
  }

  /** Flows that were met, and in role client one on each further path, where a client could open it. */
  #everyFlow(): readonly string[] {
    const { role, paths } = this.#setting;
    const met = this.flows.names;
    const others = Array.from({ length: paths }, (_, index) => `${index + 1}`).filter((path) => !met.includes(path));
    return role === 'client' ? [...met, ...others] : met;
  }

  #repeats(frame: Frame): boolean {
    return this.#said.has(frame);
  }
}
