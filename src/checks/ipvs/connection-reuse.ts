import { cannotTell, check, fail, notApplicable, pass } from '../../core/check.ts';
import { destinations } from '../../facts/ipvs/destinations.ts';
import { ipvsSettings } from '../../facts/ipvs/settings.ts';
import { kernelRelease } from '../../facts/kernel/release.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { delayFix, hasFix, weightFix } from './kernel-fixes.ts';
import { reuseEvidence, reuseScenarios } from './reuse-evidence.ts';

const stuckClients =
  'A client that uses a source port again while its last connection is in TIME_WAIT (or its pod is gone) keeps the old backend: in a rolling update it ' +
  'gets "no route to host" or no answer from destroyed pods, load stays on old pods, and new ones get none.';
const others =
  'Or go around IPVS: kube-proxy in nftables mode (kernel 5.13 or later), a load balancer or ingress straight to the pods, a service mesh, clients that keep connections open.';

/** Incident I3.8: source ports that come again, and IPVS. Facts G. */
export const connectionReuse = check({
  id: 'ipvs/connection-reuse',
  title: 'IPVS gives a reused source port a live backend, at once',
  severity: 'warning',
  per: 'node',
  docs: {
    why:
      'Short connections use the same source port again within the two minutes for which IPVS remembers the last one. With conn_reuse_mode=0 it ' +
      'sends the new connection to the old backend, alive or not: kernels before 5.16 (and stable series without the fix) ignore ' +
      'expire_nodest_conn then. With conn_reuse_mode=1 kernels before 5.9 drop the first SYN, and the client tries again after one second. ' +
      'kube-proxy sets the mode to 0 from 1.13 on, from 1.22 on only where the kernel is below 5.9.',
    links: [
      'https://github.com/kubernetes/kubernetes/issues/81775',
      'https://github.com/kubernetes/kubernetes/issues/93297',
      'https://www.kernel.org/doc/html/latest/networking/ipvs-sysctl.html',
    ],
  },
  needs: { proxyMode, ipvsSettings, kernelRelease, destinations },
  wants: {},
  judge: (facts) => {
    const proxy = facts.proxyMode;
    if (proxy.mode !== 'ipvs' && proxy.leftoverServers === 0)
      return notApplicable(`no virtual servers of IPVS here: ${proxy.mode} (${proxy.source})`);
    const { connReuseMode: mode, expireNodestConn, conntrack } = facts.ipvsSettings;
    if (mode === null) return notApplicable('the kernel has no conn_reuse_mode (before 4.1), and none of its faults');
    const kernel = facts.kernelRelease;
    const nodest = expireNodestConn ? 1 : 0;
    const shown = `conn_reuse_mode=${mode}, expire_nodest_conn=${nodest}, vs.conntrack=${conntrack === null ? 'none' : conntrack ? 1 : 0}, kernel ${kernel}`;
    const evidence = [
      { source: '/proc/sys/net/ipv4/vs/conn_reuse_mode', text: `${mode}` },
      { source: '/proc/sys/net/ipv4/vs/expire_nodest_conn', text: `${nodest}` },
      { source: 'uname -r', text: kernel },
    ] as const;
    const data = { connReuseMode: mode, expireNodestConn, conntrack, kernel };
    if (mode === 0) {
      const fixed = hasFix(kernel, weightFix);
      if (fixed === 'yes' && expireNodestConn)
        return pass(`${shown}: a reused source port leaves backends that are gone; else it keeps its backend`);
      const table = facts.destinations;
      if (fixed === 'unknown' && expireNodestConn)
        return cannotTell(
          kernelRelease,
          `${shown}: whether this kernel has the fix of 5.16 (commit c95c07836fa4), without which expire_nodest_conn does nothing with conn_reuse_mode=0, its release does not tell.${reuseScenarios(table)} Its changelog does.`,
        );
      const now = fixed === 'no' ? {} : { now: ['sysctl -w net.ipv4.vs.expire_nodest_conn=1'] };
      return fail({
        id: 'old-backend',
        severity: 'warning',
        message: `${shown}${fixed === 'no' ? ', which lacks the fix of 5.16 (commit c95c07836fa4)' : ''}. ${stuckClients}${reuseScenarios(table)}`,
        data: { ...data, fixed, draining: table.draining, skewed: table.skewed },
        evidence: [...evidence, ...reuseEvidence(table)],
        fix: {
          say: `${fixed === 'no' ? 'Upgrade the kernel to 5.16 or later (4.19.219, 4.14.257 of the old series).' : 'Turn expire_nodest_conn on, as kube-proxy does when it starts, and find out who turned it off (/etc/sysctl.d).'} ${others}`,
          ...now,
          risk: 'none',
          covers:
            fixed === 'unknown'
              ? `Whether kernel ${kernel} has the fix of 5.16, without which expire_nodest_conn does nothing with conn_reuse_mode=0, is not known.`
              : 'Uneven load by long connections, and sessionAffinity, which are meant so.',
        },
      });
    }
    if (conntrack !== true) return pass(`${shown}: a reused source port gets a new backend at once`);
    const fixed = hasFix(kernel, delayFix);
    if (fixed === 'yes') return pass(`${shown}: a reused source port gets a new backend at once`);
    if (fixed === 'unknown')
      return cannotTell(
        kernelRelease,
        `${shown}: whether this kernel has the fix of 5.9 (commit f0a5e4d7a594), without which connects from a reused source port take one second more, its release does not tell. Its changelog does.`,
      );
    return fail({
      id: 'one-second',
      severity: 'warning',
      message: `${shown}, which lacks the fix of 5.9 (commit f0a5e4d7a594). The first SYN from a source port that is used again within two minutes is dropped: the connect takes one second more. Under many short connections to a Service that is one in a few.`,
      data: { ...data, fixed },
      evidence,
      fix: {
        say: `Upgrade the kernel to 5.9 or later (4.19.140 of the old series). ${others}`,
        risk: 'none',
        covers:
          'conn_reuse_mode=0 takes the second away, but then such connections go to the old backend, even a dead one.',
      },
    });
  },
});
