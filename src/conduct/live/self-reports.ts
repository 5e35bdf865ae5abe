/**
 * What an implementation reported of itself in the course of a run, over all its starts: each thing once, with the cases that
 * brought it about alone, or how many were under way when it came.
 */
import type { LiveSession } from '../../iut/subject.js';
import { signatureOf } from '../../iut/vm/kernel-report.js';
import type { SelfReport } from '../../suite/verdict/results.js';

/** The cases that were under way: one alone, or several of which any may be the cause. */
export interface UnderWay {
  readonly alone?: string | undefined;
  readonly several?: number;
}

export class SelfReports {
  readonly #subject: string;
  readonly #found = new Map<string, SelfReport>();
  /** How many reports of the present session are counted. */
  #counted = 0;

  constructor(subject: string) {
    this.#subject = subject;
  }

  /** How many the present session has that were not there when it was asked last. */
  fresh(session: LiveSession): LiveSession['reports'] {
    return session.reports?.slice(this.#counted);
  }

  /** Counts what came since the last time, as having come under these cases. */
  count(session: LiveSession, { alone, several = 0 }: UnderWay): void {
    for (const report of this.fresh(session) ?? []) {
      const signature = signatureOf(report);
      const before = this.#found.get(signature);
      this.#found.set(signature, {
        subject: this.#subject,
        kind: report.kind,
        title: before?.title ?? report.title,
        cases: [...new Set([...(before?.cases ?? []), ...(alone === undefined ? [] : [alone])])],
        among: before?.among ?? several,
        times: (before?.times ?? 0) + 1,
        lines: before?.lines ?? [...report.lines],
      });
    }
    this.#counted = session.reports?.length ?? 0;
  }

  /** Another session is there, whose reports begin anew. */
  restart(): void {
    this.#counted = 0;
  }

  all(): readonly SelfReport[] {
    return [...this.#found.values()];
  }
}
