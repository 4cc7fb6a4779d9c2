import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ephemeralRangeProc } from '../../src/probes/kernel/ephemeral-range.proc.ts';
import { ipForwardingProc } from '../../src/probes/kernel/ip-forwarding.proc.ts';
import { reservedPortsProc } from '../../src/probes/kernel/reserved-ports.proc.ts';
import { proxyModeLive } from '../../src/probes/kube-proxy/mode.live.ts';
import { agentsProc } from '../../src/probes/node/agents.proc.ts';
import { autoboundSs } from '../../src/probes/sockets/autobound.ss.ts';
import { listenersProc } from '../../src/probes/sockets/listeners.proc.ts';
import { collect, needRoot, shells } from '../transports/collector/run-program.ts';
import { none, said, told } from './raws.ts';

let namespace = '';
let dir = '';
let children: ChildProcess[] = [];
let count = 0;

const must = (...argv: readonly [string, ...string[]]): void => {
  const done = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${argv.join(' ')}: ${done.stderr}`);
};
const inside = (...argv: readonly string[]): [string, ...string[]] => ['ip', 'netns', 'exec', namespace, ...argv];

beforeEach(() => {
  needRoot();
  namespace = `nd-test-${process.pid}-${count++}`;
  dir = mkdtempSync(join(tmpdir(), 'netdoctor-test-'));
  chmodSync(dir, 0o755);
  must('ip', 'netns', 'add', namespace);
  must(...inside('ip', 'link', 'set', 'lo', 'up'));
});

afterEach(() => {
  // Each leads a process group, so that what it started ends with it.
  for (const c of children) if (c.pid) process.kill(-c.pid, 'SIGKILL');
  children = [];
  must('ip', 'netns', 'del', namespace);
  rmSync(dir, { recursive: true, force: true });
});

/** Starts a process in the namespace (`ip netns exec` becomes it) and waits for its first line. */
const start = async (...argv: readonly string[]): Promise<{ readonly pid: number; readonly line: string }> => {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  children.push(child);
  let line = '';
  for await (const chunk of child.stdout) {
    line += String(chunk);
    if (line.includes('\n')) break;
  }
  return { pid: child.pid ?? 0, line: line.trim() };
};

const listenerProgram = `
  const [net, dgram] = [require('node:net'), require('node:dgram')];
  const bind = (spec) => new Promise((done) => {
    const [, protocol, host, port] = /^(\\w+):(.*):(\\w+)$/.exec(spec);
    if (protocol === 'tcp') { const s = net.createServer().listen({ host, port: Number(port), ipv6Only: host === '::1' }, () => done(s.address().port)); return; }
    const s = dgram.createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
    s.bind(Number(port), host, () => { const at = s.address().port; protocol === 'conn' ? s.connect(9, host, () => done(at)) : done(at); });
  });
  Promise.all((process.env.BIND + (process.argv[1] ?? '')).split(' ').filter(Boolean).map(bind)).then((p) => console.log(p.join(' ')));
`;
/** A process that binds sockets; those of the environment do not stand in its command line. */
const listen = (hidden: string, named = '') =>
  start(...inside('env', `BIND=${hidden}`, process.execPath, '-e', listenerProgram, named ? ` ${named}` : ''));

describe.each(shells.filter(([name]) => name !== 'bash'))('in a network namespace, %s', (_, shell) => {
  it('listeners of the ephemeral range, both edges, their owners, and who chose the port', async () => {
    must(
      ...inside(
        'sysctl',
        '-qw',
        'net.ipv4.ip_local_port_range=40000 40020',
        'net.ipv4.ip_local_reserved_ports=40001,40003-40004',
      ),
    );
    const p = await listen(
      'tcp:127.0.0.1:39999 tcp:127.0.0.1:40000 tcp:::1:40020 tcp:0.0.0.0:40021 udp:127.0.0.1:40000 udp:::1:40019 conn:127.0.0.1:40018 udp:0.0.0.0:40021 tcp:127.0.0.1:0',
      'tcp:0.0.0.0:40010',
    );
    const auto = Number(p.line.split(' ')[8]);
    expect(auto).toBeGreaterThan(40000);
    const reads = [
      listenersProc.reads.rows,
      autoboundSs.reads.rows,
      ephemeralRangeProc.reads.range,
      reservedPortsProc.reads.list,
      ipForwardingProc.reads.ipv4,
      ipForwardingProc.reads.ipv6,
    ] as const;
    const c = await collect(reads, { argv: inside(...shell) });
    const raw = (i: 0 | 1 | 2 | 3 | 4 | 5) => c.raws.get(reads[i].id) ?? none();
    const found = listenersProc.parse({ rows: raw(0) });
    expect(
      found.ok &&
        found.value.map((l) => `${l.protocol} ${l.ip} ${l.port} ${l.owner?.pid === p.pid} ${l.inArguments}`).sort(),
    ).toEqual(
      [
        'TCP 0.0.0.0 40010 true true',
        'TCP 127.0.0.1 40000 true false',
        `TCP 127.0.0.1 ${auto} true false`,
        'TCP ::1 40020 true false',
        'UDP 127.0.0.1 40000 true false',
        'UDP ::1 40019 true false',
      ].sort(),
    );
    const name = readFileSync(`/proc/${p.pid}/comm`, 'utf8').trim();
    expect(found.ok && found.value.map((l) => l.owner?.process)).toEqual(Array(6).fill(name));
    expect(told(autoboundSs.parse({ rows: raw(1) }))).toEqual(new Set([`TCP 127.0.0.1 ${auto}`]));
    expect(told(ephemeralRangeProc.parse({ range: raw(2) }))).toEqual([40000, 40020]);
    expect(told(reservedPortsProc.parse({ list: raw(3) }))).toEqual([
      [40001, 40001],
      [40003, 40004],
    ]);
    expect(told(ipForwardingProc.parse({ ipv4: raw(4), ipv6: raw(5) }))).toEqual({ ipv4: false, ipv6: false });
  }, 20_000);

  it('a namespace in which nobody listens', async () => {
    const c = await collect([listenersProc.reads.rows], { argv: inside(...shell) });
    expect(told(listenersProc.parse({ rows: c.raws.get(listenersProc.reads.rows.id) ?? none() }))).toEqual([]);
  });

  it('without the right to look into other processes the listeners are there, and their owners are not', async () => {
    must(...inside('sysctl', '-qw', 'net.ipv4.ip_local_port_range=40000 40020'));
    await listen('tcp:127.0.0.1:40005');
    const asNobody = inside('setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', ...shell);
    const c = await collect([listenersProc.reads.rows], { argv: asNobody });
    expect(told(listenersProc.parse({ rows: c.raws.get(listenersProc.reads.rows.id) ?? none() }))).toEqual([
      { protocol: 'TCP', ip: '127.0.0.1', port: 40005, owner: null, inArguments: false },
    ]);
  });

  describe('agents', () => {
    /** A copy of a shell under an agent's name, which does nothing but wait. */
    const agent = async (
      name: string,
      flags: readonly string[],
      where: (...argv: string[]) => string[] = inside,
    ): Promise<number> => {
      const path = join(dir, name);
      copyFileSync('/usr/bin/dash', path);
      return (await start(...where(path, '-c', 'echo up; read -r line', 'x', ...flags))).pid;
    };
    const seen = async () => {
      const c = await collect([agentsProc.reads.list], { argv: inside(...shell) });
      const list = c.raws.get(agentsProc.reads.list.id) ?? none();
      return { list, agents: told(agentsProc.parse({ list })) };
    };
    const outside = (...argv: string[]): string[] => argv;

    it.each([
      [['--proxy-mode', 'ipvs'], { 'proxy-mode': 'ipvs' }],
      [['--proxy-mode=ipvs', '--v=2'], { 'proxy-mode': 'ipvs' }],
      [['-proxy-mode=ipvs'], { 'proxy-mode': 'ipvs' }],
      [['--v', '2', '--proxy-mode'], {}],
      [['--token=secret', '--kubeconfig', '/k'], {}],
      [['--proxy-mode-x=ipvs', 'proxy-mode=iptables'], {}],
    ])('kube-proxy %j', async (flags, want) => {
      const pid = await agent('kube-proxy', flags);
      expect((await seen()).agents).toEqual([{ pid, name: 'kube-proxy', flags: want, config: {} }]);
    });

    it.each([
      ['mode: "ipvs"\n', { mode: 'ipvs' }, 'ipvs'],
      ['kind: KubeProxyConfiguration\nipvs:\n  mode: x\nmode: nftables # new\n', { mode: 'nftables' }, 'nftables'],
      ['mode: ""\n', { mode: '' }, 'iptables'],
      ['mode:\n', { mode: '' }, 'iptables'],
      ['kind: KubeProxyConfiguration\n', {}, null],
      [null, {}, null],
    ])("kube-proxy's file %j", async (text, want, mode) => {
      const config = join(dir, 'config.conf');
      if (text !== null) writeFileSync(config, text);
      const pid = await agent('kube-proxy', ['--config', config, '--proxy-mode=iptables']);
      const { list, agents } = await seen();
      expect(agents).toEqual([{ pid, name: 'kube-proxy', flags: { config, 'proxy-mode': 'iptables' }, config: want }]);
      const decided = proxyModeLive.parse({ live: none(), agents: list, servers: said('none\n'), config: none() });
      expect(decided.ok ? decided.value.mode : null).toBe(mode);
    });

    it('several, each with its own flags; other names and other namespaces are none', async () => {
      const api = await agent('kube-apiserver', ['--service-node-port-range=20000-22767', '--etcd-servers=x']);
      const kubelet = await agent('kubelet', ['--config=/var/lib/kubelet/config.yaml']);
      await agent('kubelet-wrapper', ['--config=x']);
      await agent('kube-proxy', ['--proxy-mode=ipvs'], outside);
      await sleep(50);
      const { agents } = await seen();
      expect((agents as { pid: number }[]).toSorted((a, b) => a.pid - b.pid)).toEqual(
        [
          { pid: api, name: 'kube-apiserver', flags: { 'service-node-port-range': '20000-22767' }, config: {} },
          { pid: kubelet, name: 'kubelet', flags: { config: '/var/lib/kubelet/config.yaml' }, config: {} },
        ].toSorted((a, b) => a.pid - b.pid),
      );
    });
  });
});
