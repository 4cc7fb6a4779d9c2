import { script } from '../../core/read.ts';

/**
 * Only where the kernel has no /proc/net/stat/nf_conntrack though it tracks (facts B.1), and only where netlink's part is there already: the tool
 * would load it.
 */
const text = `
[ -e /proc/sys/net/netfilter/nf_conntrack_count ] || exit 0
[ ! -e /proc/net/stat/nf_conntrack ] || exit 0
nd_need grep cat
grep -q ' ctnetlink_' /proc/kallsyms || { echo none; exit 0; }
nd_host conntrack -S
nd_c=$?
[ "$nd_c" != 127 ] || echo 'conntrack: not found' >&2
[ "$nd_c" = 0 ] || exit "$nd_c"
echo "count $(cat /proc/sys/net/netfilter/nf_conntrack_count)"
`;

/** What the tool conntrack says of the node's own namespace, at both ends of the window; nothing where the file in /proc says more. */
export const conntrackStats = script('conntrack/stats', 'conntrack -S', text, {
  sampling: 'twice',
  uses: ['SYS_CHROOT', 'NET_ADMIN'],
});
