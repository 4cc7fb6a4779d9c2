import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProxySync } from '../../src/facts/kube-proxy/sync.ts';
import { syncLive } from '../../src/probes/kube-proxy/sync.live.ts';
import { kubernetesVersionLive } from '../../src/probes/node/kubernetes-version.live.ts';
import { collect, needRoot, shells, tempDir } from '../transports/collector/run-program.ts';
import { kindOf, none, said, told } from './raws.ts';

const prefix = 'kubeproxy_sync_proxy_rules_';
const parse = (...lines: string[]) => syncLive.parse({ words: said(lines.map((l) => `${l}\n`).join('')) });
const value = (...lines: string[]): ProxySync => {
  const reading = parse('now\t1795809000', ...lines);
  if (!reading.ok) throw new Error(reading.gap.detail);
  return reading.value;
};

describe('the words of kube-proxy', () => {
  it('of 1.34, healthy', () => {
    expect(
      value(
        'process\t52\tS',
        `metric\t${prefix}last_queued_timestamp_seconds{ip_family="IPv4"} 1.7958089e+09`,
        `metric\t${prefix}last_queued_timestamp_seconds{ip_family="IPv6"} 1.7958088e+09`,
        `metric\t${prefix}last_timestamp_seconds{ip_family="IPv4"} 1.79580891e+09`,
        `metric\t${prefix}iptables_restore_failures_total{ip_family="IPv4"} 2`,
        'metric\tkubernetes_build_info{git_version="v1.34.4"} 1',
        'metric\tprocess_start_time_seconds 1.7958e+09',
        'answer\tmetrics\t0\t10.0.0.1:10249\t',
        'health\t{"healthy":true}',
        'answer\thealth\t0\t127.0.0.1:10256\t',
      ),
    ).toEqual({
      nowMs: 1_795_809_000_000,
      processes: [{ pid: 52, state: 'S' }],
      metricsAddress: '10.0.0.1:10249',
      metricsAnswer: 'answered',
      startedMs: 1_795_800_000_000,
      version: 'v1.34.4',
      times: [
        { family: 'IPv4', queuedMs: 1_795_808_900_000, syncedMs: 1_795_808_910_000 },
        { family: 'IPv6', queuedMs: 1_795_808_800_000, syncedMs: null },
      ],
      failures: [{ what: 'iptables_restore', family: 'IPv4', count: 2 }],
      health: { answer: 'answered', healthy: true, text: '{"healthy":true}' },
      logFiles: [],
      lines: [],
      rulesLeft: null,
      rulesUnread: [],
    });
  });
  it('of before 1.34: one for both families, and 0 for never', () => {
    expect(
      value(`metric\t${prefix}last_queued_timestamp_seconds 1.7958089e+09`, `metric\t${prefix}last_timestamp_seconds 0`)
        .times,
    ).toEqual([{ family: '', queuedMs: 1_795_808_900_000, syncedMs: null }]);
  });
  it.each<[string, string, ProxySync['metricsAnswer']]>([
    ['7', 'curl: (7) Failed to connect to 127.0.0.1 port 10249', 'refused'],
    ['28', 'curl: (28) Operation timed out after 3001 milliseconds', 'timed-out'],
    ['1', "wget: can't connect to remote host (127.0.0.1): Connection refused", 'refused'],
    ['1', 'wget: download timed out', 'timed-out'],
    ['137', 'no answer within 5 s', 'timed-out'],
    ['127', 'neither curl nor wget here', 'other'],
    ['', '', 'other'],
  ])('exit %s, %s: %s', (code, text, want) =>
    expect(value(`answer\tmetrics\t${code}\t127.0.0.1:10249\t${text}`).metricsAnswer).toBe(want),
  );
  it.each<[string, string, boolean | null]>([
    ['0', '{"healthy":false,"status":{}}', false],
    ['1', 'wget: server returned error: HTTP/1.1 503 Service Unavailable', false],
    ['0', '{"lastUpdated":"2020-07-12","currentTime":"2020-07-12"}', null],
    ['7', 'curl: (7) refused', null],
  ])('health, exit %s, %s: %s', (code, text, want) =>
    expect(value(`health\t${text}`, `answer\thealth\t${code}\t127.0.0.1:10256\t`).health.healthy).toBe(want),
  );
  it('lines of several logs, in the order of time and no longer than 300', () => {
    const { lines, logFiles } = value(
      'log\t/var/log/pods/b',
      `line\t2026-11-27T20:00:02Z stderr F \tFailed ${'x'.repeat(400)}`,
      'line\tno time here',
      'log\t/var/log/pods/a',
      'line\t2026-11-27T20:00:01Z stderr F ipset\tv7 failed',
    );
    expect(logFiles).toEqual(['/var/log/pods/b', '/var/log/pods/a']);
    expect(lines.map((l) => [l.file, l.text.length])).toEqual([
      ['/var/log/pods/a', 15],
      ['/var/log/pods/b', 300],
    ]);
  });
  it('rules of one that is gone', () =>
    expect(value('rules\t/proc/net/ip_vs\tTCP 0A600001:01BB', 'rules\tnft list chains\tx').rulesLeft).toEqual({
      source: '/proc/net/ip_vs',
      text: 'TCP 0A600001:01BB',
    }));
  it('rules that could not be looked for', () =>
    expect(
      value(
        'unread\tnft list chains\t124\tslow\tnode',
        'unread\tiptables-legacy-save\t1\t',
        'unread\tx\tmany\ty',
        'unread\t\t1\ty',
        'unread',
      ).rulesUnread,
    ).toEqual([
      { source: 'nft list chains', exit: 124, error: 'slow node' },
      { source: 'iptables-legacy-save', exit: 1, error: '' },
    ]));
  it('none, or without the time', () => {
    expect(kindOf(syncLive.parse({ words: none('tool-missing') }))).toBe('tool-missing');
    expect(kindOf(parse('now\t'))).toBe('unparsable');
    expect(kindOf(parse('hostile', 'process\tx\tS'))).toBe('unparsable');
    expect(value('process\tx\tS', 'metric\t\t', 'answer', 'health', 'line', 'log').processes).toEqual([]);
  });
  it('tell the version where the API was not asked', () => {
    const version = (...lines: string[]) => kubernetesVersionLive.parse({ words: said(lines.join('\n')) });
    expect(told(version('now\t1', 'metric\tkubernetes_build_info{git_version="v1.13.10"} 1'))).toMatchObject({
      minor: 13,
      patch: 10,
    });
    expect(kindOf(version('now\t1'))).toBe('not-chosen');
    expect(kindOf(kubernetesVersionLive.parse({ words: none('timeout') }))).toBe('timeout');
  });
});

