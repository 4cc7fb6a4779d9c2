import { shellQuoted } from '../../lib/shell-quoted.ts';
import { reduce } from './reduce.ts';

/** What makes a watch. */
export interface WatchOptions {
  /** Marks the frames of this run; unguessable, letters and digits. */
  readonly nonce: string;
  /** Names the tracefs instance; letters and digits. */
  readonly runId: string;
  /** How long it lasts, in seconds. */
  readonly seconds: number;
  /** Where the host's root is: '' on the host itself, '/host' in the debug pod. */
  readonly hostRoot: '' | '/host';
}

/**
 * Reasons of kfree_skb that are no fault: duplicates that TCP throws away, queues of sockets that are closed, frames for others, filters of programs. The kernel
 * leaves them out. (include/net/dropreason-core.h; a kernel that has not all of them has the rest.)
 */
const harmless = [
  ...['TCP_OLD_DATA', 'TCP_OLD_SEQUENCE', 'TCP_OLD_ACK', 'TCP_OFOMERGE', 'TCP_RFC7323_PAWS_ACK', 'TCP_FASTOPEN'],
  ...['TCP_RESET', 'TCP_CLOSE', 'TCP_ACK_UNSENT_DATA', 'SOCKET_CLOSE', 'SOCKET_FILTER', 'QUEUE_PURGE'],
  ...['OTHERHOST', 'UNICAST_IN_L2_MULTICAST', 'UNHANDLED_PROTO', 'UNIX_DISCONNECT', 'UNIX_SKIP_OOB', 'IPV6DISABLED'],
];

/**
 * Functions that drop for no fault what the kernel gives so vague a reason that it may be one elsewhere (seen on 6.18, docs/decisions/0016): packets for
 * connections in TIME_WAIT (the last FIN of nearly every connection), broadcasts and multicasts that nobody here waits for, queues of sockets that are closed;
 * answers to pings whose program has a raw socket, which got them.
 */
const harmlessAt = {
  NOT_SPECIFIED: [
    ...['tcp_v4_rcv', 'tcp_v6_rcv', '__udp4_lib_rcv', '__udp6_lib_rcv', 'ip6_mc_input'],
    ...['sk_stream_kill_queues', 'inet_sock_destruct', 'udp_destruct_common'],
  ],
  NO_SOCKET: ['ping_rcv'],
};

const prelude = `
nd_has() { command -v "$1" >/dev/null 2>&1; }
nd_now() { read -r nd_up nd_rest </proc/uptime; }
nd_doze() { sleep 0.1 2>/dev/null || sleep 1; }
nd_put() { { printf '%s\\n' "$2" >"$1"; } 2>/dev/null; }

# nd_born PID: sets nd_t to when it was started, in ticks; empty where there is no such process. A number alone may come again.
nd_born() {
  nd_t=
  { read -r nd_t; } 2>/dev/null <"/proc/$1/stat" || return 0
  nd_t=\${nd_t##*) }
  set -f
  set -- $nd_t
  set +f
  nd_t=\${20}
}

# nd_remove INSTANCE: it is busy as long as somebody has one of its files open. After a second whoever still has is ended.
nd_remove() {
  nd_k=0
  while [ -d "$1" ] && [ "$nd_k" -lt 40 ]; do
    nd_put "$1/events/enable" 0
    rmdir "$1" 2>/dev/null && return 0
    nd_k=$((nd_k + 1))
    [ "$nd_k" -le 10 ] || nd_evict "$1"
    nd_doze
  done
  [ ! -d "$1" ]
}
nd_evict() {
  ls -ln /proc/[0-9]*/fd 2>/dev/null | awk -v want="/instances/\${1##*/}/" '
    substr($0, 1, 6) == "/proc/" { split($0, d, "/"); pid = d[3]; next }
    index($0, want) { print pid }
  ' | while read -r nd_p; do [ "$nd_p" = "$$" ] || kill -9 "$nd_p" 2>/dev/null; done
}
`;

/**
 * Outlives the shell, in a session of its own (whoever kills the shell's group does not reach it) and, in a pod, outside of the container's cgroup (a runtime kills
 * whatever is in that). Waits until the shell is gone or the time is over, then removes the instance. With MOUNT it mounts tracefs in its own mount namespace, through
 * which the shell reaches it. Arguments: shell's pid, its start, the instance's name, seconds, MOUNT.
 */
