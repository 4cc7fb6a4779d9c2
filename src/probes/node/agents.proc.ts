import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { type Agent, agents } from '../../facts/node/agents.ts';

/**
 * Processes by name, and of their command lines only the named flags. Those of another network namespace than ours are not this
 * node's (a kind cluster on a laptop, a process of that name in a pod). Files of /proc/PID/net have inode numbers of their own in each
 * namespace, which anybody may read, while /proc/PID/ns/net needs SYS_PTRACE (measured on 6.18 and 6.1).
 */
const text = `
nd_need awk tr ls
# with hidepid on /proc others' processes are not there at all, which must not look like a machine without them
{ read -r nd_x; } </proc/1/status || exit
nd_namespace() { set -- $(ls -i "$1/net/dev" 2>/dev/null); nd_ns=\${1:-}; }
nd_namespace /proc/self
nd_self=$nd_ns
for nd_d in /proc/[0-9]*; do
  { read -r nd_x nd_name; } 2>/dev/null <"$nd_d/status" || continue
  case $nd_name in
    kubelet | kubelite | kube-proxy | kube-apiserver | kube-router | hyperkube | k3s | k3s-server | k3s-agent | rke2 | k0s | cilium-agent | calico-node | ovnkube | antrea-agent) ;;
    *) continue ;;
  esac
  nd_namespace "$nd_d"
  [ "$nd_ns" = "$nd_self" ] || continue
  nd_p=\${nd_d#/proc/}
  printf 'agent\\t%s\\t%s\\n' "$nd_p" "$nd_name"
  nd_flags=$(tr '\\000' '\\n' 2>/dev/null <"$nd_d/cmdline" | awk '
    /^--?(proxy-mode|config|metrics-bind-address|service-node-port-range)=/ { sub(/^--?/, ""); print; next }
    /^--?(proxy-mode|config|metrics-bind-address|service-node-port-range)$/ { sub(/^--?/, ""); k = $0; if ((getline v) > 0) print k "=" v }')
  [ -n "$nd_flags" ] || continue
  printf '%s\\n' "$nd_flags" | awk -v p="$nd_p" '{ print "flag\\t" p "\\t" $0 }'
  [ "$nd_name" = kube-proxy ] || continue
  nd_conf=$(printf '%s\\n' "$nd_flags" | awk '/^config=/ { print substr($0, 8) }')
  [ -z "$nd_conf" ] || awk -v p="$nd_p" '/^mode:/ { print "config\\t" p "\\tmode=" $2 }' "$nd_d/root$nd_conf" 2>/dev/null
done
exit 0
`;

const pair = (part: string | undefined): [string, string][] => {
  const i = (part ?? '').indexOf('=');
  return i < 0 ? [] : [[(part ?? '').slice(0, i), (part ?? '').slice(i + 1).replaceAll(/^["']|["']$/g, '')]];
};

/** See the script above. */
export const agentsProc = probe({
  yields: agents,
  via: 'proc',
  reads: {
    list: script(
      'node/agents',
      "ps -e -o pid,args | grep -E 'kubelet|kube-proxy|kube-apiserver|cilium-agent|…'",
      text,
      { uses: ['SYS_PTRACE'] },
    ),
  },
  parse: ({ list }) => {
    if (!list.ok) return list;
    const found: Agent[] = [];
    const rows = list.outputs[0].stdout.split('\n').map((l) => l.split('\t'));
    for (const [tag, pid, name] of rows) {
      if (tag !== 'agent' || !/^\d+$/.test(pid ?? '')) continue;
      const of = (kind: string) =>
        Object.fromEntries(rows.filter((r) => r[0] === kind && r[1] === pid).flatMap((r) => pair(r[2])));
      found.push({ pid: Number(pid), name: name ?? '', flags: of('flag'), config: of('config') });
    }
    return known(found);
  },
});
