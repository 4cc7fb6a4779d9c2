import type { Severity } from '../../src/core/check.ts';
import { severities } from '../../src/core/check.ts';
import type { Failed, Finding } from '../../src/core/finding.ts';
import type { NodeSummary, Report } from '../../src/core/report.ts';
import type { Target } from '../../src/core/target.ts';
import { podOf } from '../reporters/sample-pods.ts';

/** What a terminal, XML, Markdown and SARIF would each obey. */
const hostile =
  '\x1b[31mred\x1b[0m ]]> </failure><b a="1">&amp; `code` ``` | @admin #1 [click](http://evil.example) {0} \u202e \ufffe \ud800\r';

const node1: Target = { kind: 'node', name: 'node1' };
const web: Target = { kind: 'pod', namespace: 'shop', name: 'web-0' };
const deployment = {
  kind: 'manifest',
  namespace: 'shop',
  name: 'Deployment/web',
  file: 'manifests/web app.yaml',
  line: 3,
} as const;

const problem = (target: Target, check: string, severity: Severity, more: Partial<Failed> = {}): Failed => ({
  ...{ check, title: `Nothing is ${severity}`, target, status: 'fail', severity, messageId: 'bad' },
  message: `something is ${severity}`,
  data: {},
  evidence: [{ source: '/proc/x', text: `${severity}\n` }],
  ...more,
});

const nodeOf = (name: string, unread: string | null): NodeSummary => ({
  ...{ kind: 'node', name, via: unread === null ? 'debug-pod' : 'none', unread },
  ...{ kernel: unread === null ? '6.1.0' : null, kubeProxyMode: unread === null ? 'ipvs' : null, portSpace: null },
});

const reason = 'known since spring & accepted';

const others: readonly Finding[] = [
  { check: 'a/pass', title: 'It is well', target: node1, status: 'pass', message: 'all is well' },
  { check: 'a/not-applicable', title: 'It is well', target: node1, status: 'not-applicable', message: 'no IPVS here' },
  { check: 'a/skipped', title: 'It is well', target: node1, status: 'skipped', message: 'not with --local' },
  { check: 'a/error', title: 'It is well', target: node1, status: 'error', message: 'x is not a function' },
  {
    ...{ check: 'a/unknown', title: 'It is well', target: node1, status: 'unknown', message: 'cannot read /proc/y' },
    missing: [{ fact: 'y', gap: { kind: 'forbidden', detail: 'cannot read /proc/y' } }],
  },
];

/**
 * A report that holds every status and severity, suppressed problems of every severity, a consequence, a shared fix, hostile text in every place, a node that could not be read,
 * a pod, a manifest, and a file that could not be read.
 */
export const everyStatus = (): Report => ({
  ...{ apiVersion: 'netdoctor/v1', kind: 'Report', startedAt: '2026-11-28T08:00:00.000Z', durationMs: 1234 },
  context: { name: 'lab', cluster: 'lab', server: 'https://10.0.0.1:6443' },
  targets: [
    nodeOf('node1', null),
    nodeOf('node9', `gone ${hostile}`),
    podOf({ namespace: 'shop', name: 'web-0' }),
    deployment,
  ],
  findings: [
    ...others,
    ...severities.map((s) => problem(node1, `b/${s}`, s)),
    ...severities.map((s) => problem(node1, `c/suppressed-${s}`, s, { suppressed: { reason } })),
    problem(node1, 'b/consequence', 'error', { because: ['b/warning'] }),
    problem(web, 'd/several', 'info', { message: 'the milder of two' }),
    problem(web, 'd/several', 'error', { message: 'the graver of two' }),
    problem(web, 'd/several', 'error', { message: 'the suppressed of three', suppressed: { reason } }),
    problem(web, 'd/hostile', 'warning', {
      title: hostile,
      message: hostile,
      messageId: hostile,
      data: { hostile },
      evidence: [{ source: hostile, text: `${hostile}\n${hostile}` }],
      fix: {
        say: hostile,
        now: [hostile],
        persist: { file: hostile, content: `\`\`\`\n${hostile}\n~~~~` },
        examples: [{ about: hostile, text: hostile }],
        patch: { target: { kind: hostile, namespace: hostile, name: hostile }, body: { hostile } },
        risk: 'disruptive',
        covers: hostile,
      },
    }),
    problem(deployment, 'd/several', 'error', {
      evidence: [{ source: 'manifests/web app.yaml:12', text: 'preStop: sleep' }],
    }),
  ],
  broken: [`manifests/other.yaml:2: ${hostile}`],
});
