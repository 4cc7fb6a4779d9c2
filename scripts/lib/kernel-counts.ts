/** One value of a table like /proc/net/snmp, which has a line of names and a line of values; NaN where it is not there. */
export const snmpValue = (text: string, table: string, name: string): number => {
  const [names, values] = text
    .split('\n')
    .filter((l) => l.startsWith(`${table}: `))
    .map((l) => l.split(' '));
  return Number(values?.[names?.indexOf(name) ?? -1]);
};

/** Packets that the DROP rules took, of what `iptables-save -c` says. */
export const droppedByRules = (text: string): number =>
  [...text.matchAll(/^\[(\d+):\d+\] -A .* -j DROP$/gm)].reduce((n, m) => n + Number(m[1]), 0);

/** Seconds that processes of a cgroup (version 2) ran, of its cpu.stat; NaN where that does not say. */
export const ranSeconds = (text: string): number => Number(/^usage_usec (\d+)$/m.exec(text)?.[1]) / 1e6;

/** Seconds that all processors together worked, of /proc/stat: all but idle and waiting for disks, and guests' time once. */
export const busySeconds = (text: string): number => {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (/^cpu +(.*)$/m.exec(text)?.[1] ?? '')
    .split(' ')
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / 100;
};
