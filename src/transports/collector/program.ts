import type { NodeRead } from '../../core/read.ts';
import type { ProgramOptions, WriteProgram } from '../../core/stream.ts';
import { shellQuoted } from '../../lib/shell-quoted.ts';

/** How much of one answer is taken, in bytes; what is longer is told as truncated. */
export const answerLimitBytes = 1_048_576;

/**
 * How much of a whole stream is taken, in bytes. A node in good order sends some kilobytes, one full of stuck connections a megabyte
 * (ten samples of at most 200 sockets and their owners); this is room for ten answers at their limit, base64 included.
 */
export const streamLimitBytes = 16_777_216;

/** How long one script may take, in seconds: a pass over a large table takes some, and a file system that hangs takes for ever. */
const scriptSeconds = 30;

/** In double quotes only `${nd_…}` parameters keep their meaning; everything else that a shell would expand is refused. */
const quoteParameterised = (text: string): string => {
  const rest = text.replaceAll(/\$\{nd_[a-z_]+(:-[A-Za-z0-9.:_-]*)?\}/g, '');
  if (!/^[A-Za-z0-9.:_/[\]-]*$/.test(rest)) throw new Error(`not safe in a program: ${text}`);
  return `"${text}"`;
};

const action = (read: NodeRead): string => {
  switch (read.kind) {
    case 'file':
      return `nd_file ${shellQuoted(read.path)}`;
    case 'command':
      return `nd_host ${read.argv.map(shellQuoted).join(' ')}`;
    case 'http':
      return `nd_http ${quoteParameterised(read.address)} ${shellQuoted(read.path)}`;
    case 'script':
      return `nd_limited ${scriptSeconds} nd_script_${read.id.replaceAll(/[^A-Za-z0-9]/g, '_')}`;
  }
};

const call = (read: NodeRead, sample: string): string => {
  if (!/^[A-Za-z0-9._:/-]+$/.test(read.id)) throw new Error(`not safe in a program: ${read.id}`);
  return `nd_do ${shellQuoted(read.id)} ${sample} ${action(read)}`;
};

const define = (read: NodeRead): string =>
  read.kind === 'script' ? `nd_script_${read.id.replaceAll(/[^A-Za-z0-9]/g, '_')}() (\n${read.script.trim()}\n)\n` : '';

const variables = (vars: Readonly<Record<string, string>>): string =>
  Object.entries(vars)
    .map(([name, value]) => {
      if (!/^[a-z_]+$/.test(name) || !/^[A-Za-z0-9 ._:,/[\]-]*$/.test(value))
        throw new Error(`not safe in a program: ${name}=${value}`);
      return `nd_${name}=${shellQuoted(value)}\n`;
    })
    .join('');

