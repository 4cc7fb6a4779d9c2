import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { shutdownConfig } from '../../facts/node/shutdown-config.ts';
import { parseShutdownConfig } from '../../parsers/shutdown-config.ts';

/**
 * Of kubelet's file and the drop-ins behind it (by name, the later counts) three keys leave the node, and of their values only what they may hold. YAML has them at
 * the beginning of a line, JSON anywhere. Paths are kubelet's own, so through its root where that may be looked into. logind: of files of one name
 * that under /etc counts, then /run, then /usr/lib; drop-ins by name, the later counts.
 */
const text = `
nd_need awk tr ls sort
{ read -r nd_x; } </proc/1/status || exit
nd_namespace() { set -- $(ls -i "$1/net/dev" 2>/dev/null); nd_ns=\${1:-}; }
nd_namespace /proc/self
nd_self=$nd_ns nd_p=
for nd_d in /proc/[0-9]*; do
  { read -r nd_x nd_name; } 2>/dev/null <"$nd_d/status" || continue
  case $nd_name in kubelet | systemd-logind) ;; *) continue ;; esac
  [ "$nd_name" = kubelet ] || { echo logind; continue; }
  nd_namespace "$nd_d"
  [ "$nd_ns" != "$nd_self" ] || [ -n "$nd_p" ] || nd_p=\${nd_d#/proc/}
done
[ -n "$nd_p" ] || { echo none; exit 0; }
nd_flag() {
  tr '\\000' '\\n' 2>/dev/null <"/proc/$nd_p/cmdline" | awk -v f="$1" '
    $0 ~ "^--?" f "=" { sub(/^[^=]*=/, ""); v = $0; next }
    $0 ~ "^--?" f "$" { if ((getline l) > 0) v = l }
    END { print v }'
}
nd_base=/proc/$nd_p/root
[ -e "$nd_base/proc" ] || nd_base=$nd_root
nd_conf=$(nd_flag config)
nd_dir=$(nd_flag config-dir)
set --
if [ -n "$nd_conf" ]; then
  printf 'kubelet\\t%s\\n' "$nd_conf"
  set -- "$nd_base$nd_conf"
  [ -z "$nd_dir" ] || for nd_f in "$nd_base$nd_dir"/*.conf; do [ ! -f "$nd_f" ] || set -- "$@" "$nd_f"; done
else
  echo kubelet
fi
for nd_f in "$@"; do
  awk '
    function keep(v) { gsub(/[^][{}A-Za-z0-9_.,: \\t"-]/, "", v); return v }
    function tell(k, v) { print "key\\t" k "\\t" keep(v) }
    NR == 1 && /^[ \\t]*[{]/ { json = 1 }
    json { all = all " " $0; next }
    list && /^[ \\t]+[^ \\t#]|^[]}-]/ {
      sub(/[ \\t]#.*/, "")
      if ($0 ~ /^[^:]*(priority|shutdownGracePeriodSeconds)"?[ \\t]*:/) rest = rest " " $0
      next
    }
    list && !/^[ \\t]*(#.*)?$/ { tell(list, rest); list = "" }
    /^["]?shutdownGracePeriod(CriticalPods|ByPodPriority)?["]?[ \\t]*:/ {
      k = $0; sub(/:.*/, "", k); gsub(/["\\t ]/, "", k)
      v = $0; sub(/^[^:]*:/, "", v); sub(/[ \\t]#.*/, "", v)
      if (k ~ /ByPodPriority/) { list = k; rest = v } else tell(k, v)
    }
    END {
      if (list) tell(list, rest)
      while (json && match(all, /"shutdownGracePeriod(CriticalPods|ByPodPriority)?"[ \\t]*:[ \\t]*("[^"]*"|[[][^]]*[]])/)) {
        v = substr(all, RSTART, RLENGTH); all = substr(all, RSTART + RLENGTH)
        k = v; sub(/:.*/, "", k); gsub(/["\\t ]/, "", k)
        sub(/^[^:]*:/, "", v); tell(k, v)
      }
    }' "$nd_f" || exit
done
nd_etc=
for nd_f in usr/lib usr/local/lib run etc; do
  [ ! -f "$nd_root/$nd_f/systemd/logind.conf" ] || nd_etc="$nd_root/$nd_f/systemd/logind.conf"
done
set --
[ -z "$nd_etc" ] || set -- "$nd_etc"
for nd_n in $(ls "$nd_root/etc/systemd/logind.conf.d" "$nd_root/run/systemd/logind.conf.d" "$nd_root/usr/local/lib/systemd/logind.conf.d" "$nd_root/usr/lib/systemd/logind.conf.d" 2>/dev/null | awk '/^[^\\/ ]+[.]conf$/ && !seen[$0]++' | sort); do
  for nd_f in etc run usr/local/lib usr/lib; do
    [ ! -f "$nd_root/$nd_f/systemd/logind.conf.d/$nd_n" ] || { set -- "$@" "$nd_root/$nd_f/systemd/logind.conf.d/$nd_n"; break; }
  done
done
[ $# = 0 ] || awk -v root="$nd_root" '/^[ \\t]*InhibitDelayMaxSec[ \\t]*=/ { v = $0; sub(/^[^=]*=[ \\t]*/, "", v); gsub(/[^A-Za-z0-9. ]/, "", v); print "inhibit\\t" v "\\t" substr(FILENAME, length(root) + 1) }' "$@" || exit
echo end
`;

/** See the script above. */
export const shutdownConfigProc = probe({
  yields: shutdownConfig,
  via: 'proc',
  reads: {
    list: script(
      'node/shutdown-config',
      "grep -A9 shutdownGracePeriod <kubelet's --config>; grep -r InhibitDelayMaxSec /etc/systemd/logind.conf*",
      text,
      { uses: ['SYS_PTRACE', 'DAC_READ_SEARCH'] },
    ),
  },
  parse: ({ list }) => {
    if (!list.ok) return list;
    const found = parseShutdownConfig(list.outputs[0].stdout);
    return typeof found === 'string' ? missing('unparsable', found) : known(found);
  },
});
