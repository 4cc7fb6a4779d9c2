import type { Raw } from '../../core/read.ts';

/**
 * MTU of the default route of a namespace by a device, from lines of `ip route show default` behind the namespace's id; 0 where it has none of its own, null where the
 * namespace was not entered. Of several routes the first counts: it has the best metric.
 */
export const routeMtusOf = (routes: Raw): ((space: string, device: string) => number | null) => {
  const entered = new Set<string>();
  const found = new Map<string, number>();
  for (const line of routes.ok ? routes.outputs[0].stdout.split('\n') : []) {
    const [tag, space = '', route = ''] = line.split('\t');
    if (tag === 'entered') entered.add(space);
    const [, device] = / dev ([^ ]+)/.exec(route) ?? [];
    if (tag !== 'route' || !route.startsWith('default') || device === undefined) continue;
    const [, mtu] = / mtu (?:lock )?(\d{1,5})(?: |$)/.exec(route) ?? [];
    const key = `${space} ${device}`;
    if (!found.has(key)) found.set(key, Number(mtu ?? 0));
  }
  return (space, device) => (entered.has(space) ? (found.get(`${space} ${device}`) ?? 0) : null);
};