const watchdog = `${prelude}
nd_main=$1 nd_since=$2 nd_name=$3 nd_seconds=$4 nd_tracing=$5 nd_s=
trap '' HUP INT
# its shell says so when the instance is gone; whoever else says so is not heard
trap '[ -d "$nd_tracing/instances/$nd_name" ] || { kill -9 $nd_s; exit; }' TERM
nd_c=/proc/1/root/sys/fs/cgroup
if [ "$6" = /host ]; then
  if [ -e "$nd_c/cgroup.controllers" ]; then nd_put "$nd_c/cgroup.procs" "$$"
  else for nd_f in "$nd_c"/*/cgroup.procs; do [ ! -e "$nd_f" ] || nd_put "$nd_f" "$$"; done
  fi
fi
if [ "$nd_tracing" = mount ]; then
  mount -t tracefs nodev /sys/kernel/tracing 2>/dev/null || exit 1
  nd_tracing=/sys/kernel/tracing
fi
nd_now
nd_until=$((\${nd_up%.*} + nd_seconds + 10))
while :; do
  nd_now
  [ "\${nd_up%.*}" -lt "$nd_until" ] || break
  nd_born "$nd_main"
  [ "$nd_t" = "$nd_since" ] || break
  sleep 2 &
  nd_s=$!
  wait "$nd_s"
done
nd_remove "$nd_tracing/instances/$nd_name"
`;

