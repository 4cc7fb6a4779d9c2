import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScriptRead } from '../../src/core/read.ts';
import { conntrackChangesNetlink } from '../../src/probes/conntrack/changes.netlink.ts';
import { conntrackChangesProc } from '../../src/probes/conntrack/changes.proc.ts';
import { conntrackCountersNetlink } from '../../src/probes/conntrack/counters.netlink.ts';
import { conntrackCountersProc } from '../../src/probes/conntrack/counters.proc.ts';
import { conntrackLimitsProc } from '../../src/probes/conntrack/limits.proc.ts';
import { conntrackStats } from '../../src/probes/conntrack/stats-script.ts';
import { podNetworksCni } from '../../src/probes/node/pod-networks.cni.ts';
import { podNetworksKube } from '../../src/probes/node/pod-networks.kube.ts';
import { unansweredProc } from '../../src/probes/sockets/unanswered.proc.ts';
import { collect, needRoot, shells, tempDir } from '../transports/collector/run-program.ts';
import { json, none, said, told } from './raws.ts';

it.each([
  ['262144\n', '65536\n', { max: 262144, buckets: 65536 }],
  ['0\n', '', { max: 0, buckets: null }],
  ['x', '1', 'unparsable: nf_conntrack_max is "x"'],
])('limits %j %j', (max, buckets, want) =>
  expect(told(conntrackLimitsProc.parse({ max: said(max), buckets: said(buckets) }))).toEqual(want),
);

it('limits that are not there: nothing tracks', () => {
  expect(told(conntrackLimitsProc.parse({ max: none('absent'), buckets: none() }))).toBeNull();
  expect(told(conntrackLimitsProc.parse({ max: none('forbidden'), buckets: none() }))).toMatch(/^forbidden/);
});

const names = (more = '\tconntrack.clashres'): string =>
  `names\tconntrack.entries\tconntrack.insert_failed\tconntrack.drop\tconntrack.early_drop${more}`;

describe('from /proc', () => {
  it('each namespace; a name without a value is 0', () => {
    const text = `c\t7\tconntrack.entries=5\tconntrack.drop=3\nc\t8\n${names()}`;
    expect(told(conntrackCountersProc.parse({ samples: said(text) }))).toMatchObject({
      hostOnly: false,
      spaces: [
        { space: '7', entries: 5, insertFailed: 0, clashResolved: 0, drop: 3, earlyDrop: 0 },
        { space: '8', entries: 0 },
      ],
    });
    expect(told(conntrackCountersProc.parse({ samples: said(`c\t7\n${names('')}`) }))).toMatchObject({
      spaces: [{ clashResolved: null }],
    });
  });

  it('changes', () => {
    const at = (n: number): string => `c\t7\tconntrack.entries=${n}\tconntrack.insert_failed=${n}\n${names()}`;
    expect(told(conntrackChangesProc.parse({ samples: said(at(2), at(5)) }))).toMatchObject({
      seconds: 0.25,
      spaces: [{ entries: 5, insertFailed: 3 }],
    });
    expect(told(conntrackChangesProc.parse({ samples: said(at(2)) }))).toMatch(/^not-chosen/);
  });

  it('is left to netlink where the kernel has no such file', () => {
    const samples = said('c\t7\tTcp.RetransSegs=1\nnames\tTcp.RetransSegs', 'c\t7\nnames\tTcp.RetransSegs');
    expect(told(conntrackCountersProc.parse({ samples }))).toMatch(/^not-collected: this kernel has no/);
    expect(told(conntrackChangesProc.parse({ samples }))).toMatch(/^not-collected: this kernel has no/);
    expect(told(conntrackCountersProc.parse({ samples: none('timeout') }))).toMatch(/^timeout/);
    expect(told(conntrackChangesProc.parse({ samples: none('timeout') }))).toMatch(/^timeout/);
  });
});

const stats = (n: number, resolved = ' clash_resolve=1'): string =>
  `cpu=0   \tfound=0 insert_failed=${n} drop=${n} early_drop=0${resolved}\ncount 9\n`;

