import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { diagnose } from '../../src/app/diagnose.ts';
import type { DiagnoseRequest, NodeChoice, RunContext, Watcher } from '../../src/app/request.ts';
import type { Report } from '../../src/core/report.ts';
import type { WatchEvent } from '../../src/core/watch.ts';
import { at, textAt } from '../../src/lib/json.ts';
import { overflowing } from '../support/overflowing.ts';
import { watchText } from '../support/watch-text.ts';
import { needRoot } from '../transports/collector/run-program.ts';
import {
  containerState,
  type FakeApiserver,
  fakeApiserver,
  nodeReady,
  type Rule,
  refuse,
} from '../transports/debug-pod/fake-apiserver.ts';

interface Seen {
  readonly reports: readonly Report[];
  readonly events: readonly string[];
  readonly notes: readonly string[];
  /** How many answers had come when the first report was told, and in all. */
  readonly reads: { readonly first: number; readonly all: number };
}

const run = async (
  request: DiagnoseRequest,
  happens: { readonly onReport?: () => Promise<void>; readonly onEvents?: (events: readonly WatchEvent[]) => void },
  signal = new AbortController().signal,
): Promise<{ readonly last: Report } & Seen> => {
  const reports: Report[] = [];
  const events: string[] = [];
  const notes: string[] = [];
  const reads = { first: 0, all: 0 };
  const watcher: Watcher = {
    onReport: async (report) => {
      reports.push(report);
      reads.first = reads.all;
      await happens.onReport?.();
    },
    onEvents: async (some) => {
      events.push(...some.map((e) => e.kind));
      happens.onEvents?.(some);
    },
  };
  const context: RunContext = {
    ...{ program: 'netdoctor', env: { KUBECONFIG: '/dev/null' }, signal, watcher, onLeftBehind: () => {} },
    onProgress: (p) => {
      if (p.kind === 'note') notes.push(p.text);
      if (p.kind === 'read') reads.all++;
    },
  };
  return { last: await diagnose(request, context), reports, events, notes, reads };
};
const statusOf = (report: Report | undefined, check: string): string | undefined =>
  report?.findings.find((f) => f.check === check)?.status;
const wide = { timeout: 120_000 };

describe('this machine', () => {
  const local = (seconds: number): DiagnoseRequest => ({
    ...{ about: 'nodes', source: { kind: 'local' }, windowSeconds: 0, checks: ['sockets/udp-buffer'] },
    watch: { seconds, untilFound: false },
  });

  it('is told first, then watched, then read again and compared', wide, async () => {
    const { send, pid } = await overflowing();
    const r = await run(local(1), {
      onReport: async () => {
        send();
        await sleep(500);
      },
    });
    expect(r.reports).toHaveLength(1);
    // one sample alone tells nothing of what is counted now
    expect(statusOf(r.reports[0], 'sockets/udp-buffer')).toBe('skipped');
    expect(r.events).toEqual(expect.arrayContaining(['begin', 'end']));
    // other tests that run just now may fill buffers too
    const mine = r.last.findings.filter((f) => JSON.stringify(f).includes(`pid ${pid}`));
    expect(mine).toMatchObject([{ check: 'sockets/udp-buffer', status: 'fail' }]);
    expect(r.reads.all).toBe(2 * r.reads.first);
    expect(r.notes.filter((n) => !n.startsWith('not root'))).toEqual([]);
  });

  it('is judged by what was counted meanwhile, where nothing was too', wide, async () => {
    needRoot();
    const r = await run(local(1), {});
    // what other tests do just now may be found
    expect(statusOf(r.last, 'sockets/udp-buffer')).toMatch(/^(pass|fail)$/);
  });

  it('a second reading that fails is a note, and the first stands', wide, async () => {
    needRoot();
    onTestFinished(() => void vi.unstubAllEnvs());
    const r = await run(local(1), {
      onEvents: (events) => {
        if (events.some((e) => e.kind === 'begin')) vi.stubEnv('PATH', '/nowhere');
      },
    });
    expect(r.notes).toEqual([
      expect.stringMatching(
        /^the reading after the watch failed, the one before it stands: Cannot run a shell on this machine: /,
      ),
    ]);
    expect(r.last.findings).toEqual(r.reports[0]?.findings);
    expect(r.last.targets).toEqual(r.reports[0]?.targets);
  });

  it('an interruption ends the watch, and there is no second reading', wide, async () => {
    needRoot();
    const user = new AbortController();
    const r = await run(local(600), { onEvents: () => user.abort(new Error('Ctrl-C')) }, user.signal);
    expect(r.reports).toHaveLength(1);
    expect(r.reads.all).toBe(r.reads.first);
    expect(r.notes).toEqual([]);
    expect(r.last.findings).toEqual(r.reports[0]?.findings);
  });
});

