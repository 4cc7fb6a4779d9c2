import type { Bridge, BridgeNetfilter } from '../facts/network/bridge-netfilter.ts';

const switchOf = (text: string | undefined): boolean | null =>
  text === undefined || !/^\d+$/.test(text) ? null : Number(text) !== 0;

/**
 * Understands what the collector prints of bridges: "bridge TAB name TAB 0|1 TAB 0|1" each, a line "bridges" behind the last, then "switch TAB iptables TAB 0|1"
 * and "pods TAB name TAB family TAB count". Null if it is something else.
 */
export const parseBridgeNetfilter = (text: string): BridgeNetfilter | null => {
  const rows = text.split('\n').map((l) => l.split('\t'));
  if (!rows.some((r) => r.length === 1 && r[0] === 'bridges')) return null;
  const bad = rows.some(
    ([tag, , value, count]) =>
      (tag === 'switch' && switchOf(value) === null) || (tag === 'pods' && !/^\d{1,9}$/.test(count ?? '')),
  );
  if (bad) return null;
  const sysctl = (name: string): boolean | null => switchOf(rows.find((r) => r[0] === 'switch' && r[1] === name)?.[2]);
  const pods = (name: string, family: string): number =>
    Number(rows.find((r) => r[0] === 'pods' && r[1] === name && r[2] === family)?.[3] ?? 0);
  const bridges = rows.flatMap(([tag, name = '', ipv4, ipv6]): Bridge[] => {
    if (tag !== 'bridge' || name === '') return [];
    const calls = { ipv4: switchOf(ipv4), ipv6: switchOf(ipv6) };
    return [{ name, pods: { ipv4: pods(name, 'ipv4'), ipv6: pods(name, 'ipv6') }, calls }];
  });
  return { calls: { ipv4: sysctl('iptables'), ipv6: sysctl('ip6tables') }, bridges };
};