const body = `
nd_quit() {
  trap '' TERM INT HUP
  [ -z "$nd_awk" ] || kill -9 "$nd_awk" 2>/dev/null
  nd_clear
  exit "$1"
}
nd_clear() {
  exec 8>&-
  if [ -n "$nd_dir" ]; then nd_remove "$nd_dir" 2>/dev/null && nd_dir=; fi
  # where it could not be removed the watchdog goes on trying
  if [ -z "$nd_dir" ] && [ -n "$nd_dog" ]; then { kill "$nd_dog" && wait "$nd_dog"; } 2>/dev/null; fi
}

# nd_find: sets nd_tracing to a tracefs that may be written to; the watchdog mounts one where the node has none.
nd_find() {
  for nd_tracing in /sys/kernel/tracing /sys/kernel/debug/tracing /proc/1/root/sys/kernel/tracing /proc/1/root/sys/kernel/debug/tracing; do
    [ ! -w "$nd_tracing/instances" ] || return 0
  done
  nd_tracing=mount
}
nd_guard() {
  nd_born "$$"
  set -- sh -c "$nd_watchdog" netdoctor-watchdog "$$" "$nd_t" "$nd_name" "$nd_seconds" "$nd_tracing" "$nd_root"
  if [ "$nd_tracing" = mount ]; then
    nd_has unshare || { nd_why='tracefs is not mounted, and there is no unshare to mount it apart'; return 1; }
    set -- unshare -m "$@"
  fi
  if nd_has setsid; then set -- setsid "$@"; fi
  "$@" </dev/null >/dev/null 2>&1 8>&- &
  nd_dog=$!
  [ "$nd_tracing" = mount ] || return 0
  nd_tracing=/proc/$nd_dog/root/sys/kernel/tracing
  nd_k=0
  while [ ! -w "$nd_tracing/instances" ]; do
    nd_k=$((nd_k + 1))
    if [ ! -d "/proc/$nd_dog/fd" ] || [ "$nd_k" -gt 50 ]; then
      nd_why='tracefs is not mounted and cannot be mounted'
      [ -d /sys/kernel/tracing ] || nd_why='this kernel has no tracefs'
      return 1
    fi
    nd_doze
  done
}
nd_locked() {
  nd_l=
  { read -r nd_l; } 2>/dev/null </sys/kernel/security/lockdown
  case $nd_l in *'[none]'* | '') ;; *) nd_why="$nd_why (kernel lockdown: $nd_l)" ;; esac
}

# nd_on FOLDER/EVENT FILTER: not every kernel has all of them.
nd_on() {
  nd_e=$nd_dir/events/$1
  [ -d "$nd_e" ] || return 1
  [ -z "$2" ] || nd_put "$nd_e/filter" "$2" || return 1
  nd_put "$nd_e/enable" 1 || return 1
  nd_events="$nd_events\${nd_events:+,}\${1#*/}"
}
# nd_drops: sets nd_d to the filter for drops and nd_idle to what leaves out of it those that are mostly no fault, too.
nd_drops() {
  nd_e=$nd_dir/events/skb/kfree_skb
  nd_d=$(awk -v harmless="$nd_harmless" '
    BEGIN { k = split(harmless, a, " "); for (i = 1; i <= k; i++) no[a[i]] = 1; f = "(protocol == 2048 || protocol == 34525)" }
    { while (match($0, /[{] *[0-9]+, "[A-Z0-9_]+" *[}]/)) {
        split(substr($0, RSTART, RLENGTH), p, /[{}," ]+/)
        number[p[3]] = p[2]
        if (p[3] in no) f = f " && reason != " p[2]
        $0 = substr($0, RSTART + RLENGTH)
    } }
    END { print number["NOT_SPECIFIED"] ":" number["NO_SOCKET"] ":" f }' "$nd_e/format" 2>/dev/null)
  nd_l=\${nd_d%%:*}
  nd_d=\${nd_d#*:}
  nd_k=\${nd_d%%:*}
  nd_d=\${nd_d#*:}
  nd_idle=\${nd_l:+" && reason != $nd_l"}\${nd_k:+" && reason != $nd_k"}
  [ -z "$nd_l" ] || for nd_t in ${harmlessAt.NOT_SPECIFIED.join(' ')}; do nd_except "$nd_l" "$nd_t"; done
  [ -z "$nd_k" ] || for nd_t in ${harmlessAt.NO_SOCKET.join(' ')}; do nd_except "$nd_k" "$nd_t"; done
}
# nd_except REASON FUNCTION: kernels before 6.3 cannot filter so, and not every kernel has every function. (The name ends at a space, not at the bracket.)
nd_except() {
  nd_f="$nd_d && (reason != $1 || location.function != $2 )"
  if nd_put "$nd_e/filter" "$nd_f"; then nd_d=$nd_f; fi
}

# nd_passes: sets nd_sample, the KB of a buffer, where packets that pass can be looked at (docs/decisions/0016), which is off for now. Kernels 5.17 to 5.19 write their
# addresses, but the hashes of those of drops.
nd_passes() {
  for nd_t in netif_receive_skb net_dev_queue; do
    nd_e=$nd_dir/events/net/$nd_t
    case $nd_d in *reason*) awk '/skbaddr=%px/ { exit 1 }' "$nd_e/format" 2>/dev/null || return 0 ;; esac
    { nd_put "$nd_e/enable" 1 && nd_put "$nd_e/enable" 0; } || return 0
  done
  nd_sample=$nd_kb
}

# nd_trace: makes the instance, 8 MiB for all processors together. Its buffer goes when descriptor 8 is closed, however this ends.
nd_trace() {
  for nd_t in rmdir mkdir; do nd_has "$nd_t" || { nd_why="$nd_t: not found"; return 1; }; done
  nd_find
  nd_guard || return 1
  nd_now
  for nd_d in "$nd_tracing"/instances/netdoctor-*-*; do
    nd_e=\${nd_d##*-}
    case $nd_e in '' | *[!0-9]*) continue ;; esac
    [ "$nd_e" -ge "\${nd_up%.*}" ] || nd_remove "$nd_d"
  done
  # before it is there: whoever is ended right behind mkdir removes it
  nd_dir=$nd_tracing/instances/$nd_name
  nd_why=$(mkdir "$nd_dir" 2>&1) || { nd_dir= nd_why="cannot make a tracefs instance: \${nd_why##*: }"; nd_locked; return 1; }
  nd_put "$nd_dir/options/disable_on_free" 1
  { exec 8>"$nd_dir/free_buffer"; } 2>/dev/null || exec 8>/dev/null
  set -- "$nd_dir"/per_cpu/cpu*
  nd_kb=$((8192 / $#))
  [ "$nd_kb" -le 512 ] || nd_kb=512
  [ "$nd_kb" -ge 64 ] || nd_kb=64
  nd_put "$nd_dir/buffer_size_kb" "$nd_kb"
  if nd_put "$nd_dir/trace_clock" boot; then nd_boot=1; else nd_boot=0; fi
  nd_on sock/inet_sock_set_state 'protocol == 6 && ((oldstate == 2 && newstate == 7) || newstate == 2)' ||
    { nd_why='the tracepoint sock:inet_sock_set_state is not there or may not be used'; nd_locked; return 1; }
  nd_on tcp/tcp_retransmit_skb ''
  nd_on tcp/tcp_retransmit_synack ''
  nd_on tcp/tcp_receive_reset ''
  nd_on tcp/tcp_send_reset ''
  nd_drops
  # where drops have no reasons, their addresses and not the hashes of these, of which no name can be found; no address is printed. (With reasons 6.1
  # would leave out the first text of each line then.)
  case $nd_d in *reason*) ;; *) nd_put "$nd_dir/options/hash-ptr" 0 ;; esac
  nd_on skb/kfree_skb "$nd_d"
  nd_on udp/udp_fail_queue_rcv_skb ''
  nd_passes
  [ -r "$nd_dir/trace_pipe" ] || { nd_why='cannot read trace_pipe'; nd_locked; return 1; }
}

nd_uid=$(id -u 2>/dev/null)
read -r nd_hostname </proc/sys/kernel/hostname
printf '@%s H netdoctor-stream 1 mode=txt uid=%s window=%s host=%s\\n' "$nd_nonce" "\${nd_uid:--}" "$((nd_seconds * 100))" "$nd_hostname"
nd_now
nd_name=netdoctor-$nd_run-$((\${nd_up%.*} + nd_seconds + 10))
nd_awk= nd_dog= nd_dir= nd_why= nd_events= nd_d= nd_idle= nd_sample=0
trap 'nd_quit 143' TERM INT HUP
for nd_t in awk sleep; do
  nd_has "$nd_t" || {
    nd_l="|mode	none	$nd_t: not found"
    printf '@%s B %s 0 %s\\n%s\\n@%s E %s 0 %s 0 %s 0\\n@%s Z %s 1\\n' "$nd_nonce" ${'"$nd_id"'} "$nd_up" "$nd_l" "$nd_nonce" "$nd_id" "$nd_up" "\${#nd_l}" "$nd_nonce" "$nd_up"
    exit 0
  }
done
case $(awk -W version 2>/dev/null </dev/null) in *mawk*) nd_w='-W interactive' ;; *) nd_w= ;; esac
if sleep 0.01 2>/dev/null; then nd_nap=0.5; else nd_nap=1; fi
set -- $nd_w -v nonce="$nd_nonce" -v id="$nd_id" -v begin="$nd_up" -v seconds="$nd_seconds" -v main="$$" -v nap="$nd_nap" -v arch="$(uname -m 2>/dev/null)"
if nd_trace; then
  set -- "$@" -v boot="$nd_boot" -v dir="$nd_dir" -v sample="$nd_sample" -v drops="$nd_d" -v idle="$nd_idle" -v mode="mode	trace	$nd_events"
  awk "$@" "$nd_reduce" <"$nd_dir/trace_pipe" 8>&- &
  nd_awk=$!
else
  nd_clear
  nd_dog=
  set -- "$@" -v dir= -v mode="mode	sample	$nd_why"
  while sleep 1 && echo nd-sample; do :; done | awk "$@" "$nd_reduce" &
  nd_awk=$!
fi
wait "$nd_awk" 2>/dev/null
nd_clear
return 0
`;

