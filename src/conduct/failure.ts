/** What was thrown, as a person is told: why something failed, and what to do about it where its kind says so. */

export interface Failure {
  readonly why: string;
  readonly remedy?: string;
}

export const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Errors that carry a `remedy` come from links, labs and shims. */
export const failureOf = (cause: unknown): Failure =>
  cause instanceof Error && 'remedy' in cause && typeof cause.remedy === 'string'
    ? { why: cause.message, remedy: cause.remedy }
    : { why: reason(cause) };

export const tellFailure = ({ why, remedy }: Failure): string => (remedy === undefined ? why : `${why}; ${remedy}`);
