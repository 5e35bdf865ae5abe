/**
 * Reports of an implementation about itself during a run, over all its starts: each report once, with the cases that
 * caused it alone, or the number of cases under way.
 */
import type { LiveSession } from '../../iut/subject.js';
import { signatureOf } from '../../iut/vm/kernel-report.js';
import type { SelfReport } from '../../suite/verdict/results.js';

/** The cases that were under way: one alone, or several, any of which may be the cause. */
export interface UnderWay {
  readonly alone?: string | undefined;
  readonly several?: number;
}

export class SelfReports {
  readonly #subject: string;
  readonly #found = new Map<string, SelfReport>();
  /** Number of counted reports of the present session. */
  #counted = 0;

  constructor(subject: string) {
    this.#subject = subject;
  }

  /** Number of new reports of the present session since the last call. */
  fresh(session: LiveSession): LiveSession['reports'] {
    return session.reports?.slice(this.#counted);
  }

  /** Counts reports since the last call as caused by these cases. */
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

  /** A new session began, whose reports begin anew. */
  restart(): void {
    this.#counted = 0;
  }

  all(): readonly SelfReport[] {
    return [...this.#found.values()];
  }
}
