/** An exception as a message: why something failed, and the remedy if the error has one. */

export interface Failure {
  readonly why: string;
  /** Earlier events, for the run as a whole. */
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
