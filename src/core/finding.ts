import type { Evidence, Remedy, Severity } from './check.ts';
import type { Gap } from './gap.ts';
import type { Target } from './target.ts';

/** A fact that was missing, and why. */
export interface MissingFact {
  readonly fact: string;
  readonly gap: Gap;
}

/** What a run says about one check on one target. One finding per problem. */
export type Finding = { readonly check: string; readonly title: string; readonly target: Target } & (
  | { readonly status: 'pass'; readonly message: string }
  | { readonly status: 'not-applicable' | 'skipped'; readonly message: string }
  | {
      readonly status: 'fail';
      readonly severity: Severity;
      readonly message: string;
      readonly messageId: string;
      readonly data: object;
      readonly evidence: readonly Evidence[];
      readonly fix?: Remedy;
      /** Checks that failed on the same target and bring this about; each is to be mended first. */
      readonly because?: readonly string[];
      /** The user knows of it and does not want it counted (`--suppress`), and why. */
      readonly suppressed?: { readonly reason: string };
    }
  | { readonly status: 'unknown'; readonly message: string; readonly missing: readonly MissingFact[] }
  | { readonly status: 'error'; readonly message: string }
);

/** A finding that names a problem. */
export type Failed = Extract<Finding, { status: 'fail' }>;

/** A problem that counts: one that is not suppressed. */
export const isProblem = (f: Finding): f is Failed => f.status === 'fail' && f.suppressed === undefined;

/** A problem that the user has suppressed: it does not count, and is told all the same. */
export const isSuppressed = (f: Finding): f is Failed & { readonly suppressed: { readonly reason: string } } =>
  f.status === 'fail' && f.suppressed !== undefined;
