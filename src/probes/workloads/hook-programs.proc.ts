import { known } from '../../core/gap.ts';
import { params, probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { hookPrograms } from '../../facts/workloads/hook-programs.ts';
import { subjects } from '../../facts/workloads/subjects.ts';
import { containerKey } from '../../lib/container-key.ts';
import { hookWords } from '../../lib/hook-words.ts';
import { parseHookPrograms } from '../../parsers/hook-programs.ts';
import { containerShell } from './container-shell.ts';

/** More than this in one program would not fit into an argument. */
const mostHooks = 400;

/** The programs of exec hooks, as `nd_hooks`: "key:program" each; those that a shell would have to be asked about are left out. */
const hooks = params({
  from: { subjects },
  vars: (maybe, node): Record<string, string> => {
    if (!maybe.subjects.ok) return {};
    const containers = maybe.subjects.value
      .filter((pod) => pod.node === node)
      .flatMap((pod) => pod.containers)
      .filter((c) => c.status?.running && c.preStop?.kind === 'exec');
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
 */
const text = `${containerShell}
nd_need awk grep tr sort readlink
{ read -r nd_x; } </proc/1/status || exit
[ -n "$nd_hooks" ] || exit 0
nd_containers=$(printf '%s\\n' $nd_hooks | awk -F : '!seen[$1]++ { printf "%s ", $1 }')
nd_all=$(nd_in_containers)
for nd_h in $nd_hooks; do
  nd_key=\${nd_h%%:*} nd_prog=\${nd_h#*:}
  nd_p=$(printf '%s\\n' "$nd_all" | awk -v k="$nd_key" '$1 == k { print $2; exit }')
  [ -n "$nd_p" ] || continue
  nd_r=/proc/$nd_p/root
  if ! [ -d "$nd_r/." ]; then printf 'denied\\t%s\\n' "$nd_key"; continue; fi
  nd_found=no nd_where= nd_path=
  case $nd_prog in
    */*) ! { nd_resolve "$nd_r" "$nd_prog" && [ -x "$nd_r$nd_at" ]; } || nd_found=yes nd_where=$nd_at ;;
    *)
      nd_path=$(tr '\\n\\000' ' \\n' 2>/dev/null <"/proc/$nd_p/environ" | grep '^PATH=')
      nd_path=\${nd_path%%"$nd_nl"*}
      nd_path=\${nd_path#PATH=}
      nd_path=\${nd_path:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
      nd_more=$nd_path:
      while [ -n "$nd_more" ] && [ "$nd_found" = no ]; do
        nd_d=\${nd_more%%:*} nd_more=\${nd_more#*:}
        case $nd_d in /*) ;; *) continue ;; esac
        if nd_resolve "$nd_r" "$nd_d/$nd_prog" && [ -x "$nd_r$nd_at" ]; then nd_found=yes nd_where=$nd_at; fi
      done
      ;;
  esac
  nd_plain "$nd_where"
  nd_where=$nd_t
  nd_plain "$nd_path"
  printf 'hook\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$nd_key" "$nd_prog" "$nd_found" "$nd_where" "$nd_t"
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