/** What never changes: framing, encoding, the ways to read. One POSIX shell, no file written, standard input never read. */
const prelude = `
nd_nl='
'
nd_rs=$(printf '\\036')
nd_has() { command -v "$1" >/dev/null 2>&1; }
nd_now() { read -r nd_up nd_rest </proc/uptime; }
nd_centis() {
  nd_now
  nd_c=$((\${nd_up%.*} * 100 + 1\${nd_up#*.} - 100))
}
if nd_has base64; then
  nd_mode=b64
  nd_enc() { base64; }
else
  nd_mode=txt
  nd_enc() { while IFS= read -r nd_l || [ -n "$nd_l" ]; do printf '|%s\\n' "$nd_l"; done; }
fi
if nd_has head; then nd_cut() { head -c ${answerLimitBytes + 1}; }; else nd_cut() { cat; }; fi

# nd_words: standard input as lines behind a bar, by the shell alone, since there is nearly never any; what is long or not plain is encoded like output.
nd_words() {
  nd_a= nd_b= nd_i=0
  while IFS= read -r nd_l || [ -n "$nd_l" ]; do
    nd_a="$nd_a|$nd_l$nd_nl" nd_b="$nd_b$nd_l$nd_nl" nd_i=$((nd_i + 1))
    [ "$nd_i" -lt 50 ] || break
  done
  if [ "$nd_i" -lt 50 ]; then
    case $nd_b in *[!\\ -~"$nd_nl"]*) ;; *) printf %s "$nd_a"; return ;; esac
  fi
  { printf %s "$nd_b"; cat; } | nd_cut | nd_enc
}

# nd_need PROGRAM...: a script without its tools must not look like one that found nothing.
nd_need() {
  for nd_t in "$@"; do nd_has "$nd_t" || { echo "$nd_t: not found" >&2; exit 127; }; done
}

# nd_kids PID: sets nd_l to its children. Kernels without CONFIG_PROC_CHILDREN tell parents only, in the second field behind the name
# of /proc/PID/stat (a name may hold anything, its end is the last ")").
nd_kids() {
  nd_l=
  for nd_f in /proc/"$1"/task/*/children; do
    nd_k=
    { read -r nd_k; } 2>/dev/null <"$nd_f"
    nd_l="$nd_l $nd_k"
  done
  [ ! -e /proc/thread-self/children ] || return 0
  for nd_d in /proc/[0-9]*; do
    { read -r nd_k; } 2>/dev/null <"$nd_d/stat" || continue
    nd_k=\${nd_k##*) }
    nd_k=\${nd_k#* }
    [ "\${nd_k%% *}" != "$1" ] || nd_l="$nd_l \${nd_d#/proc/}"
  done
}

# nd_below PID: sets nd_pids to the processes below it at any depth, then itself (whoever waits for it wakes when all are gone), and
# halts those below, so that none starts another meanwhile.
nd_below() {
  nd_pids=" $1 " nd_new=$1
  while [ -n "$nd_new" ]; do
    nd_old=$nd_new nd_new=
    for nd_x in $nd_old; do
      nd_kids "$nd_x"
      for nd_d in $nd_l; do kill -STOP "$nd_d" && nd_pids=" $nd_d$nd_pids" nd_new="$nd_new $nd_d"; done
    done
  done
}

# nd_stop PID: ends it and all below it. A child that lives on would hold our output open, and we would wait for it.
nd_stop() {
  kill -STOP "$1"
  nd_below "$1"
  kill -9 $nd_pids
}

# nd_after SECONDS COMMAND...: runs it then, unless this is stopped before. It holds no output open, so that nobody waits for it.
nd_after() {
  exec >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&-
  sleep "$1" &
  shift
  wait "$!"
  "$@"
}

# nd_limited SECONDS COMMAND...: at most so long; what was ended has the exit status of SIGKILL, 137. (busybox's timeout polls once a second and
# holds the output open meanwhile.)
nd_limited() {
  nd_most=$1
  shift
  "$@" &
  nd_one=$!
  nd_after "$nd_most" nd_stop "$nd_one" &
  nd_watch=$!
  { wait "$nd_one"; } 2>/dev/null
  nd_code=$?
  { nd_stop "$nd_watch"; wait "$nd_watch"; } 2>/dev/null
  [ "$nd_code" != 137 ] || echo "no answer within $nd_most s" >&2
  return "$nd_code"
}
nd_timed() { nd_limited 5 "$@"; }

# nd_do ID SAMPLE COMMAND...: runs the command and prints one frame: begin mark, encoded output, encoded errors, end mark with
# exit status and lengths, so that a cut or bent frame is seen. Output, errors and status come through descriptors 5, 7 and 4, and are
# told apart by a control character, split in one pass (to strip patterns off a megabyte takes a shell minutes). When more was sent than
# anyone takes, nothing more is read; the frames are still counted, so the end mark tells that some are not there.
nd_do() {
  nd_id=$1 nd_n=$2
  nd_frames=$((nd_frames + 1))
  [ "$nd_sent" -le ${streamLimitBytes} ] || return 0
  shift 2
  nd_now
  nd_begin=$nd_up
  nd_all=$(
    exec 5>&1
    nd_err=$(
      exec 7>&1
      nd_exit=$(exec 4>&1; { { "$@" 2>&6; printf %s "$?" >&4; } | nd_cut | nd_enc >&5; } 6>&1 | nd_words >&7)
      printf '\\036%s' "$nd_exit"
    )
    printf '\\036%s' "$nd_err"
  )
  nd_ifs=$IFS IFS=$nd_rs
  set -f
  set -- $nd_all
  set +f
  IFS=$nd_ifs
  [ $# = 3 ] || set -- "$1" "$2" -
  nd_out=\${1%"$nd_nl"}
  nd_err=\${2%"$nd_nl"}
  nd_sent=$((nd_sent + \${#nd_out} + \${#nd_err}))
  nd_now
  printf '@%s B %s %s %s\\n' "$nd_nonce" "$nd_id" "$nd_n" "$nd_begin"
  [ -z "$nd_out" ] || printf '%s\\n' "$nd_out"
  [ -z "$nd_err" ] || printf '@%s S\\n%s\\n' "$nd_nonce" "$nd_err"
  printf '@%s E %s %s %s %s %s %s\\n' "$nd_nonce" "$nd_id" "$nd_n" "$nd_up" "$3" "\${#nd_out}" "\${#nd_err}"
}

# nd_files PATH...: frames of small files of /proc, by one program for all of them. What is not there, empty or not plain text is read one by one.
nd_files() {
  nd_now
  nd_rest=" $*"
  nd_all=
  nd_has awk && nd_all=$(awk -v nonce="$nd_nonce" -v up="$nd_up" '
    BEGIN {
      for (i = 1; i < ARGC; i++) {
        f = ARGV[i]; body = ""; plain = 1
        while ((getline l < f) > 0) {
          body = body "|" l "\\n"
          if (l !~ /^[ -~\\t]*$/ || length(body) > 4096) { plain = 0; break }
        }
        close(f)
        if (body == "" || !plain) { rest = rest " " f; continue }
        n++
        printf "@%s B file:%s 0 %s\\n%s@%s E file:%s 0 %s 0 %d 0\\n", nonce, f, up, body, nonce, f, up, length(body) - 1
      }
      printf "\\036%d%s", n, rest
    }' "$@" 2>/dev/null)
  case $nd_all in
    *"$nd_rs"*)
      nd_rest=\${nd_all##*"$nd_rs"}
      nd_frames=$((nd_frames + \${nd_rest%% *}))
      printf %s "\${nd_all%"$nd_rs"*}"
      case $nd_rest in *' '*) nd_rest=" \${nd_rest#* }" ;; *) nd_rest= ;; esac
      ;;
  esac
  for nd_p in $nd_rest; do nd_do "file:$nd_p" 0 nd_file "$nd_p"; done
}

# nd_file PATH: /proc and /sys are our own (we share the host's network and process namespaces), all else is the host's.
nd_file() {
  case $1 in /proc/* | /sys/*) cat "$1" ;; *) nd_timed cat "$nd_root$1" ;; esac
}

# nd_host_for SECONDS PROGRAM...: a program of the host, which may take so long.
nd_host_for() {
  nd_secs=$1
  shift
  if [ -n "$nd_root" ]; then nd_limited "$nd_secs" chroot "$nd_root" "$@"; else nd_limited "$nd_secs" "$@"; fi
}
# on a node that is short of CPU to start a program takes seconds
nd_host() { nd_host_for 10 "$@"; }

# nd_loaded nf_tables|ip_set: whether that part of the kernel is there already, loaded or built in (needs awk). nft, iptables-nft-save and ipset have what is
# not there loaded, if only to list it, and old ones then make tables; so where this says no they are not asked, and nothing of theirs can be there.
# /proc/modules names what is loaded, and modules.builtin of the host what is built in. Each may be missing (a kernel that takes no modules, a node whose
# modules lie elsewhere): then /proc/kallsyms is asked, which names the functions of both, and is long. Where nothing can be read nothing can be loaded
# either, and asking is safe.
nd_loaded() {
  [ -z "$(awk -v m="$1" '$1 == m { print; exit }' /proc/modules 2>/dev/null)" ] || return 0
  nd_host grep -qs "/$1\\.ko" "/lib/modules/$(uname -r)/modules.builtin"
  case $? in 0) return 0 ;; 1) [ ! -e /proc/modules ] || return 1 ;; esac
  case $1 in nf_tables) nd_sym=nf_tables_newtable ;; *) nd_sym=ip_set_type_register ;; esac
  nd_sym=$(awk -v f="$nd_sym" 'index($3, f) == 1 { hit = 1; exit } END { if (NR) print hit ? "yes" : "no" }' /proc/kallsyms 2>/dev/null)
  case $nd_sym in yes) return 0 ;; no) return 1 ;; *) [ ! -e /proc/modules ] ;; esac
}

# nd_nft_tables: a line "table FAMILY NAME" for each table of nftables that has a chain (needs awk; asks for what nd_loaded has found). For \`list tables\`
# nft fetches all rules there are (1.0.6: 100 MB for 20,000), for \`list chains\` it does not.
nd_nft_tables() {
  nd_x=$(nd_host nft list chains 2>&1)
  set -- "$?" "$nd_x"
  if [ "$1" = 0 ]; then printf '%s\\n' "$2" | awk '$1 == "table" { print $1, $2, $3 }'; else printf '%s\\n' "$2"; return "$1"; fi
}

# nd_http HOST:PORT PATH: the node's own loopback, by whatever can.
nd_http() {
  if nd_has curl; then
    curl -sS -m 3 --noproxy '*' "http://$1$2"
  elif nd_has wget; then
    (unset http_proxy HTTP_PROXY; nd_timed wget -q -O - "http://$1$2")
  else
    echo 'neither curl nor wget here' >&2
    return 127
  fi
}

# nd_owners INODE...: one line "own TAB inode TAB pid TAB cgroup TAB name" for each process that holds such a socket, in one pass.
# The name comes from /proc/PID/status, where the kernel escapes line breaks.
nd_owners() {
  ls -ln /proc/[0-9]*/fd 2>/dev/null | awk -v want="$*" '
    BEGIN { n = split(want, a, " "); for (i = 1; i <= n; i++) w["socket:[" a[i] "]"] = a[i] }
    substr($0, 1, 6) == "/proc/" { split($0, d, "/"); pid = d[3]; next }
    NF == 11 && $10 == "->" && ($11 in w) && !(($11, pid) in seen) { seen[$11, pid] = 1; print w[$11], pid }
  ' | while read -r nd_i nd_p; do
    nd_name=
    { read -r nd_x nd_name; } 2>/dev/null <"/proc/$nd_p/status" || continue
    nd_cg=
    while IFS= read -r nd_l; do
      case $nd_l in *kubepods* | */pod[0-9a-f]* | *.scope* | *.service*) nd_cg=$nd_l; break ;; esac
    done 2>/dev/null <"/proc/$nd_p/cgroup"
    printf 'own\\t%s\\t%s\\t%s\\t%s\\n' "$nd_i" "$nd_p" "$nd_cg" "$nd_name"
  done
}
`;

