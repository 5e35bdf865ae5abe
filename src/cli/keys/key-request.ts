/** The arguments of `robe keys` as a request, or the sentences that say what is wrong with them. */
import type { KeyRequest } from './derived-values.js';
import { readNumber } from './read-number.js';

/** Texts as they were typed. */
export interface KeyArguments {
  readonly version: string;
  readonly 'key-a': string;
  readonly 'key-b': string;
  readonly 'nonce-a'?: string | undefined;
  readonly 'nonce-b'?: string | undefined;
  readonly 'key-b2'?: string | undefined;
}

const keyBits = 64;
const nonceBits = 32;

export const readKeyRequest = (given: KeyArguments): KeyRequest | readonly string[] => {
  const problems: string[] = [];
  const number = (name: string, text: string | undefined, bits: number): bigint | undefined => {
    if (text === undefined) return undefined;
    const value = readNumber(name, text, bits);
    if (typeof value === 'bigint') return value;
    problems.push(value);
    return undefined;
  };
  const version = given.version === '0' ? 0 : given.version === '1' ? 1 : undefined;
  if (version === undefined) problems.push(`--version: 0 or 1 was expected, not ${given.version}`);
  const keyA = number('key-a', given['key-a'], keyBits);
  const keyB = number('key-b', given['key-b'], keyBits);
  const keyB2 = number('key-b2', given['key-b2'], keyBits);
  const a = number('nonce-a', given['nonce-a'], nonceBits);
  const b = number('nonce-b', given['nonce-b'], nonceBits);
  if ((given['nonce-a'] === undefined) !== (given['nonce-b'] === undefined))
    problems.push('--nonce-a and --nonce-b: the HMACs need both');
  if (problems.length > 0 || version === undefined || keyA === undefined || keyB === undefined) return problems;
  return {
    version,
    keyA,
    keyB,
    ...(a === undefined || b === undefined ? {} : { nonces: { a: Number(a), b: Number(b) } }),
    ...(keyB2 === undefined ? {} : { keyB2 }),
  };
};
