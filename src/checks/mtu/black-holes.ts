import type { Evidence, Problem } from '../../core/check.ts';
import type { PathMtu, PathMtus } from '../../facts/network/path-mtus.ts';
import { cniSetting } from './cni-setting.ts';
import { routeWithMtu } from './route-with-mtu.ts';

const nameOf = (p: PathMtu): string => (p.kind === 'node' ? `node ${p.name}` : `pod ${p.name} on ${p.node}`);

/** By device, in the order of the paths: what lies behind one device is most likely one fault. */
const byDevice = (paths: readonly PathMtu[]): readonly (readonly [PathMtu, ...PathMtu[]])[] => {
  const groups = new Map<string, [PathMtu, ...PathMtu[]]>();
  for (const p of paths) {
    const group = groups.get(p.device);
    if (group) group.push(p);
    else groups.set(p.device, [p]);
  }
  return [...groups.values()];
};

/** Of each route the command that makes it as small as the smallest path by it. */
const commands = (paths: readonly PathMtu[]): string[] => {
  const least = new Map<string, number>();
  for (const p of paths) least.set(p.route, Math.min(p.through, least.get(p.route) ?? p.through));
  return [...least].flatMap(([route, mtu]) => (mtu > 0 ? (routeWithMtu(route, mtu) ?? []) : []));
};

const evidenceOf = (p: PathMtu, by: string): readonly [Evidence, Evidence] => {
  const header = p.address.includes(':') ? 48 : 28;
  const ping = by.replace('SIZE', `${p.mtu - header}`).replace('ADDRESS', p.address);
  return [
    { source: ping, text: p.words },
    {
      source: `the same with -s ${p.through - header}`,
      text: 'answered, and so were smaller ones before and after',
    },
  ];
};

/**
 * Ways to other nodes on which packets that the node's route allows vanish: pings with DF of the full size had no answer in three tries, nobody said why, and all up to
 * some size were answered, before and after. Where not even 1280 bytes came through, it may be that somebody lets no large pings pass: a warning then.
 */
export const blackHoles = (found: PathMtus): Problem[] =>
  byDevice(found.paths.filter((p) => p.result === 'lost')).map((group): Problem => {
    const [first] = group;
    const least = Math.min(...group.map((p) => p.through));
    const now = commands(group);
    const names = group.map(nameOf).join(', ');
    const largest = least > 0 ? `The largest that came through had ${least}` : 'Not even 1280 bytes came through';
    const doubt =
      least > 0 ? '' : ' Such a way is rare: maybe somebody on it lets no large pings pass, and all else is well.';
    const [ping, small] = evidenceOf(first, found.by);
    return {
      id: 'black-hole',
      severity: least > 0 ? 'error' : 'warning',
      message: `Packets of ${first.mtu} bytes to ${names} vanish on the way there or back, though the route by ${first.device} allows them, and no ICMP "fragmentation needed" tells of it. ${largest}. Connections open, and hang as soon as there is much to send.${doubt}`,
      data: {
        device: first.device,
        mtu: first.mtu,
        through: least,
        paths: group.map((p) => ({
          to: nameOf(p),
          address: p.address,
          mtu: p.mtu,
          through: p.through,
          route: p.route,
        })),
      },
      evidence: [
        ping,
        ...(first.through > 0 ? [small] : []),
        ...(first.route === '' ? [] : [{ source: `ip route get fibmatch ${first.address}`, text: first.route }]),
      ],
      fix: {
        say: `Mend the way between the nodes: a switch port, VPN or tunnel on it takes less than ${first.mtu} bytes, or a firewall drops ICMP type 3 code 4.${
          least > 0
            ? ` If it has to stay so, give ${first.device} MTU ${least} on all nodes, and the pods what fits that (${cniSetting(first.device, least)}).${now.length > 0 ? ' The commands make the routes of this node as small now.' : ''}`
            : ''
        }`,
        ...(now.length > 0 ? { now } : {}),
        risk: 'none',
        covers: `What other nodes send to this one; and only some sizes were tried, so that more than ${least} may come through. A route stays as the command makes it until the node boots or the CNI writes it anew.`,
      },
    };
  });