/** Reads before the window: the small files of the kernel together, then the others. */
const once = (reads: readonly NodeRead[]): string => {
  const small = reads.flatMap((r) =>
    r.kind === 'file' && /^\/(proc|sys)\/[A-Za-z0-9._/-]+$/.test(r.path) ? [r.path] : [],
  );
  const rest = reads.filter((r) => r.kind !== 'file' || !small.includes(r.path));
  return [...(small.length > 0 ? [`nd_files ${small.join(' ')}`] : []), ...rest.map((r) => call(r, '0'))].join('\n');
};

/** Waits for the end of the window: looks again and again, or just sleeps. It ends at once where nothing has to wait. */
const wait = (often: readonly NodeRead[]): string =>
  often.length === 0
    ? `nd_centis
nd_left=$((nd_end - nd_c))
[ "$nd_left" -le 0 ] || sleep "$((nd_left / 100)).$((nd_left / 10 % 10))$((nd_left % 10))" 2>/dev/null || sleep "$(((nd_left + 99) / 100))"`
    : `nd_k=0
while :; do
${often.map((r) => `  ${call(r, '"$nd_k"')}`).join('\n')}
  nd_k=$((nd_k + 1))
  nd_centis
  # two looks at least, however slow the node is
  [ "$nd_c" -lt "$nd_end" ] || { [ "$nd_window" != 0 ] && [ "$nd_k" -lt 2 ]; } || break
  sleep 0.2 2>/dev/null || sleep 1
done`;

