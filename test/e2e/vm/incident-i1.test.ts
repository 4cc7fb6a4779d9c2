// lab: it needs an IPVS node
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../src/core/report.ts';
import {
  apply,
  applyFix,
  diagnose as diagnoseAll,
  failureOf,
  fewChecks,
  findingOf,
  kubectl,
  labCommand,
  netdoctor,
  netdoctorOn,
  onNode,
  patient,
  type Running,
  reportOf,
  startOnNode,
  type ToldEvent,
  until,
  watched,
} from '../../support/cluster.ts';
import { namespace, namespaceObject, nodePortService, probeOf, secret, server } from '../../support/manifests.ts';

const node = 'vm1';
const nodePort = 31055;
/** How long it is watched after the fix; ten minutes were seen by hand. */
const silenceFor = process.env.NETDOCTOR_I1_SILENCE ?? '20s';
const ipDefault = { range: '32768 60999', reserved: '' };

const diagnose = (args: readonly string[], code: number): Promise<Report> => diagnoseAll([...args, ...fewChecks], code);

const sysctl = (key: string, value: string): Promise<string> =>
  onNode(node, ['sysctl', '-w', `net.ipv4.${key}=${value}`]);
const setPorts = async (range: string, reserved = ''): Promise<void> => {
  await sysctl('ip_local_reserved_ports', '');
  await sysctl('ip_local_port_range', range);
  await sysctl('ip_local_reserved_ports', reserved);
};

/** What a report says of I1, without what differs from way to way (names that only the API has, times). */
const verdicts = (report: Report): string[] =>
  report.findings
    .filter((f) => f.status === 'fail' && f.check.startsWith('ports/nodeport'))
    .map((f) => `${f.check} ${f.status === 'fail' ? `${f.severity} ${f.messageId} ${f.fix?.now?.join()}` : ''}`)
    .sort();

const offending = (report: Report): unknown => {
  const { ports } = failureOf(report, 'ports/nodeport-overlap').data as { ports: { port: number; protocol: string }[] };
  return ports.map((p) => `${p.protocol} ${p.port}`);
};

interface VictimData {
  readonly victims: readonly {
    port: number;
    service: string | null;
    process: string | null;
    destination: { pod: string | null };
  }[];
}

