/** Unsigned numbers that a user gives on the command line, decimal or `0x…`, with a limit in bits. */

/** The number, or a sentence that says what was expected and what came. */
export const readNumber = (name: string, text: string, bits: number): bigint | string => {
  if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(text)) return `--${name}: a number such as 0x1f was expected, not ${text}`;
  const value = BigInt(text);
  return BigInt.asUintN(bits, value) === value ? value : `--${name}: ${text} does not fit into ${bits} bits`;
};
