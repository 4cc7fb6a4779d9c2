import type { Remedy } from '../../core/check.ts';
import type { SynOverflow } from './syn-overflow.ts';

const file = '/etc/sysctl.d/99-z-netdoctor-syn.conf';
const backlog =
  'If these are real clients: raise the backlog that the program asks of listen(), and net.core.somaxconn where that is smaller; both are taken at listen(), so restart the program.';
const flood = 'A flood of SYNs of somebody else: that is for a firewall in front.';

/** `host`: it is the node's own network, whose settings a command on the node changes. */
export const synRemedy = (o: SynOverflow, host: boolean): Remedy => {
  const pod =
    ' The setting is of each pod: spec.securityContext.sysctls (net.ipv4.tcp_syncookies is one of the safe ones).';
  const set = (key: string, value: number): Pick<Remedy, 'now' | 'persist'> =>
    host ? { now: [`sysctl -w ${key}=${value}`], persist: { file, content: `${key} = ${value}\n` } } : {};
  switch (o.kind) {
    case 'cookies':
      return { say: backlog, risk: 'disruptive', covers: flood };
    case 'dropped':
      return {
        say: `Turn SYN cookies on, so that a full queue drops nobody. ${backlog}${host ? '' : pod}`,
        ...set('net.ipv4.tcp_syncookies', 1),
        risk: 'none',
        covers: flood,
      };
    case 'max-syn-backlog':
      return {
        say: `Raise net.ipv4.tcp_max_syn_backlog, or turn SYN cookies on: with them it does not count.${host ? '' : pod}`,
        ...set('net.ipv4.tcp_max_syn_backlog', Math.max(4096, 4 * o.maxSynBacklog)),
        risk: 'none',
        covers: flood,
      };
    case 'unexplained':
      return {
        say: 'Look at the settings of that namespace (nsenter -t PID -n: net.ipv4.tcp_syncookies, net.ipv4.tcp_max_syn_backlog), which --rights full and --local read; then at routes back to the clients.',
        risk: 'none',
      };
    case 'behind':
      return { say: 'Mend the accept queue first (sockets/accept-queue).', risk: 'none' };
  }
};
