import { PassThrough, type Writable } from 'node:stream';
import type { CleanupContext, CleanupRequest, CleanupStep } from '../../src/app/cleanup.ts';
import type { LintContext, LintRequest } from '../../src/app/lint.ts';
import type { NamesRequest } from '../../src/app/names-in-cluster.ts';
import { placeShim } from '../../src/app/place-shim.ts';
import type { DiagnoseRequest, RunContext } from '../../src/app/request.ts';
import { cli } from '../../src/cli/cli.ts';
import type { Deps } from '../../src/cli/deps.ts';
import type { EndingSignal } from '../../src/cli/signals.ts';
import type { CheckWords } from '../../src/core/check.ts';
import type { Report } from '../../src/core/report.ts';
import { checksList } from '../../src/reporters/checks-list.ts';
import { explanation } from '../../src/reporters/explanation.ts';
import { json } from '../../src/reporters/json.ts';
import { jsonLine } from '../../src/reporters/json-line.ts';
import { jsonText } from '../../src/reporters/json-text.ts';
import { junit } from '../../src/reporters/junit.ts';
import { liveWatch } from '../../src/reporters/live-watch.ts';
import { markdown } from '../../src/reporters/markdown.ts';
import { plainWatch } from '../../src/reporters/plain-watch.ts';
import { sarif } from '../../src/reporters/sarif.ts';
import { table } from '../../src/reporters/table.ts';
import { watchRecord } from '../../src/reporters/watch-record.ts';
import { yaml } from '../../src/reporters/yaml.ts';
import { yamlText } from '../../src/reporters/yaml-text.ts';
import { healthy } from './sample-reports.ts';

const someCheck: CheckWords = {
  id: 'ports/nodeport-overlap',
  title: 'No NodePort lies in the ephemeral range',
  severity: 'error',
  docs: { why: 'IPVS takes the answer.', links: ['https://example.org/why'] },
  reads: [{ id: 'kernel/ephemeral-range', about: 'the ephemeral range' }],
};

/** One manifest, of which all is good. */
const linted: Report = {
  apiVersion: 'netdoctor/v1',
  kind: 'Report',
  context: null,
  startedAt: '2026-11-27T10:00:00Z',
  durationMs: 1,
  targets: [{ kind: 'manifest', namespace: 'default', name: 'Pod/a', file: 'a.yaml', line: 1 }],
  findings: [],
};

/** What a run of the command line came to. */
export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly requests: readonly DiagnoseRequest[];
  readonly lints: readonly LintRequest[];
}

/** How the world around it behaves. */
export interface World {
  readonly run?: (request: DiagnoseRequest, context: RunContext) => Promise<Report>;
  readonly lint?: (request: LintRequest, context: LintContext) => Promise<Report>;
  readonly cleanUp?: (request: CleanupRequest, context: CleanupContext) => AsyncIterable<CleanupStep>;
  readonly namesInCluster?: (
    request: NamesRequest,
    context: Pick<RunContext, 'env' | 'signal'>,
  ) => Promise<readonly string[]>;
  readonly env?: Readonly<Record<string, string>>;
  readonly argv1?: string;
  /** Gets the function that sends a signal; `afterMs` is when, by the program's clock. */
  readonly signals?: (send: (signal: EndingSignal, afterMs: number) => void) => void;
  /** Its clock; without one it moves with signals only. */
  readonly now?: () => number;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
}

const collected = (): { readonly stream: PassThrough; readonly text: () => string } => {
  const chunks: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return { stream, text: () => chunks.join('') };
};

/** Runs the command line with fakes for everything that it calls; words are parted at spaces. */
export const runCli = async (line: string | readonly string[], world: World = {}): Promise<CliRun> => {
  const out = collected();
  const err = collected();
  const requests: DiagnoseRequest[] = [];
  const lints: LintRequest[] = [];
  let clock = 0;
  const argv1 = world.argv1 ?? '/usr/bin/kubectl-netdoctor';
  const deps: Deps = {
    diagnose: async () => (request, context) => {
      requests.push(request);
      return world.run ? world.run(request, context) : Promise.resolve(healthy());
    },
    lint: async () => (request, context) => {
      lints.push(request);
      return world.lint ? world.lint(request, context) : Promise.resolve(linted);
    },
    stdin: async function* () {
      yield Buffer.from('kind: Pod\n');
    },
    cleanUp: async () => world.cleanUp ?? async function* () {},
    emitCollector: async () => (request) => `#!/bin/sh\n# window ${request.windowSeconds}\n`,
    reporter: async (format, failOn) =>
      ({
        table,
        json,
        yaml,
        markdown,
        junit: junit(failOn),
        sarif: sarif({ failOn, version: '0', checks: [someCheck] }),
      })[format],
    watchTexts: async () => ({ plain: plainWatch, live: liveWatch, record: watchRecord, jsonLine }),
    data: async (format) => (format === 'json' ? jsonText : yamlText),
    checks: async () => [someCheck],
    checksList: async () => checksList,
    explanation: async () => explanation,
    namesInCluster: async () => world.namesInCluster ?? (async () => []),
    namesInKubeconfig: async () => (of) => [`some-${of}`],
    placeShim: async () => placeShim,
    self: { path: argv1, argv: [argv1] },
    onSignal: (handler) => {
      world.signals?.((signal, afterMs) => {
        clock = afterMs;
        handler(signal);
      });
      return () => {};
    },
    now: world.now ?? (() => clock),
  };
  const words = typeof line === 'string' ? line.split(' ').filter((w) => w !== '') : line;
  const argv = ['node', argv1, ...words];
  const code = await cli(
    argv,
    { stdout: world.stdout ?? out.stream, stderr: world.stderr ?? err.stream },
    world.env ?? {},
    deps,
  );
  return { code, stdout: out.text(), stderr: err.text(), requests, lints };
};