/**
 * Writes the program that watches: a POSIX shell with awk and sleep, better with mkdir, rmdir, setsid and unshare. It makes one tracefs instance,
 * `netdoctor-<runId>-<uptime at which it must be gone>`, and removes it in every ending (docs/decisions/0016). What it prints are frames of the
 * read `id`, one or two in a second, as the collector's (see reduce.ts for what is in them).
 */
export const writeWatch = (o: WatchOptions, id: string): string => {
  if (!/^[A-Za-z0-9]{16,}$/.test(o.nonce)) throw new Error('the nonce must be 16 or more letters and digits');
  if (!/^[A-Za-z0-9]+$/.test(o.runId)) throw new Error(`not safe in a program: ${o.runId}`);
  if (!/^[A-Za-z0-9._:/-]+$/.test(id)) throw new Error(`not safe in a program: ${id}`);
  return `# netdoctor watch. It makes a tracefs instance of its own, reads what the kernel writes into it, and removes it. Nothing else is changed.
nd_nonce=${shellQuoted(o.nonce)}
nd_run=${shellQuoted(o.runId)}
nd_root=${shellQuoted(o.hostRoot)}
nd_id=${shellQuoted(id)}
nd_seconds=${Math.ceil(o.seconds)}
nd_harmless=${shellQuoted(harmless.join(' '))}
LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export LC_ALL PATH
nd_reduce=${shellQuoted(reduce)}
nd_watchdog=${shellQuoted(watchdog)}
${prelude}
nd_main() {
${body}
}
nd_main </dev/null
`;
};