/**
 * The window. What runs `during` it does so in the background, where it prints into a command substitution, so that its frames come whole and
 * behind the others; these go to the stream through descriptor 3 meanwhile. The counts of the frames come back as the last line.
 */
const inWindow = (bySampling: (s: NodeRead['sampling']) => readonly NodeRead[]): string => {
  const [twice, often, during] = [bySampling('twice'), bySampling('often'), bySampling('during')];
  if (twice.length + often.length + during.length === 0) return '';
  const waits = twice.length + often.length === 0 ? ':' : wait(often);
  // the first looks take their time on a slow node, and are not to use the window up
  const begin = `
${twice.map((r) => call(r, '0')).join('\n')}
nd_centis
nd_end=$((nd_c + nd_window))`;
  const end =
    twice.length === 0
      ? ''
      : `[ "$nd_window" = 0 ] || {
${twice.map((r) => call(r, '1')).join('\n')}
}`;
  if (during.length === 0) return `${begin}\n${waits}\n${end}`;
  return `${begin}
exec 3>&1
nd_late=$(
  {
${during.map((r) => `    ${call(r, '0')}`).join('\n')}
  } 3>&- &
  {
    ${waits}
  } >&3
  wait
  printf '%s %s' "$((nd_frames + ${during.length}))" "$nd_sent"
)
exec 3>&-
nd_count=\${nd_late##*"$nd_nl"}
nd_frames=\${nd_count% *} nd_sent=\${nd_count#* }
printf '%s\\n' "\${nd_late%"$nd_nl"*}"
${end}`;
};