/** A server by the name of kube-proxy, on both of its ports, until its starter ends. */
const server = `
process.title = 'kube-proxy';
const http = require('node:http');
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(), 100);
setTimeout(() => process.exit(), 60000);
const answers = JSON.parse(process.argv[2]);
for (const port of [10249, 10256])
  http.createServer((q, r) => {
    const a = answers[q.url] ?? { code: 404, text: '404 page not found' };
    r.writeHead(a.code);
    r.end(a.text);
  }).listen(port, '127.0.0.1');
`;
const metrics = `# HELP ${prefix}last_timestamp_seconds x
${prefix}last_timestamp_seconds{ip_family="IPv4"} 1.7958089571519775e+09
${prefix}last_queued_timestamp_seconds{ip_family="IPv4"} 1.7958089569772737e+09
${prefix}iptables_restore_failures_total{ip_family="IPv4"} 3
${prefix}duration_seconds_bucket{le="1"} 3
go_goroutines 77
kubernetes_build_info{git_version="v1.20.1"} 1
`;

describe.each(shells)('in a network namespace of its own, %s', (_, shell) => {
  const run = async (
    before: string,
    hostRoot = '',
    answers: object = {},
    change = (text: string): string => text,
  ): Promise<ProxySync> => {
    needRoot();
    const dir = tempDir();
    writeFileSync(join(dir, 'server.cjs'), server);
    const { words } = syncLive.reads;
    const c = await collect([{ ...words, script: change(words.script) }], {
      argv: ['unshare', '--net', 'sh', '-c', `ip link set lo up; ${before}; exec "$@"`, dir, ...shell],
      hostRoot,
      env: {
        SERVER: join(dir, 'server.cjs'),
        ANSWERS: JSON.stringify(answers),
        NODE: process.execPath,
        PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
      },
    });
    const reading = syncLive.parse({ words: c.raws.get(words.id) ?? none() });
    if (!reading.ok) throw new Error(`${reading.gap.kind}: ${reading.gap.detail}`);
    return reading.value;
  };
  const serve =
    '"$NODE" "$SERVER" "$ANSWERS" >/dev/null 2>&1 & for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do curl -s http://127.0.0.1:10256/ >/dev/null && break; sleep 0.2; done';

  it('a kube-proxy before 1.28 and its log of Docker, through links to absolute paths', async () => {
    const root = tempDir();
    const real = join(root, 'data/docker/1-json.log');
    for (const d of ['data/docker', 'var/log/containers', 'var/log/pods/kube-system_kube-proxy-x_1/kube-proxy'])
      mkdirSync(join(root, d), { recursive: true });
    const link = '/var/log/pods/kube-system_kube-proxy-x_1/kube-proxy/0.log';
    symlinkSync('/data/docker/1-json.log', join(root, link));
    symlinkSync(
      '../pods/kube-system_kube-proxy-x_1/kube-proxy/0.log',
      join(root, 'var/log/containers/kube-proxy-x_kube-system_kube-proxy-1.log'),
    );
    const docker = (log: string, at: string): string => `${JSON.stringify({ log, stream: 'stderr', time: at })}\n`;
    writeFileSync(
      real,
      [
        docker('I0712 Syncing iptables rules\n', '2020-07-12T10:00:00Z'),
        ...Array.from({ length: 30 }, (_, i) =>
          docker(
            `E0712 Failed to execute iptables-restore: ${i} ${'r'.repeat(i * 40)}\n`,
            `2020-07-12T10:00:${10 + i}Z`,
          ),
        ),
        docker('E0712 "Failed to ensure chain exists" err=<\n', '2020-07-12T10:01:00Z'),
        docker('\texit status 4: \u001b[31mno\n', '2020-07-12T10:01:01Z'),
        docker(' > table="nat"\n', '2020-07-12T10:01:02Z'),
      ].join(''),
    );
    const seen = await run(serve, root, {
      '/metrics': { code: 200, text: metrics },
      '/healthz': { code: 503, text: '{"lastUpdated":"x","healthy":false}' },
    });
    expect(seen).toMatchObject({
      processes: [{ state: 'S' }],
      metricsAnswer: 'answered',
      version: 'v1.20.1',
      failures: [{ what: 'iptables_restore', count: 3 }],
      times: [{ family: 'IPv4', queuedMs: 1_795_808_956_977 }],
      health: { answer: 'answered', healthy: false },
      logFiles: ['/data/docker/1-json.log'],
      rulesLeft: null,
    });
    expect(seen.lines).toHaveLength(20);
    expect(seen.lines.slice(-3).map((l) => l.text.slice(0, 50))).toEqual([
      'E0712 Failed to execute iptables-restore: 29 rrrrr',
      'E0712 "Failed to ensure chain exists" err=<',
      'exit status 4: \u001b[31mno',
    ]);
    expect(Math.max(...seen.lines.map((l) => l.text.length))).toBe(300);
  });

  it('nothing of Kubernetes: neither process nor rules, and no table made', async () => {
    expect(await run(':')).toMatchObject({
      processes: [],
      metricsAnswer: 'other',
      times: [],
      rulesLeft: null,
      rulesUnread: [],
    });
  });

  it.each([
    [
      `printf 'table ip nat {\\n\\tchain X'; printf 'no ${'x'.repeat(300)}\\nmore\\n' >&2; exit 124`,
      124,
      /^no x{197}$/,
    ],
    ['exit 3', 3, /^$/],
    ["echo 'a warning' >&2", null, null],
  ])('a program that lists rules: %s', async (text, exit, error) => {
    const bin = tempDir();
    writeFileSync(join(bin, 'nft'), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, 'nft'), 0o755);
    const { rulesLeft, rulesUnread } = await run(`PATH=${bin}:$PATH`, '', {}, (script) =>
      script.replace('[ -e /proc/sys/net/netfilter/nf_conntrack_max ] && nd_loaded nf_tables', 'true'),
    );
    expect(rulesLeft).toBeNull();
    expect(rulesUnread).toEqual(
      exit === null ? [] : [{ source: 'nft list chains', exit, error: expect.stringMatching(error) }],
    );
  });

  it('rules that a program told before it failed are seen, and the failure is told too', async () => {
    const bin = tempDir();
    writeFileSync(join(bin, 'nft'), "#!/bin/sh\nprintf '\\tchain KUBE-SVC-A {\\n'; exit 1\n");
    chmodSync(join(bin, 'nft'), 0o755);
    const seen = await run(`PATH=${bin}:$PATH`, '', {}, (script) =>
      script.replace('[ -e /proc/sys/net/netfilter/nf_conntrack_max ] && nd_loaded nf_tables', 'true'),
    );
    expect(seen.rulesLeft).toEqual({ source: 'nft list chains', text: 'chain KUBE-SVC-A {' });
    expect(seen.rulesUnread).toEqual([{ source: 'nft list chains', exit: 1, error: '' }]);
  });

  it('rules of a kube-proxy that is gone, by nft', async () => {
    const nft = spawnSync('unshare', ['--net', 'nft', 'add', 'table', 'ip', 'nat']).status === 0;
    const seen = await run('nft add table ip nat; nft add chain ip nat KUBE-SVC-A; nft add table ip kube-proxy');
    expect(seen.rulesLeft?.text ?? null).toBe(nft ? 'chain KUBE-SVC-A {' : null);
  });
});

it('the log of kube-proxy is where the script looks', () =>
  expect(dirname(syncLive.reads.words.typed.split(' ').at(-1) ?? '')).toBe('/var/log/containers'));
