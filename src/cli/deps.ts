import type { CleanupContext, CleanupRequest, CleanupStep } from '../app/cleanup.ts';
import type { NodeRequest, RunContext } from '../app/request.ts';
import type { AnyCheck } from '../core/check.ts';
import type { Report } from '../core/report.ts';
import type { Look, Reporter } from '../core/reporter.ts';
import type { Format } from './output-format.ts';
import type { OnSignal } from './signals.ts';

/** What a collector is asked for. */
type CollectorRequest = Pick<NodeRequest, 'windowSeconds' | 'checks'>;

/** The checks, and how they are told. */
interface Catalogue {
  readonly checks: readonly AnyCheck[];
  readonly list: (checks: readonly AnyCheck[], look: Look) => string;
  readonly explain: (check: AnyCheck, look: Look) => string;
}

/** What the commands call, each loaded only when it is needed; tests give their own. */
export interface Deps {
  readonly diagnoseNode: () => Promise<(request: NodeRequest, context: RunContext) => Promise<Report>>;
  readonly cleanUp: () => Promise<(request: CleanupRequest, context: CleanupContext) => AsyncIterable<CleanupStep>>;
  readonly emitCollector: () => Promise<(request: CollectorRequest) => string>;
  readonly reporter: (format: Format) => Promise<Reporter>;
  /** Any value as JSON or YAML. */
  readonly data: (format: 'json' | 'yaml') => Promise<(value: unknown) => string>;
  readonly catalogue: () => Promise<Catalogue>;
  readonly onSignal: OnSignal;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}
