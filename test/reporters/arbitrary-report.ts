import fc from 'fast-check';
import type { Evidence, Remedy } from '../../src/core/check.ts';
import type { Finding } from '../../src/core/finding.ts';
import type {
  NodeSummary,
  PodSummary,
  PortRange,
  ProcessNode,
  Report,
  TargetSummary,
  Termination,
} from '../../src/core/report.ts';
import type { Target } from '../../src/core/target.ts';

/** Text as a hostile node or API might give it. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '\x1b',
      '[31m',
      '\x9b',
      '\n',
      '\r',
      '\t',
      '\u2028',
      '\u202e',
      '\ud800',
      '\udc00',
      'a',
      ' ',
      '"',
      '\\',
      '#',
      ': ',
    ),
  }),
  fc.string({
    unit: fc.constantFrom(
      ...['<', '>', '&', ']]>', '`', '|', '@a', '#1', '](', '[a', '\\', '*', '_', '~', '$', '\ufffe', '://'],
    ),
  }),
  fc.constantFrom(
    ...['www.a.example', 'http://a.example', 'a@b.example', '# a', '1. a', '- [ ] a', '| a |', '<!--', ':+1:'],
  ),
  fc.constantFrom('on', 'null', '1_000', '~', '- a', '12:30:00', '<<', '', ' '),
);
// JSON.parse of Node 26 now and then reads a key of one escaped character as a backslash
const key = text.filter((t) => t.length !== 1 || JSON.stringify(t).length === 3);
const number = fc.oneof(fc.nat(100), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e9 }));
// -0 is 0 in JSON
const time = number.map((n) => n + 0);
const manifestTarget = fc.record({
  kind: fc.constant('manifest' as const),
  namespace: text,
  name: text,
  file: text,
  line: fc.integer({ min: 1 }),
});
const target: fc.Arbitrary<Target> = fc.oneof(
  fc.record({ kind: fc.constant('node' as const), name: text }),
  fc.record({ kind: fc.constant('pod' as const), namespace: text, name: text }),
  manifestTarget,
);
const port = fc.integer({ min: 0, max: 65535 });
const range = fc.tuple(port, port).map(([a, b]): PortRange => [Math.min(a, b), Math.max(a, b)]);
const via = fc.constantFrom(
  'debug-pod' as const,
  'local' as const,
  'bundle' as const,
  'kube-api' as const,
  'none' as const,
);
const evidence: fc.Arbitrary<Evidence> = fc.record(
  { source: text, text, path: fc.array(fc.oneof(text, fc.nat()), { maxLength: 4 }) },
  { requiredKeys: ['source', 'text'] },
);
const fix: fc.Arbitrary<Remedy> = fc.record(
  {
    say: text,
    now: fc.array(text, { maxLength: 3 }),
    patch: fc.record({
      target: fc.option(fc.record({ kind: text, namespace: text, name: text })),
      body: fc.dictionary(key, fc.oneof(text, fc.array(fc.dictionary(key, text, { maxKeys: 2 }), { maxLength: 2 }))),
    }),
    examples: fc.array(fc.record({ about: text, text }), { maxLength: 3 }),
    persist: fc.record({ file: text, content: text }),
    risk: fc.constantFrom('none', 'disruptive'),
    covers: text,
  },
  { requiredKeys: ['say', 'risk'] },
);
/** Trees of at most so many levels. */
const processes = (levels: number): fc.Arbitrary<readonly ProcessNode[]> =>
  levels === 0
    ? fc.constant([])
    : fc.array(
        fc.record({
          pid: fc.nat(),
          command: text,
          signalFrom: fc.constantFrom('runtime', 'init', 'none'),
          fate: text,
          state: fc.constantFrom('ok', 'lost', 'unsure'),
          children: processes(levels - 1),
        }),
        { maxLength: 3 },
      );
