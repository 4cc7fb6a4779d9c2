import type { CleanupContext, CleanupRequest, CleanupStep } from '../app/cleanup.ts';
import type { LintContext, LintRequest } from '../app/lint.ts';
import type { NamesRequest } from '../app/names-in-cluster.ts';
import type { ShimOutcome, ShimRequest } from '../app/place-shim.ts';
import type { DiagnoseRequest, RunContext } from '../app/request.ts';
import type { CheckWords } from '../core/check.ts';
import type { FailOn } from '../core/fail-on.ts';
import type { Report } from '../core/report.ts';
import type { LiveWatch, LiveWatchOptions, Look, Reporter } from '../core/reporter.ts';
import type { WatchEvent, WatchNames } from '../core/watch.ts';
import type { CalledAs } from './called-as.ts';
import type { DataFormat, Format } from './formats.ts';
import type { OnSignal } from './signals.ts';

/** What a collector is asked for. */
type CollectorRequest = Pick<DiagnoseRequest, 'windowSeconds' | 'checks'>;

/** How events of a watch are told. */
interface WatchTexts {
  readonly plain: () => (events: readonly WatchEvent[], names: WatchNames, node: string | null) => readonly string[];
  readonly live: (options: LiveWatchOptions) => LiveWatch;
  readonly record: (event: WatchEvent, names: WatchNames, node: string | null) => object;
  readonly jsonLine: (value: unknown) => string;
}

/** What the commands call, each loaded only when it is needed; tests give their own. */
export interface Deps {
  readonly diagnose: () => Promise<(request: DiagnoseRequest, context: RunContext) => Promise<Report>>;
  readonly lint: () => Promise<(request: LintRequest, context: LintContext) => Promise<Report>>;
  /** Standard input. */
  readonly stdin: LintContext['stdin'];
  readonly cleanUp: () => Promise<(request: CleanupRequest, context: CleanupContext) => AsyncIterable<CleanupStep>>;
  readonly emitCollector: () => Promise<(request: CollectorRequest) => string>;
  /** How events of a watch are told: as lines for people, as a picture on a terminal, and as one line of JSON. */
  readonly watchTexts: () => Promise<WatchTexts>;
  /** `failOn` matters to the formats that say what fails the run. */
  readonly reporter: (format: Format, failOn: FailOn) => Promise<Reporter>;
  /** Any value as JSON or YAML. */
  readonly data: (format: DataFormat) => Promise<(value: unknown) => string>;
  /** The words of all checks; what prints them takes longer to load than they do. */
  readonly checks: () => Promise<readonly CheckWords[]>;
  readonly checksList: () => Promise<(checks: readonly CheckWords[], look: Look) => string>;
  readonly explanation: () => Promise<(check: CheckWords, look: Look) => string>;
  /** Names for completion, of what the cluster has. */
  readonly namesInCluster: () => Promise<
    (request: NamesRequest, context: Pick<RunContext, 'env' | 'signal'>) => Promise<readonly string[]>
  >;
  /** Names for completion, of what the kubeconfig has. */
  readonly namesInKubeconfig: () => Promise<
    (
      of: 'context' | 'cluster' | 'user',
      flags: NamesRequest['flags'],
      context: Pick<RunContext, 'env'>,
    ) => readonly string[]
  >;
  readonly placeShim: () => Promise<(request: ShimRequest, what: 'install' | 'uninstall') => ShimOutcome>;
  readonly self: CalledAs;
  readonly onSignal: OnSignal;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}
