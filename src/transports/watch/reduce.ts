/** How many events of one kind a look of half a second may bring; with more, that kind is looked at only now and then. */
const eventsPerLook = 500;

/** Of drops on a kernel that gives no reasons (before 5.17): most of many are no fault, and they cannot be told apart. */
const reasonlessPerLook = 4000;

/** How many single events one look may send, in all and of one kind. */
const singlesPerLook = 10;
const singlesOfKind = 5;

/** How many kinds of the rest are told in a second. */
const sumsPerSecond = 30;

/** How long after a connect began a drop may be of its SYN, in seconds. Measured: 30 to 40 µs, 0.5 to 1.1 ms in an emulated machine. */
const besideSeconds = 0.002;

/** How probable it may be that a drop beside a connect is a stranger that came there by chance. */
const strayChance = 0.04;

/** How old the last line of a packet may be when it is dropped, for the two to be one packet, in seconds. */
const passedSeconds = 0.001;

/** How many lines of packets that pass may come in ten seconds. */
const passLines = 2000;

/** How many of them for each KB of a processor's buffer, a third of what it holds: they may all come on one. */
const passLinesPerKb = 8;

/** Drops of a kind that are looked at until their devices are told, and how many have to come by the same. */
const enoughDrops = 5;
const agreeingDrops = 2;

/** After so many without a device it is given up; and so it is asked anew after so many seconds, as if it had been told. */
const vainDrops = 10;
const deviceSeconds = 60;

/** Behind so many bytes it says less: the log of a pod is kept for some ten megabytes. */
const talkBytes = 4_000_000;

/**
 * The awk program that reads a trace_pipe (or, where there is none, "nd-sample" once a second) and prints frames. It sleeps between looks, so that
 * the kernel wakes it twice a second and not once per event: it writes a mark into its own trace, reads up to that mark, and sleeps again.
 *
 * Variables: nonce, id, begin (uptime), seconds (how long), main (pid of the shell), dir (the instance; empty when sampling), nap (seconds), boot (1: the trace
 * has the clock of /proc/uptime), sample (a processor's buffer in KB where net:netif_receive_skb and net:net_dev_queue are there, off, and their addresses are
 * those of kfree_skb; else 0), drops (the filter of kfree_skb), idle (what is added to it to leave out what is mostly no fault; empty where drops have no
 * reasons), mode (the first line of the first frame), arch (uname -m).
 *
 * What it prints in frames, tab-separated:
 * - `mode trace|sample …`: how it works, and why not otherwise
 * - `arch MACHINE`, with a space: in the first frame, as uname -m has it; rows of /proc/net are in its byte order
 * - `ev CAUSE PID COMM LINE`: one event at once; CAUSE is `refused` or `-`; PID and COMM are of who opened the connection, `-` where that is not known
 * - `own TID PID CGROUP NAME`: who that is, as `nd_owners` has it
 * - `ipvs ROW`, `flow ROW`: rows of ip_vs_conn with the ports of a connect that failed, the other way round, and its rows of nf_conntrack
 * - `fell SADDR DADDR DPORT LINE`: what the kernel dropped when a connect from there to there began last
 * - `dev COUNT SAMPLED WAY DEVICE SENDER PORT LINE`: of so many drops of a kind that were sampled so many were of packets that came `in` by that device or were to
 *   go `out` by it; SENDER is the device that sent them there on the same machine (the other end of a veth pair), PORT that by which they came first (of a bridge), or `-`
 * - `sum COUNT LINE`: so many events of a kind since it was told last, and the last of them
 * - `more COUNT`: so many that no line had room for; `lost COUNT`: so many that the kernel's buffer had no room for
 * - `off KIND`, `on KIND`: too many of a kind; it is looked at for half a second in ten from now on. KIND is a tracepoint, `opened` or `failed` (of
 *   inet_sock_set_state), or `idle` (drops that are mostly no fault: NOT_SPECIFIED and NO_SOCKET)
 * - `cnt SPACE NAME COUNT`: a counter of a network namespace that moved; `full SPACE ROW`: its listeners that have connections waiting, at that moment
 * - `syn ROW`: a socket in SYN_SENT that was not there before (sampling only)
 * - `end WHY`: the last line
 */
