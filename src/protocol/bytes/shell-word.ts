/**
 * A word of a command, quoted for a POSIX shell: unchanged if that is safe, otherwise in single quotes, inside which no
 * character is special.
 */
export const quoteForShell = (word: string): string =>
  /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
