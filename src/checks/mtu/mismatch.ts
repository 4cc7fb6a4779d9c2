import { cannotTell, check, fail, notApplicable, pass } from '../../core/check.ts';
import { mtus, type PodLink } from '../../facts/network/mtus.ts';
import { pathMtus } from '../../facts/network/path-mtus.ts';
import { spaces } from '../../facts/network/spaces.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { spaceText } from '../space-text.ts';
import { blackHoles } from './black-holes.ts';
import { largePods } from './large-pods.ts';
import { largeTunnels } from './large-tunnels.ts';
import { podTunnels } from './overhead.ts';
import { pathsText } from './paths-text.ts';
import { sends } from './sends.ts';
import { smallBridges } from './small-bridges.ts';
import { unevenPairs } from './uneven-pairs.ts';

/** Incident I3.5: small answers come, large ones do not. Facts F. */
export const mismatch = check({
  id: 'mtu/mismatch',
  title: "Pods' packets fit what carries them",
  severity: 'error',
  per: 'node',
  docs: {
    why:
      'A tunnel between nodes takes 20 to 60 bytes of each packet. Pods with a larger MTU than it leaves send packets that must be refused or fragmented: ' +
      'connections open, small answers come, and what is larger hangs where ICMP errors are filtered. Where the two ends of a veth pair differ, ' +
      'the larger packets are dropped without any error. Cilium keeps the smaller MTU in routes, so of its pods only the pairs are compared; ' +
      'tunnels inside Open vSwitch (OVN-Kubernetes, Antrea) and those with rules of their own (WireGuard of Calico) have no route that shows them. ' +
      'What no device of the node shows is measured: pings with DF (do not fragment) to three other nodes and a pod on each of three, as large as the route allows. ' +
      'Where they vanish, smaller ones come through, and nobody says "fragmentation needed", the way is a black hole.',
    links: [
      'https://docs.tigera.io/calico/latest/networking/configuring/mtu',
      'https://docs.cilium.io/en/stable/network/concepts/routing/',
      'https://www.rfc-editor.org/rfc/rfc2923',
    ],
  },
  needs: { spaces, mtus },
  wants: { pods, pathMtus },
  judge: (facts, maybe) => {
    const ofPods = new Map(facts.spaces.filter((s) => !s.host && s.podUid !== null).map((s) => [s.id, s]));
    const holes = maybe.pathMtus.ok ? blackHoles(maybe.pathMtus.value) : [];
    const [hole, ...others] = holes;
    if (ofPods.size === 0 && hole) return fail(hole, ...others);
    if (ofPods.size === 0) return notApplicable('no pod here has a network namespace of its own');
    const m = facts.mtus;
    const nameOf = (p: PodLink): string => spaceText(ofPods.get(p.space), maybe.pods);
    const safe = (name: string): boolean => /^[\w.@-]+$/.test(name);
    const links = m.pods.filter(
      (p) => ofPods.has(p.space) && [p.device, p.peer.name, p.bridge?.name ?? '-'].every(safe),
    );
    const unread = m.unreadable.filter((id) => ofPods.has(id)).length;
    const [first, ...more] = [
      ...(m.cilium ? [] : largePods(m, links, nameOf)),
      ...(m.cilium ? [] : largeTunnels(m)),
      ...unevenPairs(links, nameOf),
      ...smallBridges(links, nameOf),
      ...holes,
    ];
    if (first) return fail(first, ...more);
    if (unread > 0) return cannotTell(mtus, `the devices of ${unread} of ${ofPods.size} pods could not be read`);
    const sizes = [...new Set(links.map(sends))].sort((a, b) => a - b).join(', ') || 'none by veth';
    const ways = [...podTunnels(m.tunnels), ...m.uplinks].map((d) => `${d.name} ${d.mtu}`).join(', ');
    const seen = m.cilium
      ? `both ends of ${links.length} veth pairs alike; how large packets may be Cilium says in routes`
      : `MTU of ${links.length} pods: ${sizes}; of what leads out: ${ways || 'no uplink seen'}`;
    return pass(`${seen}; ${pathsText(maybe.pathMtus)}`);
  },
});
