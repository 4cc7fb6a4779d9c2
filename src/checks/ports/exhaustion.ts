import { cannotTell, check, fail, pass } from '../../core/check.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { counterChanges } from '../../facts/network/counter-changes.ts';
import { snatUse } from '../../facts/network/snat-use.ts';
import { spaces } from '../../facts/network/spaces.ts';
import { nodePortRange } from '../../facts/services/node-port-range.ts';
import { nodePorts } from '../../facts/services/node-ports.ts';
import { autobound } from '../../facts/sockets/autobound.ts';
import { listeners } from '../../facts/sockets/listeners.ts';
import { portUse } from '../../facts/sockets/port-use.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { spaceText } from '../space-text.ts';
import { crowdProblem } from './crowd-problem.ts';
import { type Crowd, crowded } from './crowded.ts';
import { isDense } from './dense-group.ts';
import { insertFailures } from './insert-failures.ts';
import { snatProblem } from './snat-problem.ts';

const shares = { warning: 0.6, error: 0.9 };

/** Incident I3: source ports used up per destination, of the host and of pods, and of source NAT. Facts E, A.3. */
export const exhaustion = check({
  id: 'ports/exhaustion',
  title: 'No destination has used up the source ports',
  severity: 'error',
  per: 'node',
  docs: {
    why:
      'connect() needs a source port that is free for the destination (address, port and protocol); there are 28232 by default, in each network ' +
      'namespace. A socket that is closed keeps its port for 60 s in TIME_WAIT. Sockets that bind before they connect share no port with ' +
      'others, whatever their destinations, nor does UDP. When the last is taken connect() fails with EADDRNOTAVAIL, bind() with EADDRINUSE, ' +
      'and no counter tells. Source NAT (of pods to the outside, of NodePorts with externalTrafficPolicy: Cluster) has about 64512 ports ' +
      'for each of its addresses and destinations, whatever ip_local_port_range says; when these run out packets are dropped.',
    links: [
      'https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html',
      'https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip',
    ],
  },
  needs: { portUse, spaces, snatUse },
  wants: { pods, snatUse, counterChanges, nodePorts, proxyMode, nodePortRange, listeners, autobound },
  judge: (facts, maybe) => {
    const { crowds, unseen, assumed } = crowded(facts.portUse, facts.spaces, maybe.pods, shares.warning);
    const like = (a: Crowd) => crowds.filter((b) => b.space === a.space && b.kind === a.kind);
    const firsts = crowds.filter((c) => like(c)[0] === c).slice(0, 10);
    const ofSockets = firsts.map((c) =>
      crowdProblem(c, like(c).length - 1, shares.error, facts.spaces, facts.portUse, maybe),
    );
    const failures = insertFailures(maybe.counterChanges, facts.spaces);
    const nat = maybe.snatUse.ok ? maybe.snatUse.value : null;
    const ofNat = (nat?.groups ?? []).flatMap(
      (g) => snatProblem(g, nat?.table ?? '', failures, maybe.nodePorts, shares) ?? [],
    );
    const [first, ...more] = [...ofSockets, ...ofNat.slice(0, 5)];
    if (first) return fail(first, ...more);
    if (!maybe.pods.ok && assumed.some((s) => s.podUid !== null))
      return cannotTell(pods, `the specs of pods may set smaller ranges, and were not read: ${maybe.pods.gap.detail}`);
    if (!failures && facts.snatUse.groups.some(isDense))
      return cannotTell(counterChanges, 'source NAT seems limited to some ports; whether it fails was not counted');
    const [narrow] = unseen;
    if (narrow)
      return cannotTell(
        portUse,
        `what uses at most ${facts.portUse.leftOut} ports is not told, and ${spaceText(narrow, maybe.pods)} has hardly more`,
      );
    const [most] = [...facts.portUse.destinations].sort((a, b) => b.ports - a.ports);
    const replaced = maybe.proxyMode.ok ? maybe.proxyMode.value.replacedBy : null;
    const said = [
      `${most ? `at most ${most.ports} source ports to one destination` : 'hardly a source port in use'} in ${facts.spaces.length} network namespaces`,
      ...(assumed.length > 0 ? [`in ${assumed.length} the kernel's default range is assumed`] : []),
      facts.snatUse.table === null ? 'connections are not tracked here' : 'source NAT has ports left',
      ...(replaced ? [`source NAT by ${replaced} itself is not seen`] : []),
    ];
    return pass(said.join('; '));
  },
});
