import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { RunContext } from '../../src/app/request.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { Report } from '../../src/core/report.ts';
import type { WatchEvent, WatchNames } from '../../src/core/watch.ts';
import { runCli } from '../support/cli-run.ts';
import { healthy, incidentOne } from '../support/sample-reports.ts';
import { fakeTerminal } from '../support/terminal.ts';

const names: WatchNames = {
  serviceOf: () => 'shop/web',
  podAt: () => null,
  podOf: () => null,
  spaceOf: () => null,
  strictIn: () => [],
  podBy: () => null,
};
const events: readonly WatchEvent[] = [
  { kind: 'begin', by: 'trace', tracepoints: ['a'], atSeconds: 100 },
  {
    ...{ kind: 'connect', outcome: 'refused', atSeconds: 101, mirrors: [], tracked: null, fell: null, opener: null },
    ...{ source: { ip: '10.0.0.1', port: 31055 }, destination: { ip: '10.0.0.2', port: 80 } },
  },
  { kind: 'end', why: 'time', atSeconds: 102 },
];

/** A run that reports, watches and reports again. */
const watching =
  (first: Report, last: Report) =>
  async (_: unknown, { watcher }: RunContext): Promise<Report> => {
    await watcher?.onReport(first);
    for (const e of events) await watcher?.onEvents([e], names, null);
    return last;
  };
const line =
  '10.0.0.1 → 10.0.0.2:80 from port 31055, the NodePort of shop/web: refused, nobody listens there or a rule rejects it';
const count = (text: string, part: string): number => text.split(part).length - 1;

