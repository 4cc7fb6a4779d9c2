import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { Report } from '../../src/core/report.ts';
import { runCli } from '../support/cli-run.ts';

const target = { kind: 'manifest', namespace: 'default', name: 'Pod/a', file: 'a.yaml', line: 1 } as const;

const report = (findings: readonly Finding[] = [], targets: Report['targets'] = [target]): Report => ({
  apiVersion: 'netdoctor/v1',
  kind: 'Report',
  context: null,
  startedAt: '2026-11-27T10:00:00Z',
  durationMs: 1,
  targets,
  findings,
});

const base = { check: 'test/one', title: 'One', target };
const problem: Finding = {
  ...base,
  status: 'fail',
  severity: 'warning',
  message: 'bad',
  messageId: 'bad',
  data: {},
  evidence: [],
};

const giving = (given: Report) => ({ lint: async () => given });

describe('what is asked', () => {
  const asked = { recursive: false, namespace: 'default' };
  test.each([
    ['-f a.yaml', { ...asked, paths: ['a.yaml'] }],
    ['-fa.yaml', { ...asked, paths: ['a.yaml'] }],
    ['--filename a.yaml', { ...asked, paths: ['a.yaml'] }],
    ['--filename=a.yaml -f b', { ...asked, paths: ['a.yaml', 'b'] }],
    ['-f a.yaml -f a.yaml', { ...asked, paths: ['a.yaml'] }],
    ['-f -', { ...asked, paths: ['-'] }],
    ['-f a.yaml b.yaml c.yaml', { ...asked, paths: ['a.yaml', 'b.yaml', 'c.yaml'] }],
    ['a.yaml', { ...asked, paths: ['a.yaml'] }],
    ['-R -f dir', { ...asked, paths: ['dir'], recursive: true }],
    ['--recursive -f dir', { ...asked, paths: ['dir'], recursive: true }],
    ['-R=false -f dir', { ...asked, paths: ['dir'] }],
    ['-f a -n shop', { ...asked, paths: ['a'], namespace: 'shop' }],
    [
      '-f a --checks shutdown/*,readiness/no-probe',
      { ...asked, paths: ['a'], checks: ['shutdown/*', 'readiness/no-probe'] },
    ],
  ])('lint %s', async (line, request) => {
    const { lints, requests, code, stderr } = await runCli(`lint ${line}`);
    expect({ lints, requests, code, stderr }).toEqual({ lints: [request], requests: [], code: 0, stderr: '' });
  });

  test('it is given standard input', async () => {
    const read: string[] = [];
    await runCli('lint -f -', {
      lint: async (_, { stdin }) => {
        for await (const chunk of stdin()) read.push(Buffer.from(chunk).toString());
        return report();
      },
    });
    expect(read).toEqual(['kind: Pod\n']);
  });
});

describe('what is refused', () => {
  test.each([
    ['', 'which manifests? Give files or directories with -f, or - for standard input'],
    ['-f', "flag needs an argument: 'f' in -f"],
    ['-f=', 'which manifests?'],
    ['-f https://example.org/a.yaml', 'lint asks no network, so it does not read https://example.org/a.yaml'],
    ['-f a -n a/b', 'invalid argument "a/b" for "--namespace" flag'],
    ['-f a -owide', 'unable to match a printer suitable for the output format "wide"'],
    ['-f a --suppress shutdown/killed', '--suppress needs --reason'],
    ['-f a --fail-on x', 'invalid argument "x" for "--fail-on" flag'],
    ['-f a --context c', 'unknown flag: --context'],
    ['-f a --image i', 'unknown flag: --image'],
    ['-f a -k b', "unknown shorthand flag: 'k' in -k"],
  ])('lint %s: %s', async (line, message) => {
    const { code, stdout, stderr, lints } = await runCli(`lint ${line}`);
    expect(stderr).toContain(`error: ${message}`);
    expect(stderr).toContain("\nSee 'kubectl netdoctor lint --help' for usage.\n");
    expect({ code, stdout, lints }).toEqual({ code: 1, stdout: '', lints: [] });
  });

  test('-f of another command', async () => {
    expect((await runCli('node n1 -f a')).stderr).toContain('error: unknown flag: --filename');
  });

  test('checks that there are not', async () => {
    const failing = { lint: () => Promise.reject(new Error('no check fits "x"')) };
    expect(await runCli('lint -f a --checks x', failing)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'error: no check fits "x"\n',
    });
  });
});

describe('what comes out', () => {
  test.each([
    ['nothing wrong', [{ ...base, status: 'pass', message: 'fine' }], '', 0],
    ['a problem', [problem], '', 2],
    ['a problem that is no matter', [problem], '--fail-on error', 0],
    ['a problem whatever it is', [problem], '--fail-on never', 0],
    ['an info', [{ ...problem, severity: 'info' }], '', 0],
    ['an info that matters', [{ ...problem, severity: 'info' }], '--fail-on info', 2],
    ['what one cannot tell', [{ ...base, status: 'unknown', message: 'who knows', missing: [] }], '', 3],
    ['what was not chosen', [{ ...base, status: 'skipped', message: 'lint reads manifests alone' }], '', 0],
  ] as const)('%s: the exit code, in every format', async (_, findings, flags, code) => {
    const world = giving(report(findings));
    for (const format of ['table', 'json', 'yaml', 'junit', 'sarif', 'markdown'])
      expect(await runCli(`lint -f a -o ${format} ${flags}`, world)).toMatchObject({ code, stderr: '' });
  });

  test('the report as JSON', async () => {
    const { stdout } = await runCli('lint -f a -ojson', giving(report([problem])));
    expect(JSON.parse(stdout)).toEqual(report([problem]));
  });

  test('broken files go to stderr, harmless for the terminal, and make the exit code 1; the rest is told', async () => {
    const world = giving({ ...report([problem]), broken: ['a.yaml:1: \x1b[31m\nlike this', 'b.yaml: no'] });
    const { code, stdout, stderr } = await runCli('lint -f a -ojson', world);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'error: a.yaml:1: \\x1b[31m\nlike this\nerror: b.yaml: no\n',
    });
    expect(JSON.parse(stdout)).toEqual({
      ...report([problem]),
      broken: ['a.yaml:1: \x1b[31m\nlike this', 'b.yaml: no'],
    });
  });

  test('where all is broken there is no report', async () => {
    const world = giving({ ...report([], []), broken: ['a.yaml:1: no'] });
    expect(await runCli('lint -f a', world)).toMatchObject({ code: 1, stdout: '', stderr: 'error: a.yaml:1: no\n' });
  });

  test('where there is nothing to judge it says so', async () => {
    const { code, stdout, stderr } = await runCli('lint -f a -ojson', giving(report([], [])));
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'No pod templates found: there is nothing to judge.\n' });
    expect(JSON.parse(stdout)).toMatchObject({ targets: [], findings: [] });
    expect((await runCli('lint -f a', giving(report([], [])))).stdout).toBe('');
  });

  test('the help', async () => {
    const { code, stdout } = await runCli('lint --help');
    expect(code).toBe(0);
    for (const text of ['-f, --filename', '-R, --recursive', 'helm template web ./chart | ', 'a manifest could not be'])
      expect(stdout).toContain(text);
    expect(stdout).not.toContain('--kubeconfig');
  });
});