/**
 * Writes the program that does the reads: data in, text out. It reads only, needs a POSIX shell and what the reads name, prints
 * frames marked with the nonce, and ends itself at its deadline. The same text runs in the debug pod, on the host and over ssh.
 */
export const writeProgram: WriteProgram = (reads: readonly NodeRead[], o: ProgramOptions): string => {
  if (!/^[A-Za-z0-9]{16,}$/.test(o.nonce)) throw new Error('the nonce must be 16 or more letters and digits');
  const bySampling = (s: NodeRead['sampling']) => reads.filter((r) => r.sampling === s);
  return `# netdoctor collector. It reads and prints; it writes no file and changes no setting. All that it sends are connects, a DNS query and pings to
# the cluster's own addresses, to see what answers.
# Run it as root on the node: sh -s < collector.sh > bundle; then: netdoctor node --from bundle
nd_nonce=${shellQuoted(o.nonce)}
nd_root=${shellQuoted(o.hostRoot)}
nd_window=${Math.round(o.windowSeconds * 100)}
${variables(o.vars)}LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export LC_ALL PATH
${prelude}
${reads.map(define).join('\n')}
# The reads. They run beside the main shell, which waits and so can end them at once.
nd_work() {
nd_frames=0 nd_sent=0
nd_uid=$(id -u 2>/dev/null)
read -r nd_hostname </proc/sys/kernel/hostname
printf '@%s H netdoctor-stream 1 mode=%s uid=%s window=%s host=%s\\n' "$nd_nonce" "$nd_mode" "\${nd_uid:--}" "$nd_window" "$nd_hostname"
${once(bySampling('once'))}
${inWindow(bySampling)}
${bySampling('end')
  .map((r) => call(r, '0'))
  .join('\n')}
nd_now
printf '@%s Z %s %s\\n' "$nd_nonce" "$nd_up" "$nd_frames"
}

# Nothing of ours stays.
nd_quit() {
  trap '' TERM INT HUP
  exec 2>/dev/null
  nd_below "$$"
  kill -9 \${nd_pids%" $$ "}
  exit "$1"
}
nd_main() {
trap 'nd_quit 143' TERM INT HUP
nd_work &
nd_job=$!
nd_after ${Math.ceil(o.deadlineSeconds)} nd_stop "$nd_job" &
wait "$nd_job" 2>/dev/null && nd_quit 0
nd_quit 143
}
nd_main </dev/null
`;
};