describe('--watch-for', () => {
  it('ends when nobody reads any more what it tells', async () => {
    let aborted = false;
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('EPIPE'), { code: 'EPIPE' })),
    });
    const { code, stderr } = await runCli('node --local --watch-for 10m', {
      stdout,
      run: async (_, { watcher, signal }) => {
        await watcher?.onReport(healthy());
        aborted = signal.aborted;
        return healthy();
      },
    });
    expect({ aborted, code, stderr }).toEqual({ aborted: true, code: 0, stderr: '' });
  });

  it('asks for it', async () => {
    const { requests } = await runCli('node --local --watch-for 10m');
    expect(requests).toMatchObject([{ source: { kind: 'local' }, watch: { seconds: 600, untilFound: false } }]);
    expect((await runCli('node --local')).requests[0]).not.toHaveProperty('watch');
    expect((await runCli('node --local --watch-for 1h --until-found')).requests[0]?.watch).toEqual({
      ...{ seconds: 3600, untilFound: true },
    });
  });

  it.each([
    ['node vm1 --watch-for 10m', { about: 'nodes', source: { choice: { by: 'name', names: ['vm1'] } } }],
    ['node --all --watch-for 10m', { about: 'nodes', source: { choice: { by: 'all' } } }],
    [
      'pod web -n shop --watch-for 10m',
      {
        about: 'pods',
        source: { probe: true, choice: { by: 'pods', namespace: 'shop', refs: [{ kind: 'pod', name: 'web' }] } },
      },
    ],
  ])('%s asks for it of the cluster', async (command, request) => {
    const { requests, stderr, code } = await runCli(command);
    expect(requests).toMatchObject([{ ...request, watch: { seconds: 600, untilFound: false } }]);
    expect(requests).toMatchObject([{ source: { kind: 'cluster' } }]);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('prints the report, then what happens; the report is not told twice', async () => {
    const { stdout, code } = await runCli('node --local --watch-for 10m', { run: watching(healthy(), healthy()) });
    const [report = '', rest = ''] = stdout.split('+0.0 s  watching a');
    expect(report).toContain('no problem found');
    expect(rest).toContain(`+1.0 s  ${line}`);
    expect(rest).toMatch(/The watch found no other problem than the report above\.\n$/);
    expect(count(stdout, 'no problem found')).toBe(1);
    expect(code).toBe(0);
  });

  it('one that broke off is not called whole, and is no success', async () => {
    const unwatched = [{ node: 'vm1', seconds: 12.5, why: 'the debug pod was deleted meanwhile' }];
    const { stdout, code } = await runCli('node vm1 --watch-for 10m', {
      run: watching(healthy(), { ...healthy(), unwatched }),
    });
    expect(stdout).toMatch(
      /\nThe watch found no other problem than the report above, and did not come to its end on vm1\.\n$/,
    );
    expect(code).toBe(3);
    const json = await runCli('node vm1 --watch-for 10m -o json', {
      run: watching(healthy(), { ...healthy(), unwatched }),
    });
    expect(JSON.parse(json.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ unwatched });
  });

  it('what only the watch found is reported at the end, and counts', async () => {
    const { stdout, code } = await runCli('node --local --watch-for 10m', { run: watching(healthy(), incidentOne()) });
    expect(stdout.indexOf('ports/nodeport-victims')).toBeGreaterThan(stdout.indexOf(line));
    expect(code).toBe(2);
  });

  it('names the nodes whose watch broke off also where something was found', async () => {
    const unwatched = [{ node: 'vm1', seconds: null, why: null }];
    const { stdout, code } = await runCli('node vm1 --watch-for 10m', {
      run: watching(healthy(), { ...incidentOne(), unwatched }),
    });
    expect(stdout).toMatch(/\nThe watch did not come to its end on vm1\.\n$/);
    expect(code).toBe(2);
  });

  it('news are told by what they are about, and what became unknown is news too', async () => {
    const other = { kind: 'node', name: 'other' } as const;
    const two = incidentOne();
    const elsewhere = { ...two, findings: [...two.findings, ...two.findings.map((f) => ({ ...f, target: other }))] };
    const again = await runCli('node --local --watch-for 10m', { run: watching(two, elsewhere) });
    expect(again.stdout).not.toContain('no other problem');
    const unknown: Finding = {
      ...{ check: 'ports/exhaustion', title: 'x', target: other },
      ...{ status: 'unknown', message: 'it timed out', missing: [] },
    };
    const lost = { ...healthy(), findings: [...healthy().findings, unknown] };
    const { stdout, code } = await runCli('node --local --watch-for 10m', { run: watching(healthy(), lost) });
    expect(stdout).toContain('it timed out');
    expect(code).toBe(3);
  });

  it('what the first report had already is no news', async () => {
    const { stdout, code } = await runCli('node --local --watch-for 10m', {
      run: watching(incidentOne(), incidentOne()),
    });
    expect(stdout.lastIndexOf('ports/nodeport-victims')).toBeLessThan(stdout.indexOf(line));
    expect(code).toBe(2);
  });

  it.each([
    ['a dumb terminal', { columns: 80 }, { TERM: 'dumb' }],
    ['a terminal without a width', { columns: 0 }, {}],
    ['a pipe', { isTTY: false, columns: 80 }, {}],
  ])('%s gets plain lines', async (_, how, env) => {
    const terminal = fakeTerminal(80, 24);
    const stdout = Object.assign(terminal.stream, how);
    await runCli('node --local --watch-for 10m --color never', {
      ...{ stdout, env },
      run: watching(healthy(), healthy()),
    });
    expect(terminal.written()).toContain('+0.0 s  watching a');
    expect(terminal.written()).not.toContain('\x1b');
  });

  it('a terminal gets a view, and between two events nothing that passes', async () => {
    const terminal = fakeTerminal(100, 24);
    const { code } = await runCli('node --local --watch-for 10m', {
      stdout: terminal.stream,
      stderr: terminal.stream,
      env: { LANG: 'C.UTF-8' },
      run: async (_, context) => {
        await context.watcher?.onReport(healthy());
        for (const e of events) {
          await context.watcher?.onEvents([e], names, null);
          context.onProgress({ kind: 'stage', text: 'passing' });
          context.onProgress({ kind: 'note', text: `a note ${e.kind}` });
        }
        return healthy();
      },
    });
    expect(code).toBe(0);
    expect(terminal.written()).toContain('watching node1: 0s of 10m0s; Ctrl-C ends it');
    expect(terminal.written()).not.toContain('passing');
    const lines = (await terminal.lines()).map((l) => l.trim());
    expect(lines.slice(lines.indexOf('+0.0 s  watching a'))).toEqual([
      ...['+0.0 s  watching a', 'a note begin', `+1.0 s  ${line}`, 'a note connect', 'a note end'],
      ...['Seen in 0s:', `1 × ${line.replace(' from port 31055', '')}`],
      ...['', 'The watch found no other problem than the report above.'],
    ]);
  });

  it('who does not want to wait gets the terminal back', async () => {
    const terminal = fakeTerminal(100, 24);
    const { code } = await runCli('node --local --watch-for 10m', {
      stdout: terminal.stream,
      signals: (send) => {
        setTimeout(() => send('SIGINT', 1000), 100);
        setTimeout(() => send('SIGINT', 2000), 200);
      },
      run: async (_, { watcher }) => {
        await watcher?.onReport(healthy());
        return new Promise(() => {});
      },
    });
    expect(code).toBe(130);
    expect((await terminal.lines()).join('\n')).not.toContain('Ctrl-C');
  });

  it('as JSON: a line for each event, the report last', async () => {
    const { stdout } = await runCli('node --local --watch-for 10m -o json', {
      run: watching(healthy(), incidentOne()),
    });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((l): unknown => JSON.parse(l));
    expect(lines).toMatchObject([
      { kind: 'WatchEvent', event: 'begin' },
      { kind: 'WatchEvent', event: 'connect', service: 'shop/web' },
      { kind: 'WatchEvent', event: 'end' },
      { kind: 'Report', apiVersion: 'netdoctor/v1' },
    ]);
  });

  it.each([
    ['json', 1],
    ['table', 0],
  ])('where the watch fails the report before it is not lost: %s', async (format, lines) => {
    const { stdout, stderr, code } = await runCli(`node --local --watch-for 10m -o ${format}`, {
      run: async (_, { watcher }) => {
        await watcher?.onReport(incidentOne());
        throw new Error('the watch of node1 broke off');
      },
    });
    expect(stdout).toContain('ports/nodeport-victims');
    expect(count(stdout, '"kind":"Report"')).toBe(lines);
    expect([stderr, code]).toEqual(['error: the watch of node1 broke off\n', 1]);
  });

  it('one that fails before it has begun has no report', async () => {
    const { stdout } = await runCli('node --local --watch-for 10m -o json', {
      run: async () => {
        throw new Error('no node');
      },
    });
    expect(stdout).toBe('');
  });

  it('an interruption ends it with its report', async () => {
    const { stdout, code } = await runCli('node --local --watch-for 10m', {
      run: watching(healthy(), incidentOne()),
      signals: (send) => send('SIGINT', 1000),
    });
    expect(stdout).toContain('ports/nodeport-victims');
    expect(code).toBe(130);
  });

  it.each([
    ['node --from x --watch-for 10m', /--watch-for cannot be used with --from: a bundle holds what was sampled then/],
    ['pod --from x --watch-for 10m', /--watch-for cannot be used with --from: a bundle holds what was sampled then/],
    ['node --emit-collector --watch-for 10m', /--watch-for cannot be used with --emit-collector: the collector/],
    ['pod web -n shop --no-probe --watch-for 10m', /--watch-for cannot be used with --no-probe: a node is watched by/],
    ['node --local --watch-for 10m -o yaml', /-o yaml cannot be used with --watch-for/],
    ['node --local --until-found', /--until-found needs --watch-for/],
    ['pod web -n shop --until-found', /--until-found needs --watch-for/],
    ['node vm1 --watch-for 10m -o yaml', /-o yaml cannot be used with --watch-for/],
    ['node vm1 --watch-for 10m -o junit', /-o junit cannot be used with --watch-for/],
    ['pod web --watch-for 10m -o sarif', /-o sarif cannot be used with --watch-for/],
    ['node --local --watch-for 10m -o markdown', /-o markdown cannot be used with --watch-for/],
    ['node --local --watch-for 10', /not a duration/],
    ['node --local --watch-for 0', /must be between 1s and 86400s/],
  ])('%s is refused', async (command, why) => {
    const { code, stderr, requests } = await runCli(command);
    expect(stderr).toMatch(why);
    expect([code, requests]).toEqual([1, []]);
  });
});
