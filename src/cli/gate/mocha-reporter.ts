/** Finds Mocha and the reporter that was asked for, before a run begins. Mocha is there only where somebody installed it. */
import type Mocha from 'mocha';
import { reason } from '../../conduct/failure.js';
import { UsageError } from '../../conduct/usage-error.js';
import type { MochaStyle } from '../../report/mocha-suite.js';
import { didYouMean } from '../../suite/catalogue/near-miss.js';

export interface LoadedMocha {
  readonly library: typeof Mocha;
  readonly style: MochaStyle;
}

export interface MochaArguments {
  readonly 'mocha-reporter'?: string | undefined;
  readonly 'mocha-option'?: readonly string[] | undefined;
}

/** Undefined when no reporter was asked for. Throws a UsageError when there is no Mocha, or no such reporter. */
export const loadMocha = async (given: MochaArguments): Promise<LoadedMocha | undefined> => {
  const reporter = given['mocha-reporter'];
  const options = Object.fromEntries((given['mocha-option'] ?? []).map(readOption));
  if (reporter === undefined) {
    if (given['mocha-option'] !== undefined) throw new UsageError(['--mocha-option needs --mocha-reporter']);
    return undefined;
  }
  const library = await importMocha();
  try {
    new library({ reporter });
  } catch (cause) {
    const built = Object.keys(library.reporters).filter(
      (name) => /^[a-z]/.test(name) && name !== 'html' && name !== 'base',
    );
    throw new UsageError([
      `--mocha-reporter ${reporter}: ${reason(cause).split('\n')[0]}; expected ${built.join(', ')}, or a package that is installed${didYouMean(reporter, built)}`,
    ]);
  }
  return { library, style: { reporter, options } };
};

const importMocha = async (): Promise<typeof Mocha> => {
  try {
    return (await import('mocha')).default;
  } catch (cause) {
    throw new UsageError([`--mocha-reporter needs the package mocha: ${reason(cause)}; npm install mocha`]);
  }
};

const readOption = (text: string): readonly [string, string] => {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError([`--mocha-option is written as name=value, got ${JSON.stringify(text)}`]);
  return [name, value];
};
