import type { Fact, Scope } from './fact.ts';
import type { Reading } from './gap.ts';

/** critical: traffic fails now · error: fails under conditions that are there · warning: a risk · info: a note. */
export type Severity = 'info' | 'warning' | 'error' | 'critical';

/** Severities from mild to grave. */
export const severities: readonly Severity[] = ['info', 'warning', 'error', 'critical'];

/** One thing that was read, quoted, and where it was read. */
export interface Evidence {
  readonly source: string;
  readonly text: string;
  /** Where it stands below a pod's `spec`, or below a workload's where it begins with `^`: in a manifest that is a line. */
  readonly path?: readonly (string | number)[];
}

/** A strategic-merge patch for an object of the API, as `kubectl patch` takes it. */
export interface Patch {
  /** Null where what the API has is not what one edits (a pod of its own, a kind that netdoctor does not know): then it is of the manifest. */
  readonly target: { readonly kind: string; readonly namespace: string; readonly name: string } | null;
  readonly body: object;
}

/** Lines for somebody's file: the image's entrypoint, an alert rule. */
export interface Example {
  readonly about: string;
  readonly text: string;
}

/** How to mend it. Never carried out by netdoctor. */
export interface Remedy {
  /** What to do, in a sentence. */
  readonly say: string;
  /** Commands to run now, each a whole line for a shell of the node unless `say` names another place. */
  readonly now?: readonly string[];
  /** Changes an object of the API; the command that applies it is in `now` too. */
  readonly patch?: Patch;
  /** Lines for other files, each with what it is for. */
  readonly examples?: readonly Example[];
  /** A file to keep, so that it stays mended after a reboot. */
  readonly persist?: { readonly file: string; readonly content: string };
  readonly risk: 'none' | 'disruptive';
  /** What it does not cover. */
  readonly covers?: string;
}

/** One thing to fix. `data` holds observed and expected values, ready for machines. */
export interface Problem {
  readonly id: string;
  readonly severity: Severity;
  readonly message: string;
  readonly data: object;
  readonly evidence: readonly [Evidence, ...Evidence[]];
  readonly fix?: Remedy;
}

/**
 * What a check decides. It cannot say "unknown" of what it did not read: a missing fact ends its judging, and the engine says so. It can say
 * that a fact is there and does not decide the question.
 */
export type Verdict =
  | { readonly status: 'pass'; readonly message: string }
  | { readonly status: 'not-applicable'; readonly reason: string }
  | { readonly status: 'cannot-tell'; readonly fact: Fact<unknown>; readonly reason: string }
  | { readonly status: 'fail'; readonly problems: readonly [Problem, ...Problem[]] };

/** Facts by the names under which the check reads them. */
export type Needs = Readonly<Record<string, Fact<unknown>>>;

/** Lazy getters: reading a fact that is not known ends the judging. */
export type Known<N extends Needs> = { readonly [K in keyof N]: N[K] extends Fact<infer T> ? T : never };

/** The same without ending it: the check decides what a gap means. */
export type Maybe<N extends Needs> = { readonly [K in keyof N]: N[K] extends Fact<infer T> ? Reading<T> : never };

/** A check: applicability first, from the cheapest fact; pure and synchronous; no clock, no environment, no I/O. */
export interface Check<N extends Needs = Needs, W extends Needs = Needs> {
  /** Its path under src/checks; stable for ever. */
  readonly id: `${string}/${string}`;
  /** The good state, as a statement. */
  readonly title: string;
  /** The gravest severity that it gives. */
  readonly severity: Severity;
  readonly per: Scope;
  /** A manifest alone can decide it: `netdoctor lint` runs it too. */
  readonly fromText?: true;
  readonly docs: { readonly why: string; readonly links: readonly string[] };
  /** Checks whose problems bring this one's about: where both fail on a target, this is told as a consequence. */
  readonly causes?: readonly string[];
  readonly needs: N;
  /** Facts that only enrich the verdict or that it can do without. */
  readonly wants: W;
  judge(facts: Known<N>, maybe: Maybe<W>): Verdict;
}

/** A check whose own facts are not of interest, as the registry keeps it. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds checks of all shapes; `any` is confined to this alias
export type AnyCheck = Check<any, any>;

/** What lists and explains a check, as plain data: without its judging, so that it costs next to nothing to load. */
export interface CheckWords extends Pick<AnyCheck, 'id' | 'title' | 'severity' | 'docs'> {
  /** The facts that it needs, then those that it wants, each once. */
  readonly reads: readonly Pick<Fact<unknown>, 'id' | 'about'>[];
}

/** Lets TypeScript infer the types of a check. */
export const check = <N extends Needs, W extends Needs>(c: Check<N, W>): Check<N, W> => c;

/** The verdict that all is well; `message` says why in one line. */
export const pass = (message: string): Verdict => ({ status: 'pass', message });

/** The verdict that the question does not arise here. */
export const notApplicable = (reason: string): Verdict => ({ status: 'not-applicable', reason });

/** The verdict that what was read does not decide the question; the engine calls it unknown. */
export const cannotTell = (fact: Fact<unknown>, reason: string): Verdict => ({ status: 'cannot-tell', fact, reason });

/** The verdict that there is something to fix. */
export const fail = (...problems: readonly [Problem, ...Problem[]]): Verdict => ({ status: 'fail', problems });