describe('by netlink', () => {
  it('the node alone', () => {
    expect(told(conntrackCountersNetlink.parse({ stats: said(stats(1), stats(4)) }))).toMatchObject({
      hostOnly: true,
      spaces: [{ space: 'host', entries: 9, insertFailed: 4 }],
    });
    expect(told(conntrackChangesNetlink.parse({ stats: said(stats(1), stats(4)) }))).toMatchObject({
      spaces: [{ insertFailed: 3, drop: 3, clashResolved: 0 }],
    });
    expect(told(conntrackChangesNetlink.parse({ stats: said(stats(1, ''), stats(4, '')) }))).toMatchObject({
      spaces: [{ clashResolved: null }],
    });
  });

  it.each([
    [said('', ''), /^not-collected/],
    [said('none', 'none'), /^unsupported: .*nf_conntrack_netlink is not loaded/],
    [said('x', 'x'), /^unparsable/],
    [said(stats(1), 'x'), /^unparsable/],
    [none('tool-missing'), /^tool-missing/],
  ])('gaps', (raw, want) => {
    expect(told(conntrackChangesNetlink.parse({ stats: raw }))).toMatch(want);
    expect(told(conntrackCountersNetlink.parse({ stats: raw }))).toMatch(want);
  });

  it('one look, or counters that went back', () => {
    expect(told(conntrackChangesNetlink.parse({ stats: said(stats(1)) }))).toMatch(/^not-chosen/);
    expect(told(conntrackChangesNetlink.parse({ stats: said(stats(4), stats(1)) }))).toMatch(/went backwards/);
  });

  describe.each(shells)('the script in %s', (_, argv) => {
    /** The script with files and a tool of its own. */
    const run = async (files: Readonly<Record<string, string>>, tool: string | null) => {
      const dir = tempDir();
      mkdirSync(join(dir, 'bin'));
      for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
      if (tool !== null) writeFileSync(join(dir, 'bin/nd-conntrack'), `#!/bin/sh\n${tool}\n`);
      if (tool !== null) chmodSync(join(dir, 'bin/nd-conntrack'), 0o755);
      const moved: ScriptRead = {
        ...conntrackStats,
        script: conntrackStats.script
          .replaceAll(/\/proc\/(?:sys\/net\/netfilter|net\/stat)\//g, `${dir}/`)
          .replaceAll('/proc/kallsyms', `${dir}/kallsyms`)
          .replaceAll('nd_host conntrack', 'nd_host nd-conntrack'),
      };
      const c = await collect([moved], {
        argv,
        windowSeconds: 0.1,
        env: { PATH: `${join(dir, 'bin')}:${process.env.PATH}` },
      });
      return told(conntrackCountersNetlink.parse({ stats: c.raws.get(moved.id) ?? none() }));
    };
    const tracking = { nf_conntrack_count: '77\n', kallsyms: '0 t ctnetlink_stat_ct_cpu [nf_conntrack_netlink]\n' };
    const printed = 'printf "cpu=0 \\tinsert_failed=2 drop=1 early_drop=0 clash_resolve=1 \\n"';
    it('asks where the file is not', async () =>
      expect(await run(tracking, printed)).toMatchObject({ spaces: [{ entries: 77, insertFailed: 2 }] }));
    it('does not where the file is', async () =>
      expect(await run({ ...tracking, nf_conntrack: 'entries' }, 'exit 9')).toMatch(/^not-collected/));
    it('does not where nothing tracks', async () => expect(await run({}, 'exit 9')).toMatch(/^not-collected/));
    it('does not where that would load a module', async () =>
      expect(await run({ nf_conntrack_count: '1', kallsyms: 'x\n' }, 'exit 9')).toMatch(/^unsupported/));
    it('says that the tool is missing', async () => expect(await run(tracking, null)).toMatch(/^tool-missing/));
    it('says that it failed', async () =>
      expect(await run(tracking, 'echo no permission >&2; exit 1')).toMatch(/^failed: .*no permission/));
  });
});

describe('the networks of pods', () => {
  const node = (spec: object) => json({ metadata: { name: 'n' }, spec });
  const pods = (...ips: string[]) =>
    json({
      items: ips.map((ip, i) => ({
        metadata: { namespace: 'a', name: `p${i}`, uid: `u${i}` },
        spec: { containers: [{}] },
        status: { podIPs: [{ ip }], phase: 'Running' },
      })),
    });
  it('by the API', () => {
    const both = node({ podCIDR: '10.1.0.0/24', podCIDRs: ['10.1.0.0/24', 'fd00::/64'] });
    expect(told(podNetworksKube.parse({ node: both, pods: pods('10.9.0.1') }))).toEqual([
      '10.1.0.0/24',
      'fd00::/64',
      '10.9.0.1/32',
    ]);
    expect(told(podNetworksKube.parse({ node: node({ podCIDR: '10.1.0.0/24' }), pods: none() }))).toEqual([
      '10.1.0.0/24',
    ]);
    expect(told(podNetworksKube.parse({ node: node({}), pods: pods() }))).toMatch(/^unsupported/);
    expect(told(podNetworksKube.parse({ node: none('not-chosen'), pods: pods() }))).toMatch(/^not-chosen/);
  });

  it.each(shells)("by the CNI's files, and nothing else of them, in %s", async (_, argv) => {
    const root = tempDir();
    mkdirSync(join(root, 'etc/cni/net.d'), { recursive: true });
    mkdirSync(join(root, 'run/flannel'), { recursive: true });
    writeFileSync(
      join(root, 'etc/cni/net.d/10.conflist'),
      '{"plugins":[{"token":"s3cret","ipam":{"subnet": "10.5.0.0/24","ranges":[[{"subnet":"fd05::/64"}]]}}]}\n',
    );
    writeFileSync(join(root, 'run/flannel/subnet.env'), 'FLANNEL_NETWORK=10.6.0.0/16\nFLANNEL_SUBNET=10.6.1.1/24\n');
    const moved = {
      ...podNetworksCni.reads.subnets,
      script: podNetworksCni.reads.subnets.script.replaceAll('$nd_root', root),
    };
    const c = await collect([moved], { argv });
    expect(c.text(moved)).not.toContain('s3cret');
    expect(told(podNetworksCni.parse({ subnets: c.raws.get(moved.id) ?? none() }))).toEqual([
      '10.5.0.0/24',
      'fd05::/64',
      '10.6.1.1/24',
    ]);
  });

  it('gaps', () => {
    expect(told(podNetworksCni.parse({ subnets: said('') }))).toMatch(/^absent/);
    expect(told(podNetworksCni.parse({ subnets: none('failed') }))).toMatch(/^failed/);
  });
});

describe('connections without an answer', () => {
  it.each(shells)('of every network namespace, in %s', async (_, argv) => {
    needRoot();
    const setup = `ip link add d0 type veth peer name d1
ip addr add 10.78.0.1/24 dev d0; ip link set d0 up; ip link set d1 up
ip neigh add 10.78.0.9 lladdr 02:00:00:00:00:09 dev d0
exec python3 -c '
import socket, time
s = socket.socket(); s.setblocking(False); s.connect_ex(("10.78.0.9", 4321)); time.sleep(1.3); print(1, flush=True); time.sleep(60)'`;
    const child = spawn('unshare', ['-n', 'sh', '-c', setup], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      const c = await collect([unansweredProc.reads.rows], { argv });
      const reading = unansweredProc.parse({ rows: c.raws.get(unansweredProc.reads.rows.id) ?? none() });
      const found = reading.ok ? reading.value.flows.filter((u) => u.destination.ip === '10.78.0.9') : [];
      expect(found).toMatchObject([{ source: { ip: '10.78.0.1' }, destination: { port: 4321 } }]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('gaps', () => {
    expect(told(unansweredProc.parse({ rows: said('') }))).toMatch(/^unparsable/);
    expect(told(unansweredProc.parse({ rows: none('timeout') }))).toMatch(/^timeout/);
    expect(told(unansweredProc.parse({ rows: said('arch x86_64\nsyn\tx\tbad\nsyn\t1\tbad') }))).toEqual({
      flows: [],
      unseenSpaces: 0,
    });
    expect(told(unansweredProc.parse({ rows: said('arch x86_64\nlate\t17') }))).toEqual({
      flows: [],
      unseenSpaces: 17,
    });
  });
});
