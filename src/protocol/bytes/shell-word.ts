/** A word of a command as a POSIX shell has to be given it: as it is where that is safe, else in single quotes, in which nothing means anything. */
export const quoteForShell = (word: string): string =>
  /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
