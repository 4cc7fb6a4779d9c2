import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { Look } from '../../src/core/reporter.ts';
import { table } from '../../src/reporters/table.ts';
import { fleet, healthy, incidentOne, localWithUnknowns, notReady } from '../support/sample-reports.ts';

const look = (more: Partial<Look> = {}): Look => ({ color: false, width: 80, unicode: true, verbose: false, ...more });

const command = 'sysctl -w net.ipv4.ip_local_reserved_ports=30000-32767';

test('incident I1 at 80 columns', () => {
  expect(table.render(incidentOne(), look())).toMatchSnapshot();
});

test('a healthy node at 120 columns, verbose, ASCII', () => {
  expect(table.render(healthy(), look({ width: 120, verbose: true, unicode: false }))).toMatchSnapshot();
});

test('several nodes: what is the same is told once, and a row for each', () => {
  expect(table.render(fleet(), look())).toMatchSnapshot();
});

test('a node that is not ready', () => {
  expect(table.render(notReady(), look())).toMatchSnapshot();
});

test('several nodes, verbose: every finding of every node', () => {
  const text = table.render(fleet(), look({ verbose: true, width: 120 }));
  expect(text.match(/^ +✔ pass +kernel\/ip-forward/gm)).toHaveLength(3);
});

test('more nodes than one wants to read are counted', () => {
  const report = healthy();
  const names = Array.from({ length: 40 }, (_, i) => `n${i}`);
  const dead = { ...report.targets[0], unread: 'gone' } as const;
  const text = table.render(
    {
      ...report,
      findings: [],
      targets: names.map((name) => ({
        ...healthy().targets[0],
        ...dead,
        kind: 'node',
        name,
        via: 'debug-pod',
        kernel: null,
        kubeProxyMode: null,
        portSpace: null,
      })),
    },
    look(),
  );
  expect(text).toContain('could not read n0, n1, n2, n3, n4 and 35 more: gone');
  expect(text).not.toContain('no problem found');
});

test.each([0, 1])('of several nodes the last line is green only if all were read: %i not read', (unread) => {
  const report = fleet();
  const targets = report.targets.filter((t) => t.name === 'node1' || (unread === 1 && t.name === 'vm9'));
  const findings = healthy().findings;
  const text = table.render(
    {
      ...report,
      targets: [...targets, { ...targets[0], name: 'n2' } as never],
      findings: [...findings, ...findings.map((f) => ({ ...f, target: { kind: 'node' as const, name: 'n2' } }))],
    },
    look({ color: true }),
  );
  expect(text.trimEnd().split('\n').at(-1)?.includes('\x1b[32m')).toBe(unread === 0);
});

test('an ordinary user on the node itself', () => {
  expect(table.render(localWithUnknowns(), look())).toMatchSnapshot();
});

test('colour adds escape sequences and nothing else', () => {
  const colored = table.render(incidentOne(), look({ color: true, verbose: true }));
  expect(colored).toContain('\x1b[31m✖ critical\x1b[39m');
  expect(colored.replaceAll(/\x1b\[\d+m/g, '')).toBe(table.render(incidentOne(), look({ verbose: true })));
});

test('ASCII is ASCII', () => {
  expect(table.render(incidentOne(), look({ unicode: false, verbose: true }))).toMatch(/^[\x20-\x7e\n]*$/);
});

describe.each([80, 120])('at %i columns', (width) => {
  test.each([incidentOne(), healthy(), localWithUnknowns(), fleet(), notReady()])(
    'no line is too wide but those to copy',
    (report) => {
      for (const line of table.render(report, look({ width, verbose: true })).split('\n')) {
        if (!line.includes('sysctl') && !line.includes('net.ipv4'))
          expect(stringWidth(line), line).toBeLessThanOrEqual(width);
      }
    },
  );
});

test('commands to copy are never wrapped', () => {
  expect(table.render(incidentOne(), look({ width: 40 })).split('\n')).toContain(`    ${command}`);
});

test('the gravest problem comes first, with a fix that is told once', () => {
  const text = table.render(incidentOne(), look());
  const at = (what: string): number => text.indexOf(what);
  expect(at('critical  ports/nodeport-victims')).toBeLessThan(at('error  ports/nodeport-overlap'));
  expect(at('error  ports/nodeport-overlap')).toBeLessThan(at('warning  ports/listener-in-range'));
  expect(text.split(command)).toHaveLength(2);
  expect(text).toContain('fix: as above (ports/nodeport-victims)');
});

test('the picture is drawn only when it tells something', () => {
  expect(table.render(healthy(), look())).not.toContain('ephemeral ');
  expect(table.render(healthy(), look({ verbose: true }))).toContain('32768-60999');
  expect(table.render(incidentOne(), look())).toContain('12000-65001');
});

test('what could not be judged is never green', () => {
  const text = table.render(localWithUnknowns(), look({ color: true, width: 200 }));
  expect(text).not.toContain('\x1b[32m');
  expect(text).toContain('no problem found in what could be judged');
  expect(text).toContain('2 could not be judged');
});

test('a run in which nothing was judged is not called healthy', () => {
  const report = healthy();
  const findings = report.findings.filter((f) => f.status === 'not-applicable');
  expect(table.render({ ...report, findings }, look({ color: true }))).not.toContain('\x1b[32m');
});

test('a finding of a target that is not listed is still told', () => {
  const report = incidentOne();
  const findings: readonly Finding[] = report.findings.map((f) => ({ ...f, target: { kind: 'node', name: 'other' } }));
  expect(table.render({ ...report, findings }, look())).toContain('critical  ports/nodeport-victims');
});

test('long evidence is bounded, with -v it is not', () => {
  const report = incidentOne();
  const evidence = [{ source: '/proc/net/ip_vs', text: Array.from({ length: 50 }, (_, i) => `row ${i}`).join('\n') }];
  const findings = report.findings.map((f): Finding => (f.status === 'fail' ? { ...f, evidence } : f));
  expect(table.render({ ...report, findings }, look())).toContain('42 more lines (-v)');
  expect(table.render({ ...report, findings }, look({ verbose: true }))).toContain('row 49');
});
