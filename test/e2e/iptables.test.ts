// lab: it runs kube-proxy with the other iptables, and cuts a node off by a rule
import { afterAll, describe, expect, it } from 'vitest';
import {
  applyFix,
  diagnose,
  failureOf,
  findingOf,
  labCommand,
  netdoctorOn,
  onNode,
  reportOf,
  settledProxy,
  until,
} from '../support/cluster.ts';

const node = 'node2';
const choice = ['--checks', 'iptables/*,kube-proxy/*', '--window', '0'];
const sh = (script: string): Promise<string> => onNode(node, ['sh', '-c', script]);
const here = async (code: number) =>
  reportOf(await netdoctorOn(node, ['node', '--local', ...choice, '-o', 'json']), code);

const says = (script: string) => () =>
  sh(`${script} >/dev/null 2>&1 && echo yes || true`).then((t) => t.trim() || null);
const nftRules = says('iptables-nft-save -t nat | grep -q "^-A KUBE-SEP-"');
const legacyRules = says('iptables-legacy-save | grep -q "^-A KUBE-SEP-"');

/** What an iptables-nft of 1.8.7 makes of kubelet's rule for marked packets (kubernetes#112477); here it is written by hand. */
const dropAll = '-m comment --comment "kubernetes firewall for dropping marked packets" -j DROP';

/** The node's own kube-proxy again, with the same arguments, but legacy tools first in its PATH. */
const legacyProxy = `set -e
pid=$(pgrep -x kube-proxy)
mkdir -p /run/legacy
for f in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do ln -sfn /usr/sbin/xtables-legacy-multi /run/legacy/$f; done
PATH=/run/legacy:$(tr '\\000' '\\n' </proc/$pid/environ | sed -n 's/^PATH=//p')
set -- $(tr '\\000' ' ' </proc/$pid/cmdline)
touch /run/netdoctor-lab/kube-proxy.stop
kill -9 $pid
sleep 0.5
setsid "$@" >/run/legacy/log 2>&1 </dev/null &`;

const asBefore = async (): Promise<void> => {
  await sh(`iptables-nft -w -D KUBE-FIREWALL ${dropAll} 2>/dev/null || true`);
  await sh('pkill -9 -x kube-proxy || true');
  await sh(
    'for t in iptables ip6tables; do $t-legacy-save | grep -v KUBE- | $t-legacy-restore; done; rm -rf /run/legacy',
  );
  await labCommand('service', node, 'kube-proxy', 'start');
  await until('kube-proxy has its rules', 30_000, nftRules);
};

describe('iptables of a node', () => {
  afterAll(asBefore);

  it('chains that were flushed are missed, and the printed fix has them made again', async () => {
    await settledProxy(node);
    await labCommand('service', node, 'kube-proxy', 'pause');
    await sh('iptables-nft -w -t nat -F KUBE-SERVICES; iptables-nft -w -t nat -F KUBE-POSTROUTING');
    const found = failureOf(await diagnose([node, ...choice], 2), 'kube-proxy/rules-missing');
    expect(found).toMatchObject({ severity: 'critical', messageId: 'no-rules', data: { mode: 'iptables' } });
    await applyFix(node, found);
    await until('kube-proxy has its rules', 30_000, says('iptables-nft-save -t nat | grep -q "^-A KUBE-SERVICES -d"'));
  });

  it('the other backend, leftovers and a rule that drops everything are told on the node itself; the printed fixes mend it', async () => {
    await sh(legacyProxy);
    await until('kube-proxy has its rules in legacy', 30_000, legacyRules);
    await sh(`iptables-nft -w -A KUBE-FIREWALL ${dropAll}`);
    const cut = await here(2);
    const drops = failureOf(cut, 'iptables/nft-version-skew');
    expect(drops).toMatchObject({ severity: 'critical', data: { backend: 'nft', from: ['INPUT', 'OUTPUT'] } });
    await applyFix(node, drops);
    const [apart, old] = cut.findings.flatMap((f) =>
      f.status === 'fail' && f.check === 'iptables/backend-mismatch' ? [f] : [],
    );
    expect(apart).toMatchObject({
      severity: 'warning',
      messageId: 'mismatch',
      data: { kubelet: 'nft', kubeProxy: 'legacy', kubeProxyFile: '/usr/sbin/xtables-legacy-multi' },
    });
    expect(old).toMatchObject({ severity: 'error', messageId: 'leftovers', data: { backend: 'nft' } });
    // kube-proxy's own word does not get through either; without the API nobody knows then that these are all the rules there should be
    expect(findingOf(cut, 'kube-proxy/rules-missing')).toMatchObject({
      status: 'unknown',
      message: expect.stringMatching(/^what default\/kubernetes needs is there/),
    });
    // killing it is the fix; what starts it again is the lab's own, with the host's PATH
    await sh('rm /run/netdoctor-lab/kube-proxy.stop');
    if (apart) await applyFix(node, apart);
    await until(
      "kube-proxy runs with the host's iptables",
      30_000,
      says('! grep -qz "^PATH=/run/legacy" /proc/$(pgrep -x kube-proxy)/environ'),
    );
    await until('kube-proxy has its rules', 30_000, nftRules);

    const left = failureOf(await diagnose([node, ...choice], 2), 'iptables/backend-mismatch');
    expect(left).toMatchObject({ messageId: 'leftovers', data: { backend: 'legacy' } });
    await applyFix(node, left);
    const mended = await here(0);
    expect(mended.findings.map((f) => `${f.check} ${f.status}`)).toEqual([
      'iptables/backend-mismatch pass',
      'iptables/mark-drop-missing pass',
      'iptables/nft-version-skew pass',
      'kube-proxy/rules-missing pass',
      'kube-proxy/sync-failing pass',
    ]);
  });
});
