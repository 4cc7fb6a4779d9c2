import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { processes } from '../../facts/workloads/processes.ts';
import { parseProcesses } from '../../parsers/container-processes.ts';
import { chosenContainers, containerShell } from './container-shell.ts';

/**
 * awk: whether a shell's script, with \002 for its line breaks, passes TERM on to its child and lets it end. It does, if it starts a child in the background
 * (`$!`) and waits for it (a trap is run only once the foreground child has ended, but ends a `wait` at once; POSIX, trap), and if its trap
 * for TERM, in single quotes or a function, sends the child a signal that means an end, and
 *
 * - waits for it then, before it exits if it does; a loop without that exit may start it anew; or
 * - leaves that to the script, which takes the trap away and waits once more. (`set -e` would have ended it at the first wait.)
 *
 * Whatever else a script does is a no, and a no is not held against it. (`kill -SIGTERM` is an error in dash, and the app hears nothing.)
 */
const classify = `
  function waits(t) { return gsub(/[^A-Za-z0-9_.\\/-]wait[^A-Za-z0-9_-]/, "&", t) }
  function action(t, one,   f) {
    if (one ~ /\\047/) { split(one, f, "\\047"); return f[2] }
    sub(/^.trap +(-- +)?/, "", one); sub(/ .*/, "", one)
    return match(t, "[^A-Za-z0-9_]" one " *(\\\\(\\\\))?[ \\002]*\\\\{[^}]*") ? substr(t, RSTART, RLENGTH) : ""
  }
  function ends(t, act, strict,   loops) {
    if (!match(act, /[^A-Za-z0-9_]kill +((-s +|-)(TERM|QUIT|INT) +|-(15|3|2) +)?(-- +)?[-"]*([$][^$]|%)/)) return 0
    loops = t ~ /[^A-Za-z0-9_](while|until|for)[^A-Za-z0-9_]/
    if (waits(substr(act, RSTART)))
      return waits(t) > waits(act) && act !~ /exit.*[^A-Za-z0-9_]wait[^A-Za-z0-9_]/ && (!loops || act ~ /exit/)
    return !strict && !loops && act !~ /exit|exec/ && t ~ /[^A-Za-z0-9_]wait [^;\\002]*[;\\002][ \\002]*trap +- [^;\\002]*TERM[^;\\002]*[;\\002][ \\002]*wait[^A-Za-z0-9_]/
  }
  function passes(t, strict,   rest, one, signals, found) {
    strict = strict || t ~ /^#![^\\002]* -[a-z]*e/
    gsub(/(^|\\002) *#[^\\002]*/, "\\002", t)
    gsub(/[$][{][A-Za-z_][A-Za-z0-9_]*[}]/, "$x", t)
    t = "\\002" t "\\002"
    strict = strict || t ~ /[^A-Za-z0-9_]set +-[a-z]*e/
    if (t !~ /\\$!/) return "no"
    found = "no"
    rest = t
    while (match(rest, /[^A-Za-z0-9_]trap +(-- +)?(\\047[^\\047]*\\047|[A-Za-z_][A-Za-z0-9_]*)( +[A-Z0-9]+)+/)) {
      one = substr(rest, RSTART, RLENGTH) " "
      rest = substr(rest, RSTART + RLENGTH)
      signals = one
      sub(/^.trap +(-- +)?(\\047[^\\047]*\\047|[A-Za-z_][A-Za-z0-9_]*)/, "", signals)
      if (signals !~ / (SIGTERM|TERM|15) /) continue
      if (!ends(t, "\\002" action(t, one) "\\002", strict)) return "no"
      found = "yes"
    }
    return found
  }
`;

/**
 * Of each process of the chosen containers: parents, state, signal masks, executable, and what is harmless of its
 * command line. A title (setproctitle) stands in argv[0] with its blanks; only its first word is taken.
 *
 * That it waits for signals (sigtimedwait, as tini does) its masks do not show (facts K.3), but the kernel function that it sleeps in does. The main thread counts: whether the kernel drops a
 * signal to a process is decided by the mask of the thread that has its pid (sig_ignored; measured with node, one thread of which blocks everything).
 *
 * Whether a shell's script passes the signal on is decided where the script is; only a yes or no leaves the node. See {@link classify}.
 */