export const reduce = `
function clean(s) { gsub(/[^ -~]/, "?", s); return substr(s, 1, 400) }

# A line of the trace without addresses of the kernel's memory; the place of a drop by its name, where that is known.
function shown(line,    a) {
  gsub(/ (skbaddr|skaddr|rx_sk|req)=[0-9a-fx]+/, "", line)
  if (match(line, / location=[0-9a-f]+( |$)/)) {
    a = substr(line, RSTART + 10, RLENGTH - 10)
    sub(/ $/, "", a)
    line = substr(line, 1, RSTART) "location=" (symbol[a] == "" ? "-" : symbol[a] "+0x0/0x0") substr(line, RSTART + 10 + length(a))
  }
  return clean(line)
}
# Names of addresses that a drop without a reason has (kernels before 6.3 print no names), by one pass over a long table, now and then.
function christen(    l, a, u, best, some) {
  for (u in nameless) { some = 1; break }
  if (!some || unnamed || up - named < 30) return
  named = up
  while ((getline l < "/proc/kallsyms") > 0) {
    split(l, a, " ")
    if (a[1] ~ /^0+$/) { if (a[2] ~ /^[tT]$/) { unnamed = 1; break } else continue }
    if (a[2] !~ /^[tTwW]$/) continue
    for (u in nameless) if (("x" a[1]) <= ("x" u) && ("x" a[1]) > ("x" best[u])) { best[u] = a[1]; symbol[u] = a[3] }
  }
  close("/proc/kallsyms")
  split("", nameless)
}
function uptime(    l, a) {
  if ((getline l < "/proc/uptime") > 0) { split(l, a, " "); up = a[1] }
  close("/proc/uptime")
  return up + 0
}
function say(text) {
  gsub(/[^ -~\\t]/, "?", text)
  body = body "|" substr(text, 1, 500) "\\n"
}
function flush() {
  printf "@%s B %s %d %s\\n%s@%s E %s %d %s 0 %d 0\\n", nonce, id, frames, up, body, nonce, id, frames, up, body == "" ? 0 : length(body) - 1
  fflush()
  sent += length(body) + 100
  frames++
  body = ""
  told = up
}
# Sets head (the name before the pid), pid, m (cpu, flags, time), ev and rest. A name is at most 15 characters, so it cannot hold such a prefix itself.
function take(line) {
  if (!match(line, /-[0-9]+ +\\[[0-9]+\\] +[^ ]+ +[0-9]+[.][0-9]+: [a-z_0-9]+: /)) return 0
  head = substr(line, 1, RSTART - 1)
  rest = substr(line, RSTART + RLENGTH)
  split(substr(line, RSTART, RLENGTH), m, " ")
  sub(/^ +/, "", head)
  pid = substr(m[1], 2)
  ev = substr(m[5], 1, length(m[5]) - 1)
  return 1
}
function field(name,    p, s) {
  p = index(" " rest, " " name "=")
  if (!p) return ""
  s = substr(rest, p + length(name) + 1)
  p = index(s, " ")
  return p ? substr(s, 1, p - 1) : s
}
function low(a, ap, b, bp) { return ap + 0 <= bp + 0 ? a ":" ap " " b : a " " b ":" bp }
function flow() { return low(field("saddrv6"), field("sport"), field("daddrv6"), field("dport")) }
function ends(    a, b, ap, bp) {
  a = field("src"); b = field("dest")
  if (a == "") return flow()
  ap = a; bp = b
  sub(/:[0-9]+$/, "", a); sub(/:[0-9]+$/, "", b)
  sub(/^.*:/, "", ap); sub(/^.*:/, "", bp)
  return low(a, ap, b, bp)
}
function sum(key, line) {
  if (!(key in n)) {
    if (kinds >= 500) { more++; return }
    kinds++
  }
  n[key]++
  last[key] = line
}

# Who a thread is. It may be gone; then its name in the trace is what is known.
function owner(pid,    f, l, a, name, group, cg) {
  if (pid == "-" || (pid in known)) return
  known[pid] = 1
  f = "/proc/" pid "/status"
  while ((getline l < f) > 0) {
    if (l ~ /^Name:/) { name = l; sub(/^Name:[ \\t]*/, "", name) }
    else if (l ~ /^Tgid:/) { split(l, a, /[ \\t]+/); group = a[2]; break }
  }
  close(f)
  if (group == "") return
  f = "/proc/" pid "/cgroup"
  while ((getline l < f) > 0) if (l ~ /kubepods|\\/pod[0-9a-f]|[.]scope|[.]service/) { cg = l; break }
  close(f)
  say("own\\t" pid "\\t" group "\\t" clean(cg) "\\t" clean(name))
}
function one(kind, key, cause, pid, comm, line) {
  if (singles >= (sent < ${talkBytes} ? ${singlesPerLook} : 2) || same[kind] >= ${singlesOfKind} || same[kind " " key] >= 2) {
    sum(kind " " key, line)
    return
  }
  singles++
  same[kind]++
  same[kind " " key]++
  gsub(/[^ -~]/, "?", comm)
  if (comm == "") comm = "-"
  say("ev\\t" cause "\\t" pid "\\t" comm "\\t" shown(line))
  owner(pid)
  if (kind == "reset") return
  asked[field("saddrv6") " " field("daddrv6") " " field("dport")] = 1
  if (cause != "refused") seek[field("sport") " " field("dport")] = 1
}

# A connect begins; its source port is mostly not chosen yet (sport=0), and the line of its end may carry a stranger's name. No connect waits for more
# than about two minutes.
function opened(    k, h) {
  k = field("saddrv6") " " field("daddrv6") " " field("dport")
  h = head
  # the kernel keeps 128 names
  if (h == "<...>") { if ((getline h < ("/proc/" pid "/comm")) <= 0) h = "<...>"; close("/proc/" pid "/comm") }
  if ((k in opener) && m[4] - opentime[k] < 130) {
    if (opname[k] == "<...>") opname[k] = h
    else if (h != "<...>" && opname[k] != h) opname[k] = "\\t"
  } else {
    if (openers >= 4096) { split("", opener); split("", opname); split("", opentime); split("", fell); split("", began); openers = 0 }
    openers++
    opname[k] = h
  }
  opener[k] = pid
  opentime[k] = m[4]
  delete fell[k]
  delete falling[k]
  began[m[2]] = k
}
# Connects of this network namespace that began before the trace did: who holds the socket. Two with the same ports cannot be told apart.
function waiting(f,    l, a, k) {
  while ((getline l < f) > 0) {
    split(l, a, " ")
    if (a[4] != "02") continue
    k = ports(a[2], a[3])
    if (k in inode) inode[k] = ""
    else inode[k] = a[10]
  }
  close(f)
}
function holders(    k, l, a, p, n, cmd, of, some) {
  waiting("/proc/net/tcp"); waiting("/proc/net/tcp6")
  for (k in inode) if (inode[k] + 0 > 0) { of["socket:[" inode[k] "]"] = k; some = 1 }
  if (!some) return
  cmd = "ls -ln /proc/[0-9]*/fd 2>/dev/null"
  while ((cmd | getline l) > 0) {
    if (substr(l, 1, 6) == "/proc/") { split(l, a, "/"); p = a[3]; continue }
    n = split(l, a, " ")
    if (!(a[n] in of)) continue
    k = of[a[n]]
    # a child may have it too
    if (!(k in held) || p + 0 < held[k] + 0) held[k] = p
  }
  close(cmd)
  for (k in held) { if ((getline l < ("/proc/" held[k] "/comm")) > 0) heldname[k] = l; close("/proc/" held[k] "/comm") }
}
# Sets pid and head to who opened the connection: the process that runs now unless this is an interrupt (its thread may have another name), or
# the only one that connected there, or who held the socket when the trace began.
function whose(    k, by) {
  by = substr(m[3], 3, 1) == "." ? pid : "-"
  k = field("saddrv6") " " field("daddrv6") " " field("dport")
  if ((k in opener) && opname[k] != "\\t" && m[4] - opentime[k] < 130) {
    if (by == "-" || opname[k] != "<...>") head = opname[k]
    if (by == "-") by = opener[k]
  }
  else {
    k = field("sport") " " field("dport")
    if ((k in heldname) && up - begin < 130) { head = heldname[k]; if (by == "-") by = held[k] }
    else if (by == "-") head = "-"
  }
  pid = by
}
# A SYN is sent, and mostly dropped, while the thread runs that connects: a drop in an interrupt of that thread, on its processor and right after it, is
# probably of that SYN or of its answer. A SYN that is sent again is dropped while any thread runs; that says nothing, but is no stranger either.
function falls(    k, why) {
  why = substr(rest, index(rest, " reason: "))
  k = began[m[2]]
  if (k != "" && opener[k] == pid && m[4] - opentime[k] <= ${besideSeconds}) {
    falling[k] = $0
    fallwhy[k] = why
    gap[k] = m[4] - opentime[k]
  }
  else if (again[m[2]] > 0 && m[4] - againtime[m[2]] <= ${besideSeconds}) again[m[2]]--
  else strays[why]++
  delete began[m[2]]
}
function sentagain() {
  if (m[4] - againtime[m[2]] > ${besideSeconds}) again[m[2]] = 0
  again[m[2]]++
  againtime[m[2]] = m[4]
}
# Those where a stranger, of which so many are dropped for that reason, may well have stood do not count.
function fallen(    k) {
  for (k in falling) if (strays[fallwhy[k]] / nap * gap[k] <= ${strayChance} && (k in opener)) fell[k] = falling[k]
  for (k in asked) if ((k in fell) && m[4] - opentime[k] < 130) say("fell\\t" k "\\t" shown(fell[k]))
  split("", falling); split("", fallwhy); split("", gap); split("", strays); split("", asked)
}
function failed(    t) {
  t = field("saddrv6") " " field("sport") " " field("daddrv6") " " field("dport")
  whose()
  if (t in reset) {
    delete reset[t]
    one("refused", flow(), "refused", pid, head, $0)
  } else one("failed", flow(), "-", pid, head, $0)
}
function drop(    k, a) {
  if (rest !~ / reason: /) c["kfree_skb"] += ${eventsPerLook / reasonlessPerLook}
  else if (idle != "" && rest ~ / reason: (NOT_SPECIFIED|NO_SOCKET)$/) c["idle"]++
  else { c["kfree_skb"]++; falls() }
  if (rest ~ / reason: PKT_TOO_BIG$/) toobig = up
  k = substr(rest, index(rest, "protocol="))
  passed(k)
  if (match(k, / location=[0-9a-f]+( reason: NOT_SPECIFIED)?$/)) {
    a = substr(k, RSTART + 10)
    sub(/ .*/, "", a)
    if (a ~ /^ffff/ && length(a) == 16 && !(a in symbol) && addresses < 200) { nameless[a] = 1; addresses++ }
  }
  sum("drop " k, $0)
}

# What passed last on this processor: what came in, with the device that sent it there, and what was sent after that.
function passes(    a, k, d) {
  if (!burst) room--
  passtime = m[4]
  a = field("skbaddr")
  k = m[2] " " a
  sentlast[m[2]] = ""
  if (ev == "net_dev_queue") {
    if (queues++ >= ${passLines}) { split("", queued); split("", queuetime); queues = 1 }
    queued[k] = clean(field("dev"))
    queuetime[k] = m[4]
    sentlast[m[2]] = a
    if (inlast[m[2]] == a) inlast[m[2]] = ""
    return
  }
  d = clean(field("dev"))
  # a bridge receives again what one of its ports has received
  if (inlast[m[2]] != a || m[4] - intime[m[2]] > ${passedSeconds} || (k in queued) || indev[m[2]] == d) { sender[m[2]] = "-"; port[m[2]] = "-" }
  else if (port[m[2]] == "-") port[m[2]] = indev[m[2]]
  if ((k in queued) && m[4] - queuetime[k] <= ${passedSeconds}) sender[m[2]] = queued[k]
  delete queued[k]
  inlast[m[2]] = a
  intime[m[2]] = m[4]
  indev[m[2]] = d
}
# A drop of that kind: by which way its packet came. An address is used again at once; so it must be what came in last on that processor, or the very last that
# was sent, a moment ago, and dropped in an interrupt as well. What a process sends has passed no device yet.
function passed(kind,    a, by, k) {
  if (!sample || (idle != "" && rest ~ / reason: (NOT_SPECIFIED|NO_SOCKET)$/)) return
  if (!(kind in dropped)) {
    if (dropkinds >= 100) return
    dropkinds++
  }
  dropped[kind]++
  droptime[kind] = up
  if (!whole && m[4] - passtime > ${passedSeconds}) return
  a = field("skbaddr")
  k = m[2] " " a
  if (substr(m[3], 3, 1) == "s") {
    if (sentlast[m[2]] == a && m[4] - queuetime[k] <= ${passedSeconds}) by = "out\\t" queued[k] "\\t-\\t-"
    else if (inlast[m[2]] == a && m[4] - intime[m[2]] <= ${passedSeconds}) by = "in\\t" indev[m[2]] "\\t" sender[m[2]] "\\t" port[m[2]]
  }
  if (sentlast[m[2]] == a) sentlast[m[2]] = ""
  if (inlast[m[2]] == a) inlast[m[2]] = ""
  if (asks(kind)) {
    if (!sampled[kind]++) sampledfrom[kind] = up
    dropline[kind] = $0
    if (by != "" && ((kind, by) in joined || joins < 500)) { if (!joined[kind, by]++) joins++ }
  }
}
function asks(kind) { return dropped[kind] >= 2 && up - droptime[kind] <= 10 && (!(kind in answered) || up - answered[kind] >= ${deviceSeconds}) }
# Tells the devices of kinds of which enough were sampled; at the end of what is known.
function devices(final,    k, j, a, n, best) {
  for (k in sampled) {
    if (!final && sampled[k] < ${enoughDrops} && up - sampledfrom[k] < 10) continue
    for (n = 0; n < 5; n++) {
      best = ""
      for (j in joined) {
        split(j, a, SUBSEP)
        if (a[1] == k && joined[j] >= ${agreeingDrops} && (best == "" || joined[j] > joined[best])) best = j
      }
      if (best == "") break
      split(best, a, SUBSEP)
      say("dev\\t" joined[best] "\\t" sampled[k] "\\t" a[2] "\\t" shown(dropline[k]))
      joined[best] = 0
    }
    if (!n && sampled[k] < ${vainDrops}) continue
    for (j in joined) { split(j, a, SUBSEP); if (a[1] == k) { delete joined[j]; joins-- } }
    answered[k] = up
    delete sampled[k]
  }
}
# Packets that the machine has received, in all network namespaces, as far as it counts them in 32 bits.
function packets(    l, a, n) {
  while ((getline l < "/proc/net/softnet_stat") > 0) { split(l, a, " "); n += hexnum(toupper(a[1])) }
  close("/proc/net/softnet_stat")
  return n
}
# Whether lines of packets that pass are wanted until the next look: sets whole if all of them fit, else burst to for how long, 0: not at all.
function plan(    was, k, n, wanted, rate) {
  burst = 0
  was = whole
  whole = 0
  if (!sample) return
  room += (up - roomed) * most / 10
  if (room > most) room = most
  roomed = up
  if (up >= refrain && !hold["kfree_skb"]) for (k in dropped) if (asks(k)) { wanted = 1; break }
  n = wanted ? packets() : ""
  if (n != "" && countedat != "" && up > countedat && n >= passedby) {
    # each may be sent and received; a moment with many does not pass at once
    rate = (n - passedby) / (up - countedat) * 2
    pace = rate > pace / 2 ? rate : pace / 2
    if (pace * nap <= room) whole = 1
    else if (nap < 1 && room >= most * 0.95 && room / pace >= 0.005) { burst = room / pace; room = 0 }
  }
  passedby = n
  countedat = n == "" ? "" : up
  if (whole != was) pass(whole)
}
function pass(on) {
  put(dir "/events/net/netif_receive_skb/enable", on)
  put(dir "/events/net/net_dev_queue/enable", on)
}

# Too many of a kind, or time to look at it again. The two kinds of inet_sock_set_state share a filter, as do those of kfree_skb.
function put(file, text) { print text > file; close(file) }
function turn(kind) {
  if (kind == "opened" || kind == "failed") {
    if (hold["failed"]) put(path["failed"] "/enable", "0")
    else {
      put(path["failed"] "/filter", "protocol == 6 && " (hold["opened"] ? "oldstate == 2 && newstate == 7" : "((oldstate == 2 && newstate == 7) || newstate == 2)"))
      put(path["failed"] "/enable", "1")
    }
  } else if (kind == "idle") put(path["kfree_skb"] "/filter", drops (hold[kind] ? idle : ""))
  else put(path[kind] "/enable", hold[kind] ? "0" : "1")
}
function govern(    k) {
  if (dir == "") return
  for (k in hold) if (hold[k] && looks >= hold[k]) { hold[k] = 0; turn(k); say("on\\t" k) }
  for (k in c) if (c[k] > ${eventsPerLook} && !hold[k]) { hold[k] = looks + int(10 / nap); turn(k); say("off\\t" k) }
  split("", c)
}

# Rows of ip_vs_conn and nf_conntrack with the ports of connects that failed just now. Both tables may be long.
function rows(    l, a, k, p, hexes, want, found, lines) {
  for (k in seek) { split(k, p, " "); hexes[sprintf("%04X %04X", p[2], p[1])] = k; found = 1 }
  if (!found) return
  found = 0
  if (up + 0 >= nextrows) {
    while ((getline l < "/proc/net/ip_vs_conn") > 0) {
      split(l, a, " ")
      if (a[1] == "TCP" && ((a[3] " " a[5]) in hexes)) {
        say("ipvs\\t" l)
        want[hexes[a[3] " " a[5]]] = 1
        if (++found >= 10) break
      }
    }
    close("/proc/net/ip_vs_conn")
    if (found) {
      while (lines < 10 && (getline l < "/proc/net/nf_conntrack") > 0) {
        if (l !~ /^ipv[46] +[0-9]+ tcp /) continue
        split(l, a, " ")
        k = substr(a[9], 7) " " substr(a[10], 7)
        if (k in want) { say("flow\\t" l); lines++ }
      }
      close("/proc/net/nf_conntrack")
    }
    nextrows = up + 1
    split("", seek)
  }
}

# Counters of ten network namespaces at a look, in turn. Which there are is asked every ten seconds.
function spaces(    l, a, p, own, seen) {
  if (!spacecmd) spacecmd = "cd /proc && { ls -i self/net/snmp; ls -i [0-9]*/net/snmp; } 2>/dev/null"
  nspaces = 0
  while ((spacecmd | getline l) > 0) {
    split(l, a, " ")
    split(a[2], p, "/")
    if (p[1] == "self") { own = a[1]; continue }
    if (a[1] in seen) continue
    seen[a[1]] = 1
    nspaces++
    space[nspaces] = a[1]
    at[nspaces] = p[1]
    if (a[1] == own && nspaces > 1) { space[nspaces] = space[1]; at[nspaces] = at[1]; space[1] = own; at[1] = p[1] }
  }
  close(spacecmd)
  spacesuntil = up + 10
}
function moves(s, name, value,    k) {
  k = s " " name
  if ((k in was) && value + 0 > was[k]) {
    if (name == "FragFails") toobig = up
    # a closed port counts here too: it is told only where packets were too large since the look before, ten namespaces a look
    if (name != "InDestUnreachs" || up - toobig < 2 + nspaces * nap / 10) say("cnt\\t" s "\\t" name "\\t" (value - was[k]))
    if (name ~ /^Listen/) turnedaway = 1
  }
  was[k] = value + 0
}
# A file of lines of names, each with one of values behind it, as far as PAST. Which columns count is the same everywhere, and looked for once.
function pairs(i, file, past,    f, l, a, p, j, k, c, values) {
  f = "/proc/" at[i] "/net/" file
  while ((getline l < f) > 0) {
    p = substr(l, 1, index(l, " ") - 1)
    if (!values) {
      if (!(p in columns)) {
        columns[p] = ""
        k = split(l, a, " ")
        for (j = 2; j <= k; j++) if (index(counted, " " p a[j] " ")) { columns[p] = columns[p] j " "; label[p j] = a[j] }
      }
      values = 1
      continue
    }
    values = 0
    if (columns[p] != "") {
      split(l, a, " ")
      k = split(columns[p], c, " ")
      for (j = 1; j <= k; j++) moves(space[i], label[p c[j]], a[c[j]])
    }
    if (p == past) break
  }
  close(f)
}
function counters(i,    f, l, a) {
  turnedaway = 0
  pairs(i, "netstat", "IpExt:")
  pairs(i, "snmp", "Udp:")
  f = "/proc/" at[i] "/net/snmp6"
  while ((getline l < f) > 0) {
    if (l !~ /^(Ip6InTooBigErrors|Ip6InNoRoutes|Icmp6InPktTooBigs)[ \\t]/) continue
    split(l, a, " ")
    moves(space[i], a[1], a[2])
    if (a[1] == "Icmp6InPktTooBigs") break
  }
  close(f)
  # each read of these walks the sockets of all namespaces
  if (turnedaway && up + 0 >= fulluntil[space[i]]) {
    fulluntil[space[i]] = up + 5
    full("/proc/" at[i] "/net/tcp", space[i])
    full("/proc/" at[i] "/net/tcp6", space[i])
  }
}
function full(f, s,    l, a, q, k) {
  while ((getline l < f) > 0 && k < 20) {
    split(l, a, " ")
    if (a[4] != "0A") continue
    split(a[5], q, ":")
    if (q[2] != "00000000") { say("full\\t" s "\\t" l); k++ }
  }
  close(f)
}
function count(    k) {
  if (up + 0 >= spacesuntil + 0) spaces()
  for (k = 0; k < 10 && k < nspaces; k++) {
    if (++turnof > nspaces) turnof = 1
    counters(turnof)
  }
}

function newsyns(f,    l, a, k) {
  while ((getline l < f) > 0) {
    split(l, a, " ")
    if (a[4] != "02") continue
    k = a[2] " " a[3] " " a[10]
    fresh[k] = 1
    if ((k in syns) || singles >= ${singlesPerLook}) continue
    singles++
    say("syn\\t" l)
    seek[ports(a[2], a[3])] = 1
  }
  close(f)
}
# The ports of a row of /proc/net/tcp, as the trace has them.
function ports(from, to,    p, q) {
  split(from, p, ":")
  split(to, q, ":")
  return hexnum(p[2]) " " hexnum(q[2])
}
function hexnum(h,    i, v) {
  for (i = 1; i <= length(h); i++) v = v * 16 + index("0123456789ABCDEF", substr(h, i, 1)) - 1
  return v + 0
}

function sums(    k, i) {
  christen()
  for (k in n) {
    if (i++ >= ${sumsPerSecond}) { more += n[k]; continue }
    say("sum\\t" n[k] "\\t" shown(last[k]))
  }
  split("", n); split("", last); kinds = 0
  if (more) say("more\\t" more)
  if (lost) say("lost\\t" lost)
  more = lost = 0
  summed = up
}
# The end of a look.
function look(    k, l) {
  uptime()
  looks++
  for (k in older) if (k in reset) {
    take(reset[k])
    whose()
    one("reset", flow(), "-", pid, head, reset[k])
    delete reset[k]
  }
  split("", older); resets = 0
  for (k in reset) { older[k] = 1; resets++ }
  if (dir == "") {
    newsyns("/proc/net/tcp"); newsyns("/proc/net/tcp6")
    split("", syns)
    for (k in fresh) syns[k] = 1
    split("", fresh)
  }
  fallen()
  devices(0)
  rows()
  count()
  govern()
  why = ""
  if (up - begin >= seconds) why = "time"
  else if ((getline l < ("/proc/" main "/stat")) <= 0) why = "parent"
  close("/proc/" main "/stat")
  if (why != "") devices(1)
  if (why != "" || up - summed >= (sent < ${talkBytes} ? 0.99 : 9.99)) sums()
  if (why != "") { say("end\\t" why); flush(); printf "@%s Z %s %d\\n", nonce, up, frames; over = 1; exit }
  if (body != "" || up - told >= 0.99) flush()
  split("", same); split("", known); singles = 0
}
function sleep(    n) {
  if (dir == "") return
  plan()
  if (burst) {
    n = "\\047" dir "/events/net/net"
    n = "echo %d >" n "if_receive_skb/enable\\047; echo %d >" n "_dev_queue/enable\\047; sleep %.3f; "
    system("{ " sprintf(n n, 1, 1, burst, 0, 0, nap) "} 2>/dev/null")
  }
  else system("sleep " nap)
  uptime()
  due = boot ? up + 0.02 : 1e12
  seq++
  put(dir "/trace_marker", "nd-tick " seq)
}

BEGIN {
  if (dir != "") {
    path["opened"] = path["failed"] = dir "/events/sock/inet_sock_set_state"
    path["tcp_retransmit_skb"] = dir "/events/tcp/tcp_retransmit_skb"
    path["tcp_retransmit_synack"] = dir "/events/tcp/tcp_retransmit_synack"
    path["tcp_receive_reset"] = dir "/events/tcp/tcp_receive_reset"
    path["tcp_send_reset"] = dir "/events/tcp/tcp_send_reset"
    path["kfree_skb"] = dir "/events/skb/kfree_skb"
    path["udp_fail_queue_rcv_skb"] = dir "/events/udp/udp_fail_queue_rcv_skb"
  }
  counted = " TcpExt:ListenOverflows TcpExt:ListenDrops TcpExt:TCPReqQFullDrop TcpExt:TCPReqQFullDoCookies TcpExt:IPReversePathFilter" \\
    " IpExt:InNoRoutes Ip:OutNoRoutes Ip:FragFails Icmp:InDestUnreachs Udp:RcvbufErrors Udp:SndbufErrors "
  toobig = -1000
  passtime = -1000
  whole = 0
  room = most = sample * ${passLinesPerKb} < ${passLines} ? sample * ${passLinesPerKb} : ${passLines}
  uptime()
  summed = up
  if (dir != "") holders()
  spaces()
  for (s = 1; s <= nspaces; s++) counters(s)
  body = ""
  say(mode)
  say("arch " arch)
  flush()
  seq = 0
  due = 1e12
  if (dir != "") put(dir "/trace_marker", "nd-tick 0")
}
$0 == "nd-sample" && dir == "" { look(); next }
{
  if (!take($0)) {
    if ($1 ~ /^CPU:[0-9]+$/ && $2 == "[LOST" && $3 + 0 > 0) {
      lost += $3
      if (whole || burst) refrain = up + ${deviceSeconds}
    }
    next
  }
  if (ev == "tracing_mark_write") {
    if (rest == "nd-tick " seq) { look(); sleep() }
    next
  }
  # the mark was lost
  if (m[4] + 0 > due) { look(); sleep(); take($0) }
  if (ev == "inet_sock_set_state") {
    if (field("newstate") == "TCP_SYN_SENT") { c["opened"]++; opened() }
    else { c["failed"]++; failed() }
    next
  }
  if (ev == "kfree_skb") { drop(); next }
  if (ev == "netif_receive_skb" || ev == "net_dev_queue") { passes(); next }
  c[ev]++
  if (ev == "tcp_retransmit_skb") {
    if (field("state") == "TCP_SYN_SENT") { sentagain(); whose(); one("syn", flow(), "-", pid, head, $0) }
    else sum(ev " " field("state") " " flow(), $0)
  } else if (ev == "tcp_receive_reset") {
    if (resets >= 1000) sum(ev " " flow(), $0)
    else { resets++; reset[field("saddrv6") " " field("sport") " " field("daddrv6") " " field("dport")] = $0 }
  } else if (ev == "tcp_retransmit_synack") sum(ev " " flow(), $0)
  else if (ev == "tcp_send_reset") sum(ev " " field("state") " " field("reason") " " ends(), $0)
  else if (ev == "udp_fail_queue_rcv_skb") sum(ev " " (field("dest") == "" ? field("port") : field("dest")), $0)
}
END { if (!over) { uptime(); devices(1); sums(); say("end\\tinput"); flush(); printf "@%s Z %s %d\\n", nonce, up, frames } }
`;