describe('incident I1 on an IPVS node', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'netdoctor-e2e-'));
    await labCommand('node', node, '--mode', 'ipvs');
    await apply(namespaceObject);
    await apply(
      server('web-1', { node: 'node1' }),
      server('web-2', { node: 'node2' }),
      nodePortService('web', 'web', nodePort),
    );
    await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod', '--all', '--timeout=120s']);
    await until('a virtual server for the NodePort', 60_000, async () =>
      (await onNode(node, ['cat', '/proc/net/ip_vs'])).includes(`:${nodePort.toString(16).toUpperCase()} `)
        ? true
        : null,
    );
  });
  afterAll(async () => {
    await setPorts(ipDefault.range, ipDefault.reserved);
    await sysctl('tcp_syn_retries', '6');
    await kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=90s']);
    await rm(dir, { recursive: true, force: true });
  });

  describe("the article's range, 12000-65001", () => {
    beforeAll(() => setPorts('12000 65001'));

    it('names the offending port with its Service, and exits 2', async () => {
      const report = await diagnose([node, '--window', '0'], 2);
      const overlap = failureOf(report, 'ports/nodeport-overlap');
      expect(overlap.severity).toBe('error');
      // one sample cannot tell a victim from a handshake that goes on
      expect(findingOf(report, 'ports/nodeport-victims').status).toBe('skipped');
      expect(overlap.data).toMatchObject({
        mode: 'ipvs',
        ports: [{ port: nodePort, protocol: 'TCP', service: `${namespace}/web` }],
      });
      expect(overlap.fix?.now).toEqual(['sysctl -w net.ipv4.ip_local_reserved_ports=30000-32767']);
      expect(report.context).toMatchObject({ name: 'lab' });
      expect(report.targets[0]).toMatchObject({ kubeProxyMode: 'ipvs', kernel: expect.stringMatching(/^6\.1/) });
    });

    it('says the same on the node itself, by the emitted collector, and from saved bundles', async () => {
      const bundle = join(dir, 'pod.bundle');
      const byPod = reportOf(await netdoctor(['node', node, '-o', 'json', '--save', bundle, ...fewChecks]), 2);
      expect((await stat(bundle)).mode & 0o777).toBe(0o600);
      const fromBundle = reportOf(await netdoctor(['node', '--from', bundle, '-o', 'json', ...fewChecks]), 2);
      expect(fromBundle.findings).toEqual(byPod.findings);

      const local = reportOf(await netdoctorOn(node, ['node', '--local', '-o', 'json', ...fewChecks]), 2);
      const collector = await netdoctor(['node', '--emit-collector', ...fewChecks]);
      const emitted = join(dir, 'emitted.bundle');
      await writeFile(emitted, await onNode(node, ['sh', '-s'], { input: collector.stdout }));
      const fromEmitted = reportOf(await netdoctor(['node', '--from', emitted, '-o', 'json', ...fewChecks]), 2);
      for (const report of [local, fromEmitted]) {
        expect(verdicts(report)).toEqual(verdicts(byPod));
        expect(offending(report)).toEqual(offending(byPod));
      }
      expect(fromEmitted.findings.map((f) => [f.check, f.status])).toEqual(
        local.findings.map((f) => [f.check, f.status]),
      );
    });

    it('keeps no environment, Secret or full command line in a bundle', async () => {
      const bundle = join(dir, 'private.bundle');
      await netdoctor(['node', node, '--window', '0', '--save', bundle]);
      const text = await readFile(bundle, 'utf8');
      const decoded = text
        .split('\n')
        .map((l) => (/^[A-Za-z0-9+/=]{4,76}$/.test(l) ? Buffer.from(l, 'base64').toString('latin1') : l))
        .join('\n');
      for (const word of [secret, 'KUBERNETES_SERVICE_HOST', '--kubeconfig', '-h /tmp', '"env"', 'ca.crt'])
        expect(decoded, word).not.toContain(word);
    });

    it('does not take partly reserved ports for offending', async () => {
      await setPorts('12000 65001', `${nodePort}`);
      const report = await diagnose([node, '--window', '0'], 0);
      expect(failureOf(report, 'ports/nodeport-overlap')).toMatchObject({
        severity: 'info',
        messageId: 'range',
        data: { ports: [] },
      });
      const known = await diagnose([node, '--window', '0', '--node-port-range', '30000-32767'], 2);
      expect(failureOf(known, 'ports/nodeport-overlap')).toMatchObject({ severity: 'warning', data: { ports: [] } });
    });

    it('passes where the ranges only touch', async () => {
      await setPorts('32768 60999');
      expect(findingOf(await diagnose([node, '--window', '0'], 0), 'ports/nodeport-overlap').status).toBe('pass');
      await setPorts('20000 29999');
      expect(findingOf(await diagnose([node, '--window', '0'], 0), 'ports/nodeport-overlap').status).toBe('pass');
    });

    it('forgets a Service that is deleted', async () => {
      await setPorts('12000 65001');
      await apply(nodePortService('gone', 'web', 31077));
      expect(offending(await diagnose([node, '--window', '0'], 2))).toEqual(['TCP 31055', 'TCP 31077']);
      await kubectl(['delete', 'service', '-n', namespace, 'gone']);
      expect(offending(await diagnose([node, '--window', '0'], 2))).toEqual(['TCP 31055']);
    });
  });

  it('a client of a NodePort whose backend is dead is no victim', async () => {
    await setPorts(ipDefault.range);
    await apply(nodePortService('dead', 'dead', 31099, 9), { ...server('dead-1', { node: 'node1' }) });
    await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod/dead-1', '--timeout=60s']);
    await onNode('node1', ['iptables', '-I', 'FORWARD', '-p', 'tcp', '--dport', '9', '-j', 'DROP']);
    try {
      const [ip] = (await kubectl(['get', 'node', node, '-o', 'jsonpath={.status.addresses[0].address}'])).split(' ');
      await until('a half-open connection to the NodePort', 60_000, async () => {
        await onNode(node, ['sh', '-c', `timeout 2 busybox nc ${ip} 31099 </dev/null || true`]);
        return (await onNode(node, ['cat', '/proc/net/ip_vs_conn'])).includes('SYN_RECV') ? true : null;
      });
      const finding = findingOf(await diagnose([node, '--window', '1s'], 0), 'ports/nodeport-victims');
      expect(finding.status, finding.message).toBe('pass');
    } finally {
      await onNode('node1', ['iptables', '-D', 'FORWARD', '-p', 'tcp', '--dport', '9', '-j', 'DROP']);
      await kubectl(['delete', '-n', namespace, 'service/dead', 'pod/dead-1', '--wait=false']);
    }
  });

  it("a real kubelet's probe that takes the NodePort is named, and after the printed fix no probe takes it any more", async () => {
    await apply(...[1, 2, 3, 4].map((n) => server(`probed-${n}`, { node, readinessProbe: probeOf(8080) })));
    await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod', '--all', '--timeout=300s']);
    // the dial behind a probe that gave up would go on for 127 s
    await sysctl('tcp_syn_retries', '1');
    // 131 ports: few, so that it happens within a minute or two, and enough for the TIME_WAIT sockets of a probe a second
    await setPorts('31001 31131');
    const taken = (e: ToldEvent): boolean =>
      e.event === 'connect' && (e['source'] as { port: number }).port === nodePort;
    const named = (e: ToldEvent): boolean => taken(e) && e['opener'] !== null;
    // until a probe has failed by it; on a busy machine other probes may fail too
    let seen = false;
    const watch = await watched(node, ['node', node, '--watch-for', '6m', ...patient, ...fewChecks], {
      timeoutMs: 420_000,
      onEvent: (e, run) => {
        seen ||= named(e);
        if (seen && e.event === 'probe-failed' && JSON.stringify(e['connects']).includes('"taken":true'))
          run()?.kill('SIGINT');
      },
    });
    const told = `${watch.ended.stderr} ${JSON.stringify(watch.events)}`;
    expect(watch.ended.code, told).toBe(130);
    const connects = watch.events.filter(taken);
    const probed = expect.stringMatching(/^e2e\/probed-/);
    // one that began before the watch and gave up just as it began may have no opener
    const begun = watch.events[0]?.atSeconds ?? 0;
    for (const connect of connects.filter((e) => named(e) || e.atSeconds > begun + 4))
      expect(connect, told).toMatchObject({
        ...{ service: `${namespace}/web`, destinationPod: probed, opener: { process: 'kubelet' } },
      });
    expect(connects, told).toContainEqual(
      expect.objectContaining({ mirrors: [expect.objectContaining({ state: 'SYN_RECV' })] }),
    );
    // by the kernel's clock: from its last word of the connection to ours; a VM may stand still for more than one of them
    expect(Math.min(...connects.map((e) => e.toldSeconds - e.atSeconds)), told).toBeLessThan(2);
    const joined = { source: expect.objectContaining({ port: nodePort }), service: `${namespace}/web`, taken: true };
    expect(watch.events, told).toContainEqual(
      expect.objectContaining({
        ...{ event: 'probe-failed', probe: 'readiness', text: expect.stringMatching(/deadline exceeded|timeout/) },
        connects: expect.arrayContaining([joined]),
      }),
    );
    // of a pod whose probe took it; it may have happened twice on a slow machine
    const tallies = watch.events.filter((e) => e.event === 'probe-tally' && Number(e['fromNodePort']) > 0);
    expect(tallies.length, told).toBeGreaterThan(0);
    for (const t of tallies) {
      expect(t['ports'], told).toEqual([nodePort]);
      expect(t['fromNodePort']).toBeLessThanOrEqual(connects.length);
    }
    const report = watch.report ?? reportOf(watch.ended, 130);
    const found = failureOf(report, 'ports/nodeport-victims');
    expect(found.severity).toBe('critical');
    const kubelet = (found.data as VictimData).victims.find((v) => v.process === 'kubelet');
    expect(kubelet).toMatchObject({ port: nodePort, service: `${namespace}/web`, destination: { pod: probed } });

    // made to happen, so that it need not be waited for
    const ip = await kubectl(['get', 'pod', '-n', namespace, 'probed-1', '-o', 'jsonpath={.status.podIP}']);
    const clients: Running[] = [];
    const untilFound = await watched(
      node,
      ['node', node, '--watch-for', '5m', '--until-found', ...patient, ...fewChecks],
      {
        timeoutMs: 360_000,
        onEvent: () => {
          const loop = `for i in $(seq 60); do timeout 2 busybox nc -p ${nodePort} ${ip} 8080 </dev/null; sleep 1; done`;
          if (clients.length === 0) clients.push(startOnNode(node, ['sh', '-c', loop]));
        },
      },
    );
    // on the node itself: what runs there outlives who started it
    await onNode(node, ['sh', '-c', `pkill -f 'busybox nc -p [3]1055'; true`]);
    for (const c of clients) c.kill('SIGTERM');
    expect(untilFound.ended.code, untilFound.ended.stderr).toBe(2);
    expect(
      untilFound.events.filter((e) => e.event === 'connect'),
      untilFound.ended.stderr,
    ).toContainEqual(
      expect.objectContaining({ source: expect.objectContaining({ port: nodePort }), service: `${namespace}/web` }),
    );
    expect(untilFound.ended.ms).toBeLessThan(300_000);

    const overlap = failureOf(report, 'ports/nodeport-overlap');
    await applyFix(node, overlap);
    const after = reportOf(
      await netdoctor(['node', node, '-o', 'json', '--window', '0', '--checks', 'ports/nodeport-overlap']),
      0,
    );
    expect(findingOf(after, 'ports/nodeport-overlap').status).toBe('pass');
    // no new one comes; the entries of the old ones live for another minute
    await until('no victim is left', 300_000, async () => {
      const ended = await netdoctor(['node', node, ...patient, '-o', 'json', '--checks', 'ports/nodeport-*']);
      if (ended.code === 1) return null;
      const left = findingOf(JSON.parse(ended.stdout) as Report, 'ports/nodeport-victims');
      if (left.status === 'fail') expect(left.message).toMatch(/not in the ephemeral range now/);
      return left.status === 'pass' && ended.code === 0 ? true : null;
    });
    const silence = await watched(
      node,
      ['node', node, '--watch-for', silenceFor, ...patient, '--checks', 'ports/nodeport-overlap'],
      { timeoutMs: 900_000 },
    );
    expect(silence.ended.code, silence.ended.stderr).toBe(0);
    const telling = silence.events.filter((e) => /"service":"|"taken":true|31055/.test(JSON.stringify(e)));
    expect(telling).toEqual([]);
    expect(silence.events.at(-1)).toMatchObject({ event: 'end', why: 'time' });
  }, 1_800_000);
});
