/** The request cannot be carried out: exit code 2. Each line says what was expected, what came, what to do. */
export class UsageError extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'UsageError';
  }
}
