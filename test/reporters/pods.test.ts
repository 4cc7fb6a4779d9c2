import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { Report } from '../../src/core/report.ts';
import type { Look } from '../../src/core/reporter.ts';
import { table } from '../../src/reporters/table.ts';
import { healthy, incidentOne } from '../support/sample-reports.ts';
import {
  endOf,
  healthyPod,
  linted,
  lintedWell,
  podOf,
  reportOn,
  severalPods,
  sickPod,
  sickPodSummary,
  terminationOf,
} from './sample-pods.ts';

const look = (more: Partial<Look> = {}): Look => ({ color: false, width: 80, unicode: true, verbose: false, ...more });

test('a pod that ends badly, at 80 columns', () => {
  expect(table.render(sickPod(), look())).toMatchSnapshot();
});

test('the same, narrow and in ASCII', () => {
  expect(table.render(sickPod(), look({ width: 40, unicode: false }))).toMatchSnapshot();
});

test('a pod that ends well: the timeline and one line about its node', () => {
  expect(table.render(healthyPod(), look({ width: 120 }))).toMatchSnapshot();
});

test('several pods: what is the same is told once, how the workload ends, and a row for each', () => {
  expect(table.render(severalPods(), look({ width: 100 }))).toMatchSnapshot();
});

test('manifests: problems by file', () => {
  expect(table.render(linted(), look())).toMatchSnapshot();
});

test('manifests without a problem are one line', () => {
  expect(table.render(lintedWell(), look())).toBe('✔ no problem found · 42 manifests in 7 files · 42 passed\n');
});

const samples = [sickPod(), healthyPod(), severalPods(), linted(), lintedWell()];

describe.each([40, 80, 120])('at %i columns', (width) => {
  test.each(samples)('no line is too wide but those to copy', (report) => {
    for (const line of table.render(report, look({ width, verbose: true })).split('\n')) {
      // rows of a list have at least 20 columns for their last cell, whatever the width
      if (/^ {4}\S/.test(line) || (width === 40 && /^(POD|NODE|FILE|shop|k8s|vm|node| {2,})/.test(line))) continue;
      expect(stringWidth(line), line).toBeLessThanOrEqual(width);
    }
  });
});

