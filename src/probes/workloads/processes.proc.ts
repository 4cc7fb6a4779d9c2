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
 * Whatever else a script does is a no, as is one that is too long or has too many traps to be looked at, and a no is not held against it. (`kill -SIGTERM` is an error in dash, and the app hears nothing.)
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
  function passes(t, strict,   rest, one, signals, found, traps) {
    if (length(t) > 16384) return "no"
    strict = strict || t ~ /^#![^\\002]* -[a-z]*e/
    gsub(/(^|\\002) *#[^\\002]*/, "\\002", t)
    gsub(/[$][{][A-Za-z_][A-Za-z0-9_]*[}]/, "$x", t)
    t = "\\002" t "\\002"
    strict = strict || t ~ /[^A-Za-z0-9_]set +-[a-z]*e/
    if (t !~ /\\$!/) return "no"
    found = "no"
    rest = t
    while (match(rest, /[^A-Za-z0-9_]trap +(-- +)?(\\047[^\\047]*\\047|[A-Za-z_][A-Za-z0-9_]*)( +[A-Z0-9]+)+/)) {
      if (++traps > 16) return "no"
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
 * The rows of processes from what grep prints of their files, behind "key pid" of each: one of about 120 bytes, its name last, since that may hold anything but
 * a line break. Every line of a file has the file's name before it, so a process that has a line break in its name breaks only its own row.
 *
 * An answer has a limit, and where there is more, no container is to lose what counts: of each come its init, that one's children and what else was started from
 * outside, shells, all others by pid, at most 256; and of all containers the first, then the second, and so on, while there is room.
 */
const compact = `
  substr($0, 1, 6) != "/proc/" {
    split($0, a, " ")
    pids[++n] = a[2]; key[a[2]] = a[1]
    if (!(a[1] in count)) { count[a[1]] = 0; keys[++m] = a[1]; print "in\\t" a[1] }
    next
  }
  {
    i = index($0, ":"); split(substr($0, 1, i - 1), d, "/"); p = d[3]; t = substr($0, i + 1)
    # field 22, counted from behind the name, which ends at the last bracket
    if (d[4] == "stat") { sub(/.*\\)/, "", t); if (split(t, a, " ") >= 20) ticks[p] = a[20]; next }
    if (d[4] == "wchan") { gsub(/[^A-Za-z0-9_.]/, "", t); wchan[p] = t; next }
    i = index(t, ":"); f = substr(t, 1, i - 1); t = substr(t, i + 1); sub(/^\\t/, "", t)
    if (f == "Name") name[p] = t
    else if (f == "State") state[p] = substr(t, 1, 1)
    else if (f == "PPid") parent[p] = t
    else if (f == "NSpid") { gsub(/\\t/, " ", t); own[p] = t }
    else mask[p, f] = t
  }
  END {
    for (i = 1; i <= n; i++) {
      p = pids[i]; k = key[p]
      if (!((p, "SigCgt") in mask)) continue
      root[p] = !(parent[p] in key) || key[parent[p]] != k
      depth = split(own[p], a, " ")
      if (depth > 1 && a[depth] == 1) { if (!(k in least) || depth < least[k]) { least[k] = depth; init[k] = p } }
      else if (root[p] && !(k in least) && (!(k in init) || ticks[p] + 0 < ticks[init[k]] + 0)) init[k] = p
    }
    for (rank = 0; rank < 5; rank++) for (i = 1; i <= n; i++) {
      p = pids[i]; k = key[p]
      if (!((p, "SigCgt") in mask) || count[k] >= 256) continue
      r = 4
      if (p == init[k]) r = 0
      else if (parent[p] == init[k]) r = 1
      else if (root[p]) r = 2
      else if (name[p] ~ /^(sh|ash|dash|bash|ksh|mksh|zsh)$/) r = 3
      if (r == rank) list[k, ++count[k]] = p
    }
    for (l = 1; l <= 256; l++) for (j = 1; j <= m; j++) {
      if (l > count[keys[j]]) continue
      p = list[keys[j], l]
      row = "p\\t" keys[j] "\\t" p "\\t" parent[p] "\\t" own[p] "\\t" state[p] "\\t" mask[p, "SigBlk"] "\\t" mask[p, "SigIgn"] "\\t" mask[p, "SigCgt"] "\\t" ticks[p] "\\t" wchan[p] "\\t" name[p]
      bytes += length(row) + 1
      if (bytes > 600000) exit
      print row
    }
  }
`;

/**
 * Of each process of the chosen containers: parents, state, signal masks, executable, and what is harmless of its
 * command line. A title (setproctitle) stands in argv[0] with its blanks; only its first word is taken.
 *
 * That it waits for signals (sigtimedwait, as tini does) its masks do not show (facts K.3), but the kernel function that it sleeps in does. The main thread counts: whether the kernel drops a
 * signal to a process is decided by the mask of the thread that has its pid (sig_ignored; measured with node, one thread of which blocks everything).
 *
 * Executables and command lines cost several programs for each process, and to read them may hang. They are asked for last, of at most 40 processes of a container, for
 * ten seconds; the rest has none.
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
nd_began=\${nd_up%.*}
nd_rows=$(nd_in_containers)
[ -n "$nd_rows" ] || exit 0
nd_of() { printf "/proc/%s/$1 " $nd_part; }
nd_rows=$({
  printf '%s\\n' "$nd_rows"
  # in parts, since they are named in a command line
  printf '%s\\n' "$nd_rows" | awk '{ printf "%s%s", $2, NR % 2000 ? " " : "\\n" } END { print "" }' | while read -r nd_part; do
    [ -n "$nd_part" ] || continue
    grep -sE '^(Name|State|PPid|NSpid|SigBlk|SigIgn|SigCgt):' $(nd_of status) /dev/null
    grep -s '' $(nd_of stat) $(nd_of wchan) /dev/null
  done
} | awk '${compact}')
printf '%s\\n' "$nd_rows"
nd_pids=$(printf '%s\\n' "$nd_rows" | awk -F '\\t' '$1 == "p" && $6 != "Z" && ++c[$2] <= 40 && n++ < 4000 { print $3 }')
nd_classify='${classify}'
nd_command_lines() {
  for nd_p in $nd_pids; do
    nd_now
    [ $((\${nd_up%.*} - nd_began)) -lt 10 ] || break
    nd_e=$(readlink "/proc/$nd_p/exe" 2>/dev/null) || nd_e=
    nd_e=\${nd_e%" (deleted)"}
    nd_plain "\${nd_e##*/}"
    [ -z "$nd_e" ] || printf 'exe\\t%s\\t%s\\n' "$nd_p" "$nd_t"
    printf '%s\\t' "$nd_p"
    head -c 65536 "/proc/$nd_p/cmdline" 2>/dev/null | tr '\\n\\t\\001\\000' '\\002  \\001'
    echo
  done | awk -F '\\t' "$nd_classify"'
    function base(s) { sub(/.*\\//, "", s); return s }
    $1 == "exe" { print; next }
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
    }' | {
    nd_hung=0 nd_bytes=0
    while IFS= read -r nd_l; do
      case $nd_l in
        script*)
          [ "$nd_hung" -lt 2 ] || continue
          nd_l=\${nd_l#*"$nd_tab"}
          nd_p=\${nd_l%%"$nd_tab"*} nd_s=\${nd_l#*"$nd_tab"}
          nd_limited 2 nd_forwards
          [ $? != 137 ] || nd_hung=$((nd_hung + 1))
          ;;
        *)
          nd_bytes=$((nd_bytes + \${#nd_l} + 1))
          [ "$nd_bytes" -le 250000 ] || break
          printf '%s\\n' "$nd_l"
          ;;
      esac
    done
  }
}
nd_forwards() {
  nd_away "$nd_p"
  case $nd_s in
    /*) nd_b=/proc/$nd_p/root ;;
    # where its working directory is does not matter, but it may be a place that may hang
    *) [ "$nd_far" = ' .' ] || return 0; nd_b=/proc/$nd_p/cwd ;;
  esac
  nd_resolve "$nd_b" "$nd_s" || return 0
  head -c 16385 "$nd_b$nd_at" | tr '\\n\\t' '\\002 ' | awk -v p="$nd_p" "$nd_classify"'{ t = t $0 } END { if (t != "") print "forwards\\t" p "\\t" passes(t, 0) }'
}
nd_limited 12 nd_command_lines 2>/dev/null
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
