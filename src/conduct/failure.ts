/** What was thrown, as a person is told: why something failed, and what to do about it where its kind says so. */

export interface Failure {
  readonly why: string;
  /** What came before it, for the run as a whole. */
  readonly detail?: string;
  readonly remedy?: string;
}

export const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Errors that carry a `remedy` come from links, labs and shims. */
export const failureOf = (cause: unknown): Failure => ({
  why: reason(cause),
  ...(cause instanceof Error && 'remedy' in cause && typeof cause.remedy === 'string' ? { remedy: cause.remedy } : {}),
  ...(cause instanceof Error && 'detail' in cause && typeof cause.detail === 'string' ? { detail: cause.detail } : {}),
});

export const tellFailure = ({ why, remedy }: Failure): string => (remedy === undefined ? why : `${why}; ${remedy}`);