const text = `${containerShell}
nd_need awk grep tr sort readlink head
# with hidepid on /proc others' processes are not there at all, which must not look like a container without any
{ read -r nd_x; } </proc/1/status || exit
[ -n "$nd_containers" ] || exit 0
nd_now
echo "uptime $nd_up"
nd_rows=$(nd_in_containers | awk '
  # all of them are named in one command line
  { n[$1]++; if (n[$1] <= 256 && all < 20000) { all++; print "in\\t" $1 "\\t" $2 } }')
[ -n "$nd_rows" ] || exit 0
printf '%s\\n' "$nd_rows"
nd_pids=$(printf '%s\\n' "$nd_rows" | awk '$1 == "in" { print $3 }')
nd_of() { for nd_p in $nd_pids; do printf '/proc/%s/%s ' "$nd_p" "$1"; done; }
grep -sE '^(Name|State|PPid|NSpid|SigBlk|SigIgn|SigCgt):' $(nd_of status) /dev/null
# every line of these has its file before it, so a process that has a line break in its name breaks only its own
grep -s '' $(nd_of stat) /dev/null
grep -s '' $(nd_of wchan) /dev/null
for nd_p in $nd_pids; do
  nd_e=$(readlink "/proc/$nd_p/exe" 2>/dev/null) || nd_e=
  nd_e=\${nd_e%" (deleted)"}
  nd_plain "\${nd_e##*/}"
  [ -z "$nd_e" ] || printf 'exe\\t%s\\t%s\\n' "$nd_p" "$nd_t"
done
nd_classify='${classify}'
for nd_p in $nd_pids; do
  printf '%s\\t' "$nd_p"
  { tr '\\n\\t\\001\\000' '\\002  \\001' </proc/"$nd_p"/cmdline; } 2>/dev/null | head -c 65536
  echo
done | awk -F '\\t' "$nd_classify"'
  function base(s) { sub(/.*\\//, "", s); return s }
  {
    n = split($2, a, "\\001")
    # busybox sh: argv[1] names the program
    if (a[1] ~ /(^|\\/)busybox[^\\/]*$/ && a[2] ~ /^[a-z][a-z0-9_-]*$/) for (i = 1; i < n; i++) a[i] = a[i + 1]
    w = a[1]; sub(/[ :].*/, "", w); w = base(w); sub(/^-/, "", w)
    if (w !~ /^[A-Za-z0-9_.+@-]+$/ || length(w) > 64) w = "?"
    if (n > 0) out = "cmd\\t" $1 "\\t" w; else next
    for (i = 2; i <= n && i <= 5; i++) {
      if (a[i] ~ /^-([A-Za-z]|jar|-)$/) { out = out " " a[i]; continue }
      # behind a flag may stand its value, which may be a secret
      if (a[i] ~ /^[A-Za-z0-9_.\\/+-]+$/ && length(a[i]) <= 128 && (((i == 2 || a[i - 1] == "--") && a[i] ~ /^\\.?\\.?\\//) || a[i] ~ /\\.(js|mjs|cjs|ts|py|rb|sh|pl|php|jar)$/)) out = out " " base(a[i])
      break
    }
    print out
    if (w !~ /^(sh|ash|dash|bash|ksh|mksh|zsh)$/) next
    e = 0
    for (i = 2; i < n; i++) {
      if (a[i] !~ /^[-+]/) { if (a[i] != "" && !e) print "script\\t" $1 "\\t" a[i]; next }
      if (a[i] ~ /^-[a-z]*e/) e = 1
      if (a[i] ~ /^-[a-z]*c$/) { print "forwards\\t" $1 "\\t" passes(a[i + 1], e); next }
    }
  }' | while IFS= read -r nd_l; do
  case $nd_l in
    script*)
      nd_l=\${nd_l#*"$nd_tab"}
      nd_p=\${nd_l%%"$nd_tab"*} nd_s=\${nd_l#*"$nd_tab"}
      case $nd_s in
        /*) nd_b=/proc/$nd_p/root ;;
        *) nd_b=/proc/$nd_p/cwd ;;
      esac
      nd_resolve "$nd_b" "$nd_s" || continue
      { head -c 65536 "$nd_b$nd_at"; } 2>/dev/null | tr '\\n\\t' '\\002 ' | awk -v p="$nd_p" "$nd_classify"'{ t = t $0 } END { if (t != "") print "forwards\\t" p "\\t" passes(t, 0) }'
      ;;
    *) printf '%s\\n' "$nd_l" ;;
  esac
done
exit 0
`;

/** See the script above. */
export const processesProc = probe({
  yields: processes,
  via: 'proc',
  reads: {
    rows: script('workloads/processes', 'ps -e -o pid,ppid,stat,blocked,ignored,caught,comm, in the pods', text, {
      uses: ['SYS_PTRACE'],
    }),
  },
  params: chosenContainers,
  parse: ({ rows }) => (rows.ok ? known(parseProcesses(rows.outputs[0].stdout)) : rows),
});