/** A cluster of two nodes whose pods run for real on this machine, but for the watch, which is made up: `cut` of it, its end does not come. */
const cluster = async (...rules: readonly Rule[]) => await clusterWith({ cut: false }, ...rules);
const clusterWith = async ({ cut }: { readonly cut: boolean }, ...rules: readonly Rule[]) => {
  let server: FakeApiserver | null = null;
  const logs = new Map<string, Promise<string>>();
  const outputOf = (program: string): Promise<string> => {
    const nonce = /^nd_nonce='?([A-Za-z0-9]+)/m.exec(program)?.[1] ?? '';
    if (program.startsWith('# netdoctor watch')) {
      const { hello, frame, end } = watchText(nonce, 'script:watch/events');
      const lines = cut
        ? [hello, ...frame(0, '1000.00', 'mode\ttrace\tx'), ...frame(1, '1001.00', 'more\t1')]
        : [hello, ...frame(0, '1000.00', 'mode\ttrace\tx'), ...frame(1, '1001.00', 'end\ttime'), end(2)];
      return Promise.resolve(`${lines.join('\n')}\n`);
    }
    return new Promise((resolve) => execFile('sh', ['-c', program], (_, stdout) => resolve(stdout)));
  };
  const kubelet: Rule = ({ method, url, body }, response) => {
    if (method === 'POST' && url.pathname.endsWith('/pods') && !url.searchParams.has('dryRun')) {
      logs.set(textAt(body, 'metadata', 'name'), outputOf(textAt(body, 'spec', 'containers', 0, 'command', 2)));
      setTimeout(() => server?.setStatus(containerState({ running: { startedAt: 'now' } }, 'Running')), 20);
      return false;
    }
    const log = logs.get(/\/pods\/([^/]+)\/log$/.exec(url.pathname)?.[1] ?? '');
    if (!log) return false;
    void log.then((text) => response.end(text));
    return true;
  };
  server = await fakeApiserver(...rules, kubelet);
  return server;
};