// names that trees and ends share now and then
const container = fc.oneof(fc.constantFrom('web', 'proxy'), text);
const termination: fc.Arbitrary<Termination> = fc.record({
  graceSeconds: time,
  services: fc.array(text, { maxLength: 8 }),
  trafficUntil: fc.option(time),
  containers: fc.array(
    fc.record({
      name: container,
      kind: fc.constantFrom('main', 'sidecar'),
      preStop: fc.option(
        fc.record({
          what: text,
          seconds: fc.option(time),
          atLeast: fc.boolean(),
          runs: fc.constantFrom(true, false, null),
        }),
      ),
      stopSignal: fc.option(text),
      signalAt: fc.option(time),
      reacts: fc.constantFrom('yes', 'no', 'unsure'),
      killAt: time,
    }),
    { maxLength: 10 },
  ),
  losses: fc.array(fc.record({ from: time, to: time, why: text }), { maxLength: 3 }),
});
const nodeSummary: fc.Arbitrary<NodeSummary> = fc.record({
  kind: fc.constant('node'),
  name: text,
  via,
  unread: fc.option(text),
  kernel: fc.option(text),
  kubeProxyMode: fc.option(text),
  portSpace: fc.option(
    fc.record({
      ephemeral: range,
      reserved: fc.array(range, { maxLength: 4 }),
      nodePortRange: fc.option(range),
      nodePorts: fc.array(port, { maxLength: 30 }),
      victims: fc.array(port, { maxLength: 3 }),
    }),
  ),
});
const podSummary: fc.Arbitrary<PodSummary> = fc.record({
  kind: fc.constant('pod'),
  namespace: text,
  name: text,
  via,
  unread: fc.option(text),
  node: fc.option(text),
  workload: fc.option(text),
  phase: text,
  ready: fc.constantFrom(true, false, null),
  deleting: fc.boolean(),
  readyContainers: fc.tuple(fc.nat(), fc.nat()),
  processes: fc.array(fc.record({ name: container, unseen: fc.option(text), roots: processes(3), left: fc.nat() }), {
    maxLength: 3,
  }),
  termination: fc.option(termination),
});

/** What of a report is no text from outside: which patterns it keeps to. */
export interface Plain {
  /** Ids of checks. */
  readonly check: fc.Arbitrary<string>;
  readonly startedAt: fc.Arbitrary<string>;
  /** How many pieces of evidence, and how many missing facts, there are at least. */
  readonly least: number;
}

const findingOf = ({ check, least }: Plain, on: fc.Arbitrary<Target>): fc.Arbitrary<Finding> => {
  const base = { check, title: text, target: on, message: text };
  return fc.oneof(
    fc.record({ ...base, status: fc.constantFrom('pass' as const, 'error' as const) }),
    fc.record({ ...base, status: fc.constantFrom('not-applicable' as const, 'skipped' as const) }),
    fc.record({
      ...base,
      status: fc.constant('unknown' as const),
      missing: fc.array(
        fc.record({ fact: text, gap: fc.record({ kind: fc.constant('failed' as const), detail: text }) }),
        { minLength: least, maxLength: 3 },
      ),
    }),
    fc.record(
      {
        ...base,
        status: fc.constant('fail' as const),
        severity: fc.constantFrom('info' as const, 'warning' as const, 'error' as const, 'critical' as const),
        messageId: text,
        data: fc.dictionary(key, text),
        evidence: fc.array(evidence, { minLength: least, maxLength: 9 }),
        fix,
        because: fc.array(text, { minLength: 1, maxLength: 2 }),
        suppressed: fc.record({ reason: text }),
      },
      { requiredKeys: ['check', 'title', 'target', 'message', 'status', 'severity', 'messageId', 'data', 'evidence'] },
    ),
  );
};

const targetOf = (t: TargetSummary): Target => {
  switch (t.kind) {
    case 'node':
      return { kind: t.kind, name: t.name };
    case 'pod':
      return { kind: t.kind, namespace: t.namespace, name: t.name };
    case 'manifest':
      return t;
  }
};

/** Any report that the types allow: of nodes, of pods with their nodes, of manifests, or of all together; its findings mostly of its targets. */
export const arbitraryReportOf = (plain: Plain): fc.Arbitrary<Report> =>
  fc
    .oneof(
      fc.array(nodeSummary, { maxLength: 2 }),
      fc.tuple(podSummary),
      fc.tuple(podSummary, nodeSummary),
      fc.array(podSummary, { maxLength: 4 }),
      fc.array(manifestTarget, { maxLength: 4 }),
      fc.array(fc.oneof(nodeSummary, podSummary, manifestTarget), { maxLength: 5 }),
    )
    .chain((targets: readonly TargetSummary[]) => {
      const own = targets.map(targetOf);
      const on = own.length === 0 ? target : fc.oneof({ arbitrary: fc.constantFrom(...own), weight: 9 }, target);
      const always = fc.record({
        apiVersion: fc.constant('netdoctor/v1' as const),
        kind: fc.constant('Report' as const),
        context: fc.option(fc.record({ name: fc.option(text), cluster: fc.option(text), server: text })),
        startedAt: plain.startedAt,
        durationMs: fc.nat(),
        targets: fc.constant(targets),
        findings: fc.array(findingOf(plain, on), { maxLength: 8 }),
      });
      const broken = fc.option(fc.array(text, { minLength: 1, maxLength: 3 }));
      return fc.tuple(always, broken).map(([report, b]) => (b === null ? report : { ...report, broken: b }));
    });

/** Any report, with ids of checks as hostile as all else; some are of the checks about which a screen says more. */
export const arbitraryReport: fc.Arbitrary<Report> = arbitraryReportOf({
  check: fc.oneof(text, fc.constantFrom('shutdown/killed', 'ports/nodeport-victims')),
  startedAt: text,
  least: 0,
});
