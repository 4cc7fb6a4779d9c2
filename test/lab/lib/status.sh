# shellcheck shell=bash
# Is the lab well?

print_status() {
  local name bad=0
  case $(lab_condition) in
    down) echo "lab: down"; return 1 ;;
    stale)
      flock -n "$LOCK" true || { echo "lab: $(cat "$LOCK") is still running"; return 1; }
      echo "lab: remains of an earlier one, or its apiserver does not answer; 'test/lab/lab up' starts it anew"
      return 1 ;;
  esac
  echo "lab: up ($(cat "$STATE/settings"))"
  for name in $(lab_nodes); do node_line "$name" || bad=1; done
  if dns_answers node1; then echo "DNS: answers on $DNS_IP"; else echo "DNS: does not answer on $DNS_IP from node1"; bad=1; fi
  return "$bad"
}

node_line() {
  local ready=NotReady works="does not work" bad=1
  ! node_is_ready "$1" || ready=Ready
  ! proxy_works "$1" || works=works
  [ "$ready $works" != "Ready works" ] || bad=0
  echo "$1: $ready, kube-proxy ($(cat "$STATE/nodes/$1/mode")) $works"
  return "$bad"
}

# healthy_within SECONDS: leaves the last report in $STATE/unwell when it is not.
healthy_within() {
  local end=$((SECONDS + $1))
  until print_status >"$STATE/unwell"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 1
  done
  rm -f "$STATE/unwell"
}
