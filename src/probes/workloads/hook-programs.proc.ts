import { known } from '../../core/gap.ts';
import { params, probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { hookPrograms } from '../../facts/workloads/hook-programs.ts';
import { subjects } from '../../facts/workloads/subjects.ts';
import { containerKey } from '../../lib/container-key.ts';
import { hookWords } from '../../lib/hook-words.ts';
import { parseHookPrograms } from '../../parsers/hook-programs.ts';
import { containerShell } from './container-shell.ts';
import { containersOn } from './containers-on.ts';

/** More than this in one program would not fit into an argument. */
const mostHooks = 400;

/** The programs of exec hooks, as `nd_hooks`: "key:program" each; those that a shell would have to be asked about are left out. */
const hooks = params({
  from: { subjects },
  vars: (maybe, node): Record<string, string> => {
    if (!maybe.subjects.ok) return {};
    const containers = containersOn(maybe.subjects.value, node).filter(
      (c) => c.status?.running && c.preStop?.kind === 'exec',
    );
    const wanted = containers.flatMap((c) =>
      hookWords(c.preStop?.kind === 'exec' ? c.preStop.command : []).map(
        (program) => `${containerKey(c.status?.id ?? '')}:${program}`,
      ),
    );
    return { hooks: wanted.slice(0, mostHooks).join(' ') };
  },
});

/**
 * Looks for each program as the runtime will, in the root of the container and by the PATH of its first process (of its environment nothing else is
 * read). A name with a slash that is not absolute would be of the container's working directory, and is not asked for.
 *
 * Whoever may run it there, it counts if anyone may: we may not be the one (no DAC_OVERRIDE). Where it cannot be told there is no row: a root that may
 * not be entered, a PATH too long to be searched to its end, a file system of others (NFS, FUSE), which may hang; and for what comes
 * when twelve seconds are over.
 */
const text = `${containerShell}
nd_need awk grep tr sort readlink head ls
{ read -r nd_x; } </proc/1/status || exit
[ -n "$nd_hooks" ] || exit 0
nd_containers=$(printf '%s\\n' $nd_hooks | awk -F : '!seen[$1]++ { printf "%s ", $1 }')
nd_all=$(nd_in_containers)
# nd_runs PATH: whether nd_resolve finds a program there; 2 where that cannot be told
nd_runs() {
  nd_resolve "$nd_r" "$1" || return
  [ ! -x "$nd_r$nd_at" ] || return 0
  nd_mode=$(ls -lnd "$nd_r$nd_at") || return 2
  case \${nd_mode%%[!a-zA-Z-]*} in -*[xst]*) ;; *) return 1 ;; esac
}
nd_look() {
  [ -d "$nd_r/." ] || return
  nd_away "$nd_p"
  nd_found=no nd_path=
  case $nd_prog in
    */*)
      nd_runs "$nd_prog"
      case $? in 0) nd_found=yes ;; 2) return ;; esac
      ;;
    *)
      nd_path=$(head -c 1048576 "/proc/$nd_p/environ" 2>/dev/null | tr '\\n\\000' ' \\n' | grep '^PATH=' | head -n 1 | head -c 65536)
      nd_path=\${nd_path#PATH=}
      nd_path=\${nd_path:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
      [ \${#nd_path} -le 4096 ] || return
      nd_more=$nd_path: nd_dirs=0
      while [ -n "$nd_more" ] && [ "$nd_found" = no ]; do
        nd_dirs=$((nd_dirs + 1))
        [ "$nd_dirs" -le 64 ] || return
        nd_d=\${nd_more%%:*} nd_more=\${nd_more#*:}
        case $nd_d in /*) ;; *) continue ;; esac
        nd_runs "$nd_d/$nd_prog"
        case $? in 0) nd_found=yes ;; 2) return ;; esac
      done
      ;;
  esac
  [ "$nd_found" = yes ] || nd_at=
  nd_plain "$nd_at"
  nd_at=$nd_t
  nd_plain "$nd_path"
  printf 'hook\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$nd_key" "$nd_prog" "$nd_found" "$nd_at" "$nd_t"
}
nd_now
nd_began=\${nd_up%.*}
for nd_h in $nd_hooks; do
  nd_now
  [ $((\${nd_up%.*} - nd_began)) -lt 12 ] || break
  nd_key=\${nd_h%%:*} nd_prog=\${nd_h#*:}
  nd_p=$(printf '%s\\n' "$nd_all" | awk -v k="$nd_key" '$1 == k { print $2; exit }')
  [ -n "$nd_p" ] || continue
  nd_r=/proc/$nd_p/root
  nd_limited 4 nd_look 2>/dev/null
done
exit 0
`;

/** See the script above. */
export const hookProgramsProc = probe({
  yields: hookPrograms,
  via: 'proc',
  reads: {
    rows: script('workloads/hook-programs', 'ls -l /proc/PID/root/PROGRAM, for each preStop hook', text, {
      requires: ['SYS_PTRACE'],
    }),
  },
  params: hooks,
  parse: ({ rows }) => (rows.ok ? known(parseHookPrograms(rows.outputs[0].stdout)) : rows),
});
