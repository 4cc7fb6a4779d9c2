import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { mtus } from '../../facts/network/mtus.ts';
import { devicesOf } from './devices-of.ts';
import { hostToolShell } from './host-tool-shell.ts';
import { podLinksOf } from './pod-links-of.ts';
import { routeMtusOf } from './route-mtus-of.ts';
import { spacesShell } from './spaces-shell.ts';
import { tunnelsOf } from './tunnels-of.ts';
import { uplinksOf } from './uplinks-of.ts';

/**
 * Devices from sysfs: name, index, peer or lower device, MTU, hardware type, kind, master. Routes of /proc/net/route (never its column MTU: it is
 * advmss + 40, facts): default routes, those of tunnels (by kind or hardware type), and to networks on a link; of /proc/net/ipv6_route the same
 * but for the last. One awk and no fork for any number of devices.
 */
const devices = `
nd_need ls awk uname
echo "arch $(uname -m)"
ls /sys/class/net | awk '
  function one(f,    l) { l = ""; if ((getline l < f) <= 0) l = ""; close(f); return l }
  {
    d = "/sys/class/net/" $1 "/"; m = one(d "mtu")
    if (m == "") next
    k = ""; f = d "uevent"
    while ((getline l < f) > 0) if (substr(l, 1, 8) == "DEVTYPE=") k = substr(l, 9)
    close(f)
    h = one(d "type")
    if (k ~ /^(vxlan|geneve|wireguard)$/ || h ~ /^(768|769|776|778)$/) tunnel[$1] = 1
    if (n++ >= 3000) { cut = 1; next }
    print "dev\\t" $1 "\\t" one(d "ifindex") "\\t" one(d "iflink") "\\t" m "\\t" h "\\t" k "\\t" one(d "master/ifindex")
  }
  END {
    f = "/proc/net/route"; r = 0
    while ((getline l < f) > 0) {
      split(l, a, " ")
      if (a[2] == "00000000" && a[8] == "00000000" || (a[1] in tunnel) && !t[a[1]]++ || a[3] == "00000000" && a[8] != "FFFFFFFF" && r++ < 300) print "route\\t" l
    }
    close(f)
    f = "/proc/net/ipv6_route"
    while ((getline l < f) > 0) {
      split(l, a, " ")
      if (a[10] == "lo" || a[1] ~ /^(fe80|ff)/) continue
      if (a[1] ~ /^0+$/ && a[2] == "00" || (a[10] in tunnel) && a[2] != "80" && !s[a[10]]++) print "six\\t" a[1] "\\t" a[2] "\\t" a[6] "\\t" a[10]
    }
    if (cut) print "cut"
  }'
`;

/**
 * The devices of every other network namespace, by name from /proc/PID/net/dev, which anybody may read; their MTUs from the sysfs that is mounted
 * there (facts 0). Where a container has another namespace's sysfs, no pair of the node answers to what it says.
 */
const pods = `${spacesShell}
nd_need ls awk
nd_spaces | awk '
  function one(f,    l) { l = ""; if ((getline l < f) <= 0) l = ""; close(f); return l }
  NR > 1 && NR <= 1501 {
    f = "/proc/" $2 "/net/dev"; n = 0; r = ""
    while ((getline l < f) > 0) {
      if (!(i = index(l, ":"))) continue
      d = substr(l, 1, i - 1); gsub(/ /, "", d)
      if (d != "lo") name[++n] = d
    }
    close(f)
    for (i = 1; i <= n && i <= 20; i++) {
      s = "/proc/" $2 "/root/sys/class/net/" name[i] "/"; m = one(s "mtu")
      if (m != "") print "pod\\t" $1 "\\t" $2 "\\t" name[i] "\\t" m "\\t" one(s "ifindex") "\\t" one(s "iflink")
      else if (r == "") r = "denied\\t" $1
    }
    if (r != "") print r
  }
  NR == 1502 { print "cut" }'
`;

/**
 * Default routes of the other namespaces: their MTU stands in no file of /proc (facts), so that one must enter, which only SYS_ADMIN allows, and ask
 * iproute2 (busybox's `ip` does not tell it). That costs some processes each, so only those are entered that have a device larger than the smallest of the
 * node, two hundred at most: in all others nothing can be too large.
 */
const podRoutes = `${spacesShell}${hostToolShell}
nd_need ls awk nsenter
nd_tool ip iproute2 || { echo "ip: not found" >&2; exit 127; }
# nd_larger SIZE DIRECTORY: a device there has more; sets nd_least to the smallest
nd_larger() {
  nd_x=1 nd_least=99999
  for nd_f in "$2"/*/mtu; do
    case $nd_f in */lo/mtu) continue ;; esac
    { read -r nd_m; } 2>/dev/null <"$nd_f" || continue
    case $nd_m in '' | *[!0-9]* | ??????*) continue ;; esac
    [ "$nd_m" -le "$1" ] || nd_x=0
    [ "$nd_m" -ge "$nd_least" ] || nd_least=$nd_m
  done
  return "$nd_x"
}
nd_larger 0 /sys/class/net || exit 0
nd_small=$nd_least nd_own=1 nd_n=0
nd_spaces | while read -r nd_i nd_p; do
  if [ -n "$nd_own" ]; then nd_own=; continue; fi
  nd_larger "$nd_small" "/proc/$nd_p/root/sys/class/net" || continue
  nd_n=$((nd_n + 1))
  [ "$nd_n" -le 200 ] || break
  nd_r=$(nsenter -t "$nd_p" -n $nd_w -4 -o route show default 2>/dev/null) || continue
  printf 'entered\\t%s\\n' "$nd_i"
  printf '%s\\n' "$nd_r" | while read -r nd_l; do printf 'route\\t%s\\t%s\\n' "$nd_i" "$nd_l"; done
done
exit 0
`;

/** See the scripts above. */
export const mtusProc = probe({
  yields: mtus,
  via: 'proc',
  reads: {
    devices: script('network/devices', 'cat /sys/class/net/*/mtu /proc/net/route', devices, { sampling: 'end' }),
    pods: script('network/pod-devices', 'cat /proc/<pid>/root/sys/class/net/*/mtu of each network namespace', pods, {
      sampling: 'end',
      requires: ['SYS_PTRACE'],
    }),
    routes: script('network/pod-routes', 'nsenter -t <pid> -n ip route show default', podRoutes, {
      sampling: 'end',
      requires: ['SYS_ADMIN'],
      uses: ['SYS_PTRACE', 'SYS_CHROOT'],
    }),
  },
  parse: (raw) => {
    if (!raw.devices.ok) return raw.devices;
    if (!raw.pods.ok) return raw.pods;
    const lines = raw.devices.outputs[0].stdout.split('\n');
    const podLines = raw.pods.outputs[0].stdout.split('\n');
    const found = devicesOf(lines);
    if (!found) return missing('unparsable', 'the list of network devices is not what it should be');
    if (lines.includes('cut') || podLines.includes('cut'))
      return missing('truncated', 'there are more than 3000 network devices or 1500 network namespaces');
    const { list } = found;
    return known({
      uplinks: uplinksOf(found).map(({ name, mtu }) => ({ name, mtu })),
      tunnels: tunnelsOf(found),
      pods: podLinksOf(podLines, list, routeMtusOf(raw.routes)),
      unreadable: podLines.flatMap((l) => (/^denied\t\d+$/.test(l) ? [l.slice(7)] : [])),
      cilium: list.some((d) => d.name.startsWith('cilium_')),
    });
  },
});