describe('a node of a cluster', () => {
  const request = (server: FakeApiserver): DiagnoseRequest => ({
    ...{ about: 'nodes', windowSeconds: 0, checks: ['sockets/udp-buffer'], watch: { seconds: 60, untilFound: false } },
    source: {
      ...{ kind: 'cluster', choice: { by: 'name', names: ['n1'] }, probe: true, parallel: 5 },
      flags: { server: server.api.server },
      pod: {
        ...{ image: 'busybox:1.36', imagePullPolicy: 'IfNotPresent', namespace: 'kube-system', rights: 'default' },
        startSeconds: 30,
      },
    },
  });
  const graces = (server: FakeApiserver): unknown[] => server.deletions.map((d) => at(d, 'gracePeriodSeconds'));

  it('is read, watched and read by three pods, and what is worth a note is told once', wide, async () => {
    await using server = await cluster(({ url, body }, response) => {
      if (!url.pathname.endsWith('/selfsubjectaccessreviews')) return false;
      const allowed = textAt(body, 'spec', 'resourceAttributes', 'verb') !== 'watch';
      response.writeHead(201).end(JSON.stringify({ status: { allowed } }));
      return true;
    });
    const r = await run(request(server), {});
    expect(r.reports).toHaveLength(1);
    expect(r.events).toEqual(['begin', 'end']);
    expect(statusOf(r.reports[0], 'sockets/udp-buffer')).toBe('skipped');
    expect(statusOf(r.last, 'sockets/udp-buffer')).toMatch(/^(pass|fail)$/);
    expect(server.requests.filter((q) => q.includes('selfsubjectaccessreviews'))).toHaveLength(10);
    expect(r.notes.filter((n) => n.includes('looked at twice a second'))).toHaveLength(1);
    expect(new Set(r.notes).size).toBe(r.notes.length);
    expect(server.made).toHaveLength(3);
    await expect.poll(() => graces(server), { timeout: 20_000 }).toEqual([1, 10, 1]);
    expect(server.exists()).toBe(false);
  });

  it('an outage in the watch is told each time', wide, async () => {
    const watch = { pod: '', nonce: '', opened: 0 };
    await using server = await cluster(({ method, url, body }, response) => {
      const program = textAt(body, 'spec', 'containers', 0, 'command', 2);
      if (method === 'POST' && program.startsWith('# netdoctor watch')) {
        watch.pod = textAt(body, 'metadata', 'name');
        watch.nonce = /^nd_nonce='?([A-Za-z0-9]+)/m.exec(program)?.[1] ?? '';
      }
      if (method !== 'GET' || watch.pod === '' || !url.pathname.endsWith(`/${watch.pod}/log`)) return false;
      watch.opened++;
      const { hello, frame, end } = watchText(watch.nonce, 'script:watch/events');
      const frames = [['mode\ttrace\tx'], ['more\t1'], ['end\ttime']].map((lines, n) =>
        frame(n, `100${n}.00`, ...lines),
      );
      const said = [hello, ...frames.slice(0, watch.opened).flat(), ...(watch.opened < 3 ? [] : [end(3)])];
      response.end(`${said.join('\n')}\n`);
      return true;
    });
    const { notes } = await run(request(server), {});
    expect(watch.opened).toBe(3);
    expect(notes.filter((n) => n.includes('the stream of its log ended'))).toHaveLength(2);
    expect(notes.filter((n) => n.includes('it comes again, and nothing is missing'))).toHaveLength(2);
  });

  it('whose watch breaks off is read again all the same, and the report says what was not watched', wide, async () => {
    await using server = await clusterWith({ cut: true });
    const r = await run(request(server), {
      onEvents: (events) => {
        if (events.some((e) => e.kind === 'unlisted'))
          server.setStatus(containerState({ terminated: { reason: 'Evicted', exitCode: 137 } }, 'Failed'));
      },
    });
    const why = 'the debug pod ended early: Evicted: exit 137';
    expect(r.last.unwatched).toEqual([{ node: 'n1', seconds: 1, why }]);
    expect(r.notes).toContain(`the watch of node n1 broke off after 1s of 1m0s: ${why}`);
    expect(server.made).toHaveLength(3);
    expect(statusOf(r.last, 'sockets/udp-buffer')).toMatch(/^(pass|fail)$/);
    expect(server.exists()).toBe(false);
  });

  it('that is not to be read any more after that: the first reading stands', wide, async () => {
    await using server = await clusterWith({ cut: true });
    const r = await run(request(server), {
      onEvents: (events) => {
        if (!events.some((e) => e.kind === 'unlisted')) return;
        server.setNode(nodeReady('Unknown', 'Kubelet stopped posting node status.'));
        server.forget();
      },
    });
    expect(r.last.unwatched).toMatchObject([{ node: 'n1', seconds: 1 }]);
    expect(r.notes).toContainEqual(
      expect.stringMatching(/^the reading after the watch failed, the one before it stands: .*n1 is NotReady/),
    );
    expect(r.last.findings).toEqual(r.reports[0]?.findings);
    expect(r.last.targets).toMatchObject([{ kind: 'node', name: 'n1', via: 'debug-pod', unread: null }]);
  });

  it('that cannot be watched at all is not read again', wide, async () => {
    await using server = await cluster(
      ({ method, body }, response) =>
        method === 'POST' &&
        textAt(body, 'spec', 'containers', 0, 'command', 2).startsWith('# netdoctor watch') &&
        refuse(response, 403, 'Forbidden', 'no more pods'),
    );
    const r = await run(request(server), {});
    expect(r.last.unwatched).toEqual([{ node: 'n1', seconds: null, why: expect.stringContaining('no more pods') }]);
    expect(r.notes).toContainEqual(expect.stringMatching(/^node n1 cannot be watched: .*no more pods/));
    expect(r.last.findings).toEqual(r.reports[0]?.findings);
    expect(server.made).toHaveLength(1);
  });

  it.each<[string, NodeChoice, number]>([
    ['named', { by: 'name', names: ['n1', 'n2'] }, 0],
    ['chosen by their labels', { by: 'selector', selector: 'a=b' }, 1],
  ])(
    'more nodes than may be watched at once are refused before anything is made: %s',
    wide,
    async (_, choice, asked) => {
      await using server = await cluster(({ url }, response) => {
        if (url.pathname !== '/api/v1/nodes') return false;
        const items = ['n1', 'n2'].map((name) => ({ metadata: { name } }));
        response.end(JSON.stringify({ kind: 'NodeList', metadata: { resourceVersion: '1' }, items }));
        return true;
      });
      const { source, ...rest } = request(server);
      if (source.kind !== 'cluster') throw new Error('it is of a cluster');
      const two = { ...rest, source: { ...source, choice, parallel: 1 } };
      await expect(run(two, {})).rejects.toThrow(
        '--watch-for watches 1 node at once, and 2 were chosen: choose fewer, or more with --parallel',
      );
      expect(server.requests).toHaveLength(asked);
      expect(server.made).toEqual([]);
    },
  );

  it('whose second pod is refused: a note, and the first reading stands', wide, async () => {
    let pods = 0;
    await using server = await cluster(
      ({ method, url }, response) =>
        method === 'POST' &&
        url.pathname.endsWith('/pods') &&
        !url.searchParams.has('dryRun') &&
        ++pods === 3 &&
        refuse(response, 403, 'Forbidden', 'exceeded quota: q'),
    );
    const r = await run(request(server), {});
    expect(r.notes.filter((n) => n.includes('the reading after the watch failed'))).toEqual([
      expect.stringMatching(/^the reading after the watch failed, the one before it stands: .*exceeded quota: q/),
    ]);
    expect(r.last.findings).toEqual(r.reports[0]?.findings);
    expect(r.last.targets).toMatchObject([{ kind: 'node', name: 'n1', via: 'debug-pod' }]);
    expect(server.exists()).toBe(false);
  });
});
