/** What the file system says, as a sentence. Anything else is our own fault and goes on. */
export const fileProblem = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
      return 'the file may not be read';
    case 'EISDIR':
      return 'a directory, a capture file was expected';
    default:
      throw error;
  }
};
