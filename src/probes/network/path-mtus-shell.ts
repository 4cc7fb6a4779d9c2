import { hostToolShell } from './host-tool-shell.ts';

/** Sizes of IP packets that are tried where the full one is lost: MTUs that tunnels, clouds and VPNs leave. 1280 is the least of IPv6. */
const ladder = [1280, 1350, 1400, 1420, 1440, 1450, 1460, 1480, 1500, 8900];

/**
 * Shell functions that measure how large packets may be.
 *
 * - `nd_tools`: finds iproute2 (busybox's `ip` does not tell the MTU of a route) and a ping: that of iputils sets DF by `-M do`; busybox's has no
 *   such flag, but Linux sets DF on raw sockets by itself for what the route's MTU allows, unless ip_no_pmtu_disc says otherwise (measured on 6.18).
 *   A ping that cannot even reach 127.0.0.1 is none: it lacks the right.
 * - `nd_path KIND,NAME,NODE,ADDRESS`: pings it and prints one line. A small one tells silence of ICMP from loss. Where the full one is lost, the
 *   ladder and the full one again go out at once, then the full one for the third time together with two small ones: a second each. Only where
 *   all up to some size came back, and none above, it is the size. Who was told meanwhile has it in the route's cache.
 */
export const pathMtusShell = `${hostToolShell}nd_loop() { nd_e=$($1 -c 1 -W 1 -s 56 127.0.0.1 2>&1) && nd_ping=$1; }
nd_tools() {
  nd_e=
  nd_tool ip iproute2 || { echo "ip: not found" >&2; return 127; }
  nd_ip=$nd_w
  nd_tool ping iputils && nd_loop "$nd_w -n -M do" && return 0
  if [ "$(cat /proc/sys/net/ipv4/ip_no_pmtu_disc)" = 0 ]; then
    for nd_w in 'busybox ping' ping "chroot $nd_root busybox ping"; do
      case $nd_w in 'chroot  '*) continue ;; esac
      case $($nd_w --help 2>&1) in *BusyBox*) nd_loop "$nd_w" && return 0 ;; esac
    done
  fi
  if [ -z "$nd_e" ]; then echo "ping: not found" >&2; return 127; fi
  set -- $nd_e
  printf 'ping of 127.0.0.1: %.200s\\n' "$*" >&2
  return 1
}
nd_way() {
  nd_d= nd_m=
  set -- $($nd_ip route get "$nd_a" 2>/dev/null)
  while [ $# -gt 1 ]; do
    case $1 in
      dev) nd_d=$2 ;;
      mtu) nd_m=$2; [ "$2" != lock ] || nd_m=\${3:-} ;;
    esac
    shift
  done
  case $nd_d in '' | lo | */*) return 1 ;; esac
  [ -n "$nd_m" ] || { read -r nd_m <"/sys/class/net/$nd_d/mtu"; } 2>/dev/null
  case $nd_m in '' | *[!0-9]* | ??????*) return 1 ;; esac
  [ "$nd_m" -ge 600 ] || return 1
  [ "$nd_m" -le 65535 ] || nd_m=65535
}
nd_try() { $nd_ping -c 1 -W 1 -s "$(($1 - nd_h))" "$nd_a" 2>&1; }
nd_came() { nd_try "$1" >/dev/null && echo "$1"; }
nd_path() {
  nd_f=$IFS IFS=,
  set -- $1
  IFS=$nd_f
  nd_k=$1 nd_b=$2 nd_o=$3 nd_a=$4 nd_h=28 nd_e= nd_g= nd_full=0 nd_top=0 nd_said=0
  case $nd_a in *:*) nd_h=48 ;; esac
  nd_pings
  set -- $nd_e
  nd_e="$*"
  set -- $nd_g
  printf 'path\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%.300s\\t%.300s\\n' "$nd_k" "$nd_b" "$nd_o" "$nd_a" "$nd_r" \\
    "$nd_full" "$nd_top" "$nd_said" "$nd_d" "$*" "$nd_e"
}
nd_pings() {
  nd_r=no-route nd_small=$((56 + nd_h))
  nd_way || return
  nd_full=$nd_m
  nd_r=silent
  nd_came "$nd_small" >/dev/null || return
  nd_r=fits
  nd_e=$(nd_try "$nd_full") && nd_e= && return
  nd_hits=$(
    for nd_s in ${ladder.join(' ')}; do [ "$nd_s" -ge "$nd_full" ] || nd_came "$nd_s" & done
    nd_came "$nd_full" &
    wait
  )
  nd_more=$(
    for nd_s in "$nd_full" "$nd_small" "$nd_small"; do nd_came "$nd_s" & done
    wait
  )
  nd_i=0
  for nd_s in $nd_hits $nd_more; do
    [ "$nd_s" != "$nd_small" ] || { nd_i=$((nd_i + 1)); continue; }
    [ "$nd_s" -le "$nd_top" ] || nd_top=$nd_s
  done
  nd_d0=$nd_d
  nd_way && [ "$nd_m" -lt "$nd_full" ] && nd_said=$nd_m
  nd_d=$nd_d0
  case $nd_said,$nd_e in 0,*"rag needed"* | 0,*"oo big"* | [1-9]*) nd_r=told nd_top=0; return ;; esac
  if [ "$nd_top" = "$nd_full" ]; then nd_top=0 nd_e=; return; fi
  nd_g=$($nd_ip route get fibmatch "$nd_a" 2>/dev/null)
  nd_r=unsure
  [ "$nd_i" = 2 ] || return
  for nd_s in ${ladder.join(' ')}; do
    [ "$nd_s" -lt "$nd_top" ] || break
    case $nd_nl$nd_hits$nd_nl in *"$nd_nl$nd_s$nd_nl"*) ;; *) return ;; esac
  done
  nd_r=lost
}
`;
