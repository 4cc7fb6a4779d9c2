import type { Remedy } from '../../core/check.ts';

/** What the words of a failure mean, the surest first. */
const causes: readonly (readonly [words: RegExp, meaning: string])[] = [
  [
    /xtables lock/i,
    'Another program holds /run/xtables.lock: see who (`fuser -v /run/xtables.lock`), and end it when it hangs.',
  ],
  [
    /can't initialize ip6?tables table|Table does not exist/i,
    'kube-proxy uses legacy iptables, and this kernel has no such tables (optional since 6.17; gone from RHEL 10): use the nft variant or the nftables mode.',
  ],
  [
    /Couldn't load target|No chain\/target\/match|KUBE-MARK-DROP/,
    "A chain that kube-proxy jumps to is missing: kubelet made it with another backend of iptables than kube-proxy's (legacy and nft do not see each other's), or nobody made it.",
  ],
  [
    /executable file not found|no such file or directory|not found in \$PATH/i,
    'A program that kube-proxy calls is not there: mend the image, or install iptables, ipset or nftables where it runs.',
  ],
  [
    /ip ?set/i,
    'An ip set could not be made: load the modules (`modprobe -a ip_set ip_set_hash_ip ip_set_hash_ipport ip_set_hash_ipportip ip_set_hash_ipportnet ip_set_bitmap_port xt_set`).',
  ],
];

/** What to do when rules are not written: the cause by the log's words, then a new kube-proxy, which also chooses its iptables anew. */
export const syncRemedy = (log: string, pid: number): Remedy => {
  const meaning = causes.find(([words]) => words.test(log))?.[1];
  return {
    say: `${meaning ?? "Mend what its log names (kubectl logs -n kube-system, or the log of the node's service)."} Then have a new kube-proxy: what runs it (kubelet, systemd) starts it again when it is killed, and its image chooses the backend of iptables anew. The rules that are there stay meanwhile.`,
    now: [`kill -9 ${pid}`],
    risk: 'disruptive',
    covers: 'The cause itself: if that is still there, the new kube-proxy fails as well.',
  };
};
