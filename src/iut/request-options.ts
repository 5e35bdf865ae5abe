/**
 * Options after a name, as `--iut` takes them: `NAME,option=VALUE,option=VALUE`. A value ends at the next comma that is
 * followed by the name of an option, so it may contain commas.
 */
import { didYouMean } from '../suite/catalogue/near-miss.js';

/** The text before the options, and the values of each option in the given order. */
export interface RequestOptions<Name extends string> {
  readonly subject: string;
  readonly all: (name: Name) => readonly string[];
  /** The only value, or undefined; throws a RangeError where there are several. */
  readonly once: (name: Name) => string | undefined;
}

/** Throws a RangeError that says what was expected. */
export const readOptions = <Name extends string>(text: string, names: readonly Name[]): RequestOptions<Name> => {
  const [subject = '', ...written] = text.split(new RegExp(`,(?=(?:${names.join('|')})=)`));
  const unknown = /,([a-z]+)=/.exec(subject)?.[1];
  if (unknown !== undefined)
    throw new RangeError(
      `there is no option "${unknown}"${didYouMean(unknown, names) || ';'} known are ${names.map((name) => `${name}=`).join(', ')}`,
    );
  const given = written.map((each) => readOption(each, names));
  const all = (name: Name): readonly string[] => given.filter((each) => each.name === name).map(({ value }) => value);
  return { subject, all, once: (name) => onlyOne(name, all(name)) };
};

const readOption = <Name extends string>(
  written: string,
  names: readonly Name[],
): { readonly name: Name; readonly value: string } => {
  const at = written.indexOf('=');
  const name = names.find((each) => each === written.slice(0, at));
  const value = written.slice(at + 1);
  if (name === undefined || value === '') throw new RangeError(`${written} needs a value`);
  return { name, value };
};

const onlyOne = (name: string, values: readonly string[]): string | undefined => {
  if (values.length > 1) throw new RangeError(`${name}= is given ${values.length} times; give it once`);
  return values[0];
};
