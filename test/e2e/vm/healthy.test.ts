// lab: it needs nodes of all kube-proxy modes that are known to be healthy
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import type { Report } from '../../../src/core/report.ts';
import {
  apply,
  diagnose,
  findingOf,
  isLate,
  kubectl,
  labCommand,
  netdoctor,
  netdoctorOn,
  patient,
  reportOf,
  startOnNode,
  until,
  watched,
} from '../../support/cluster.ts';
import { loadService, namespace, namespaceObject } from '../../support/manifests.ts';

// one VM at a time: two would keep both cores of the machine busy
const nodes = [
  { node: 'node1', mode: 'iptables', perSecond: 2000 },
  { node: 'vm2', mode: 'nftables', perSecond: 10 },
  { node: 'vm1', mode: 'ipvs', perSecond: 10 },
];

/** How often each node is looked at under load; ten times by hand before a release. */
const runs = Number(process.env.NETDOCTOR_HEALTHY_RUNS ?? 2);

/** How long node1 is watched under load; ten minutes by hand before a release. */
const watchFor = process.env.NETDOCTOR_HEALTHY_WATCH ?? '10s';

const loud = (report: Report): Finding[] =>
  report.findings.filter(
    (f) => f.status === 'error' || f.status === 'unknown' || (f.status === 'fail' && f.severity !== 'info'),
  );

describe('healthy nodes', () => {
  beforeAll(() => apply(namespaceObject));
  afterAll(() => kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=90s']));

  describe.each(nodes)('$node, $mode', ({ node, mode, perSecond }) => {
    const slow = node.startsWith('vm');
    beforeAll(async () => {
      if (slow) await labCommand('node', node, '--mode', mode);
    });
    afterAll(async () => {
      if (node === 'vm2') await labCommand('node', node, '--remove');
    });

    it('exit 0, everything judged', async () => {
      const report = await diagnose([node], 0);
      expect(report.targets[0]).toMatchObject({ kubeProxyMode: mode });
      expect(loud(report)).toEqual([]);
      expect(report.findings.filter((f) => f.status === 'skipped')).toEqual([]);
    });

    // on an IPVS node incident-i1 does both: they take a VM a minute
    if (!slow) {
      it('on the node itself too', async () => {
        const report = reportOf(await netdoctorOn(node, ['node', '--local', '-o', 'json']), 0);
        expect(report.targets[0]).toMatchObject({ kubeProxyMode: mode });
        expect(loud(report)).toEqual([]);
      });

      it('one sample says what it cannot judge', async () => {
        const report = await diagnose([node, '--window', '0', '--checks', 'ports/nodeport-victims,sockets/*'], 0);
        expect(findingOf(report, 'ports/nodeport-victims').status).toBe('not-applicable');
        expect(findingOf(report, 'sockets/udp-buffer').status).toBe('skipped');
      });
    }

    it(`under load of ${perSecond} connections/s`, async () => {
      const ip = await kubectl([
        'get',
        'node',
        node,
        '-o',
        'jsonpath={.status.addresses[?(@.type=="InternalIP")].address}',
      ]);
      const name = `load-${node}`;
      await apply(...loadService(name, ip));
      const vip = await kubectl(['get', 'service', '-n', namespace, name, '-o', 'jsonpath={.spec.clusterIP}']);
      const program = join(process.cwd(), 'test/support/load-program.ts');
      const load = startOnNode(node, [process.execPath, program, String(perSecond), '900', vip], {
        timeoutMs: 920_000,
      });
      const answered = (): number => Number(/.*answered (\d+)/s.exec(load.stderrSoFar())?.[1] ?? 0);
      try {
        await until('connections are answered', 240_000, async () => (answered() > perSecond ? true : null));
        for (let i = 0; i < runs; i++) {
          const [before, began] = [answered(), performance.now()];
          const ended = await netdoctor(['node', node, '-o', 'json', ...(slow ? patient : [])]);
          const report = reportOf(ended, ended.code === 3 && slow ? 3 : 0);
          expect(loud(report).filter((f) => !(slow && isLate(f)))).toEqual([]);
          // a quarter of it at least, on a busy machine
          expect(((answered() - before) * 1000) / (performance.now() - began)).toBeGreaterThan(perSecond / 4);
        }
        if (slow) return;
        const watch = await watched(node, ['node', node, '--watch-for', watchFor], { timeoutMs: 800_000 });
        const said = `${watch.ended.stderr} ${JSON.stringify(watch.events).slice(0, 20_000)}`;
        expect(watch.ended.code, said).toBe(0);
        expect(watch.report ? loud(watch.report) : null).toEqual([]);
        expect(watch.events.at(-1), said).toMatchObject({ event: 'end', why: 'time' });
        expect(watch.events.filter((e) => e.event === 'probe-failed' || e.event === 'lost')).toEqual([]);
      } finally {
        load.kill('SIGTERM');
        await load.done;
      }
    }, 900_000);
  });
});