test.each(samples)('colour adds escape sequences and nothing else', (report) => {
  const colored = table.render(report, look({ color: true, verbose: true }));
  expect(colored.replaceAll(/\x1b\[\d+m/g, '')).toBe(table.render(report, look({ verbose: true })));
});

test.each([healthyPod(), lintedWell()])('ASCII is ASCII', (report) => {
  expect(table.render(report, look({ unicode: false, verbose: true }))).toMatch(/^[\x20-\x7e\n]*$/);
});

const target = { kind: 'pod', namespace: 'shop', name: 'web-0' } as const;
const passed: Finding = { check: 'a/b', title: '', target, status: 'pass', message: '' };

describe('one pod', () => {
  test('its processes are shown where something is wrong with its shutdown, or with -v', () => {
    expect(table.render(healthyPod(), look())).not.toContain('Processes of');
    expect(table.render(healthyPod(), look({ verbose: true }))).toContain(
      'Processes of container web, and what SIGTERM does to them:',
    );
    expect(table.render(sickPod(), look())).toContain('Processes of container web, and what SIGTERM does to them:');
  });

  test('a pod that does not end has no timeline', () => {
    const text = table.render(reportOn([podOf({ termination: null, phase: 'Succeeded' })], [passed]), look());
    expect(text).not.toContain('When it is deleted');
    expect(text).toContain('Status:     Succeeded, 1/1 containers ready');
  });

  test('a problem of its node says so, with the picture of its ports', () => {
    const text = table.render(
      reportOn([podOf({ node: 'vm1' }), ...incidentOne().targets], [passed, ...incidentOne().findings]),
      look(),
    );
    expect(text).toContain('critical  ports/nodeport-victims\n  on node vm1\n');
    expect(text).toContain('ephemeral ');
    expect(text).toContain('Node:       vm1 (kernel 6.1.0-28-amd64, ipvs mode): 4 problems (1 critical, 1');
  });

  test('a pod that is on no node and of no workload', () => {
    const text = table.render(
      reportOn([podOf({ node: null, workload: null, via: 'kube-api', phase: 'Pending' })], [passed]),
      look(),
    );
    expect(text).toContain('Pod:        shop/web-0 (only the API was asked,');
    expect(text).toContain('Node:       none: it is not scheduled');
    expect(text).toContain('Workload:   none: a pod of its own');
  });

  test('one that could not be read is never green', () => {
    const text = table.render(
      reportOn([podOf({ unread: 'node vm9 is NotReady', processes: [], termination: null })], []),
      look({ color: true, width: 200 }),
    );
    expect(text).not.toContain('\x1b[32m');
    expect(text).toContain('could not read shop/web-0: node vm9 is NotReady');
    expect(text).toContain('1 pod not read');
  });

  test('thirty containers keep to a screen or two', () => {
    const names = Array.from({ length: 30 }, (_, i) => `container-${i}`);
    const pod = sickPodSummary({
      processes: names.map((name) => ({ name, unseen: null, roots: [], left: 0 })),
      termination: terminationOf({ containers: names.map((name, i) => endOf({ name, signalAt: i, killAt: 30 })) }),
    });
    const text = table.render(reportOn([pod], sickPod().findings), look());
    expect(text.split('\n').length).toBeLessThan(130);
    expect(text).toContain('… the processes of 22 more containers (-v)');
  });

  test('no containers', () => {
    const pod = podOf({ processes: [], termination: terminationOf({ containers: [] }), readyContainers: [0, 0] });
    expect(table.render(reportOn([pod], [passed]), look())).toContain('0/0 containers ready');
  });
});

/** A thousand pods, one of which ends badly. */
const many = (): Report => {
  const pods = Array.from({ length: 1000 }, (_, i) => podOf({ name: `p${i}`, workload: `Deployment/d${i}` }));
  const findings = pods.flatMap(({ namespace, name }, i): readonly Finding[] => [
    {
      ...passed,
      target: { kind: 'pod', namespace, name },
    },
    {
      check: 'readiness/no-probe',
      title: '',
      target: { kind: 'pod', namespace, name },
      status: 'fail',
      severity: i === 700 ? 'error' : 'info',
      messageId: 'none',
      message: `container c${i} has no readiness probe`,
      data: {},
      evidence: [{ source: 'the spec', text: 'none' }],
    },
  ]);
  return reportOn(pods, findings);
};

describe('many pods', () => {
  const text = table.render(many(), look());

  test('those that say something have their row, and the others are counted', () => {
    expect(text).toMatch(/^shop\/p700 .*✖ 1 problem \(1 error\)$/m);
    expect(text).toContain('… 970 more pods with notes at most (-v)');
    expect(table.render(many(), look({ verbose: true }))).toMatch(/^shop\/p999 .*● 1 problem \(1 info\)$/m);
  });

  test('of one check some problems are told in full, some briefly, and the others are counted', () => {
    expect(text.match(/^● info {2}readiness\/no-probe$/gm)).toHaveLength(3);
    expect(text).toContain('● info  readiness/no-probe, 996 more (in full with -v)\n  shop/p3: container c3 has');
    expect(text).toContain('  … 984 more\n');
    expect(table.render(many(), look({ verbose: true })).match(/^● info {2}readiness\/no-probe$/gm)).toHaveLength(999);
  });

  test('no workload ends badly, so none is drawn but with -v', () => {
    expect(text).not.toContain('When it is deleted');
    expect(table.render(many(), look({ verbose: true }))).toContain('Deployment shop/d3, as in pod p3\n');
  });

  test('nodes have rows only where something is not well', () => {
    const pods = [podOf({}), podOf({ name: 'web-1' })];
    const nodes = healthy();
    expect(table.render(reportOn([...pods, ...nodes.targets], nodes.findings), look())).not.toContain('KERNEL');
    const dead = nodes.targets.map((t) => ({ ...t, unread: 'gone' }) as never);
    expect(table.render(reportOn([...pods, ...dead], []), look())).toContain('could not read node node1: gone');
    expect(table.render(reportOn([...pods, ...dead], []), look())).toContain('KERNEL');
  });

  test('the worst pod of a workload stands for it', () => {
    const report = severalPods();
    const [, second] = report.targets;
    const findings = report.findings.filter(
      (f) => f.target.kind !== 'pod' || (second?.kind === 'pod' && f.target.name === second.name),
    );
    const text = table.render({ ...report, findings }, look());
    expect(text).toContain('Deployment shop/web, as in pod web-7c5ddbdf54-x2x7q, one of 3\n');
  });

  test('a finding of a target that is not listed is told', () => {
    const report = sickPod();
    const findings = report.findings.map((f) => ({ ...f, target: { ...target, name: 'other' } }));
    expect(table.render({ ...report, findings }, look())).toContain('on shop/other');
  });
});

describe('manifests', () => {
  const info = linted().findings.filter((f) => f.status === 'fail' && f.severity === 'info');
  const inFiles = (n: number): Report => {
    const targets = Array.from({ length: n }, (_, i) => ({
      kind: 'manifest' as const,
      namespace: '',
      name: `Deployment/d${i}`,
      file: `${i}.yaml`,
      line: 3,
    }));
    return reportOn(
      targets,
      targets.flatMap((t) => info.slice(0, 1).map((f) => ({ ...f, target: t }))),
    );
  };

  test('of notes two are told in full, and each other has its file and line', () => {
    const text = table.render(inFiles(9), look());
    expect(text.match(/^● info {2}shutdown\/prestop-missing$/gm)).toHaveLength(2);
    expect(text).toContain(
      '8.yaml\n● info  shutdown/prestop-missing, 1 more (in full with -v)\n  Deployment/d8 (line 3):',
    );
  });

  test('what could not be judged says where', () => {
    const report = linted();
    const [first] = report.targets;
    const findings: readonly Finding[] =
      first?.kind === 'manifest'
        ? [{ check: 'a/b', title: '', target: first, status: 'unknown', message: 'odd', missing: [] }]
        : [];
    const text = table.render({ ...report, findings }, look());
    expect(text).toMatch(/^\? a\/b could not be judged on k8s\/web\.yaml:1 Deployment\/web: odd\n/);
    expect(text).toContain('? no problem found in what could be judged · 4 manifests in 3 files');
  });

  test('-v lists every finding of every manifest', () => {
    expect(table.render(lintedWell(), look({ verbose: true })).match(/✔ pass/g)).toHaveLength(42);
  });
});
