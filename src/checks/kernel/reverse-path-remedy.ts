import type { Remedy } from '../../core/check.ts';

/** sysctl takes the dots in an interface's name as slashes. */
const keyOf = (name: string): string => `net.ipv4.conf.${name.replaceAll('.', '/')}.rp_filter`;

/** A name that needs no quotes in a shell. */
const plain = (name: string): boolean => /^[A-Za-z0-9_.@:-]+$/.test(name);

/** Loose mode: an address with any route back is let in. On few interfaces one by one, on many for all at once; the larger of both values counts. */
export const reversePathRemedy = (strict: readonly string[], onHost: boolean): Remedy => {
  if (strict.length === 0)
    return {
      say: onHost
        ? 'Give the node a route back to these sources, or find out who sends them.'
        : "Set rp_filter=2 for the pod's interfaces (CNI plugin `tuning`, or securityContext.sysctls where the cluster allows it), or give it a route back.",
      risk: 'none',
    };
  const keys = strict.length > 4 || !strict.every(plain) ? [keyOf('all')] : strict.map(keyOf);
  return {
    say: 'Set the loose mode (2), which still drops sources that have no route at all; or mend the routes, if packets should come in where their answers leave.',
    now: [`sysctl -w ${keys.map((k) => `${k}=2`).join(' ')}`],
    persist: { file: '/etc/sysctl.d/99-z-netdoctor-rp-filter.conf', content: keys.map((k) => `${k} = 2\n`).join('') },
    risk: 'none',
    covers: 'What sets rp_filter anew when an interface comes up (NetworkManager, systemd-networkd, a CNI), and pods.',
  };
};
