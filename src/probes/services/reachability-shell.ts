/**
 * Shell functions that try addresses.
 *
 * - `nd_ways`: finds what can connect. busybox's nc can with a limit (`-e true` ends it once it is connected), bash by /dev/tcp; of the image or of the
 *   host. busybox's nslookup asks a DNS server twice within 5 s (measured on 1.35), bash by /dev/udp.
 * - `nd_row KIND,PROTOCOL,ADDRESS,PORT`: tries it and prints one line. A query that is answered with an error is answered.
 *
 * bash writes a line at a time, and the length of "kubernetes" is the byte of a line break: `tail` makes one datagram of it.
 */
export const reachabilityShell = `
nd_name=kubernetes.default.svc.cluster.local
nd_ways() {
  nd_nc= nd_look= nd_bash=
  for nd_w in 'busybox nc' nc; do
    case $($nd_w --help 2>&1) in *BusyBox*'-e PROG'*) nd_nc=$nd_w; break ;; esac
  done
  for nd_w in 'busybox nslookup' nslookup; do
    case $($nd_w --help 2>&1) in *BusyBox*-type=*) nd_look=$nd_w; break ;; esac
  done
  if nd_has bash; then nd_bash=bash
  elif [ -n "$nd_root" ] && chroot "$nd_root" bash -c : 2>/dev/null; then nd_bash="chroot $nd_root bash"
  fi
  if [ -n "$nd_nc" ]; then printf 'by\\ttcp\\t%s\\n' "$nd_nc -w 3 ADDRESS PORT -e true"
  elif [ -n "$nd_bash" ]; then printf 'by\\ttcp\\t%s\\n' "timeout 3 bash -c ': </dev/tcp/ADDRESS/PORT'"
  else echo 'neither nc of busybox nor bash: not found' >&2; return 127
  fi
  if [ -n "$nd_look" ]; then printf 'by\\tudp\\t%s\\n' "$nd_look -type=a $nd_name ADDRESS:PORT"
  elif [ -n "$nd_bash" ]; then printf 'by\\tudp\\t%s\\n' "dig +tries=1 -p PORT @ADDRESS $nd_name A"
  fi
}
nd_ask() {
  nd_limited 4 $nd_bash -c 'exec 3<>"/dev/udp/$0/$1" || exit
printf "nd\\001\\000\\000\\001\\000\\000\\000\\000\\000\\000\\012kubernetes\\007default\\003svc\\007cluster\\005local\\000\\000\\001\\000\\001" | tail -c 99 >&3
[ -n "$(head -c 2 <&3)" ]' "$1" "$2"
}
nd_try() {
  case $nd_p in
    tcp)
      if [ -n "$nd_nc" ]; then $nd_nc -w 3 "$nd_a" "$nd_o" -e true
      else nd_limited 3 $nd_bash -c ': <"/dev/tcp/$0/$1"' "$nd_a" "$nd_o"
      fi
      ;;
    udp)
      if [ -n "$nd_look" ]; then
        case $nd_o,$nd_a in 53,*) ;; *:*) nd_a="[$nd_a]:$nd_o" ;; *) nd_a=$nd_a:$nd_o ;; esac
        nd_l=$($nd_look -type=a "$nd_name" "$nd_a" 2>&1)
        case $nd_l in
          *"Name:"* | *"an't find"*) return 0 ;;
          *) printf '%s\\n' "$nd_l" >&2; return 1 ;;
        esac
      elif [ -n "$nd_bash" ]; then nd_ask "$nd_a" "$nd_o"
      else return 127
      fi
      ;;
  esac
}
nd_row() {
  nd_f=$IFS IFS=,
  set -- $1
  IFS=$nd_f
  nd_k=$1 nd_p=$2 nd_a=$3 nd_o=$4 nd_i=0
  while :; do
    nd_i=$((nd_i + 1))
    nd_centis
    nd_t=$nd_c
    nd_e=$(nd_try 2>&1)
    nd_x=$?
    nd_centis
    [ "$nd_x" != 0 ] && [ "$nd_x" != 127 ] && [ "$nd_i" -lt 2 ] && [ "$nd_p" = tcp ] || break
  done
  nd_g=
  if [ "$nd_x" = 0 ]; then nd_e=
  elif nd_has ip; then nd_g=$(ip route get "$nd_a" 2>&1 | head -n 1)
  fi
  set -- $nd_e
  nd_e="$*"
  set -- $nd_g
  printf 'row\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%.200s\\t%.200s\\n' "$nd_k" "$nd_p" "$nd_a" "$nd_o" "$nd_x" "$nd_i" \\
    "$(((nd_c - nd_t) * 10))" "$nd_e" "$*"
}
`;
