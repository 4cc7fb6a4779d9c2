"""Makes a node of much traffic out of the namespaces that it is started in, runs commands there and prints what each costs, a line of JSON each.

    unshare --net --pid --fork --kill-child --mount-proc python3 load.py SOCKETS ENTRIES RULES SPACES COLLECTOR BUSYBOX_DIR

SOCKETS TCP sockets (both ends of loopback connections), ENTRIES of conntrack with source NAT, RULES of iptables, SPACES network namespaces of one
process each. All of it goes with this process. BUSYBOX_DIR holds busybox's applets, as the debug pod's image has them.
"""

import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time

sockets, entries, rules, spaces = (int(a) for a in sys.argv[1:5])
collector, busybox = sys.argv[5:7]
own = os.readlink("/proc/self/exe")
kept = []


def run(line, **more):
    subprocess.run(["sh", "-e", "-c", line], check=True, **more)


def connect(pairs, part):
    """Both ends of so many connections, to eight addresses; the port is another in each part."""
    servers = []
    for i in range(8):
        s = socket.socket()
        s.bind(("127.1.0.%d" % (i + 1), 7001 + part))
        s.listen(100)
        servers.append(s)
    no_port = 24  # IP_BIND_ADDRESS_NO_PORT
    for i in range(pairs):
        server = servers[i % 8]
        c = socket.socket()
        c.setsockopt(socket.IPPROTO_IP, no_port, 1)
        c.bind(("127.2.0.%d" % (i // 8 % 200 + 1), 0))
        c.connect(server.getsockname())
        kept.extend([c, server.accept()[0]])
    kept.extend(servers)


def make_sockets():
    """As many to a process as it may have: not everywhere may root have more."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    left, part, most = sockets // 2, 0, (min(limit, 100_000) - 1000) // 2
    while left > 0:
        ready, done = os.pipe()
        if os.fork() == 0:
            connect(min(left, most), part)
            os.write(done, b"x")
            time.sleep(3600)
        os.close(done)
        if os.read(ready, 1) != b"x":
            sys.exit("the sockets could not be made")
        os.close(ready)
        left, part = left - most, part + 1


def make_entries():
    run(
        "ip link add nd0 type veth peer name nd1; ip link set nd0 arp off; ip link set nd1 up; ip addr add 10.9.0.1/16 dev nd0; ip link set nd0 up;"
        "iptables -t nat -A POSTROUTING -o nd0 -j SNAT --to-source 10.9.0.2"
    )
    with open("/proc/sys/net/netfilter/nf_conntrack_udp_timeout", "w") as f:
        f.write("3600")
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for i in range(entries):
        s.sendto(b"x", ("10.9.%d.%d" % (i // 200 % 200 + 1, i % 200 + 1), 53 + i // 40000))


def make_rules():
    chains = max(1, rules // 10)
    lines = ["*filter"] + [":ND-%d - [0:0]" % i for i in range(chains)]
    for i in range(rules):
        lines.append(
            '-A ND-%d -s 10.%d.%d.%d/32 -p tcp -m comment --comment "shop/web-%d" -m tcp --dport %d -j ACCEPT'
            % (i % chains, i >> 16 & 255, i >> 8 & 255, i & 255, i, i % 60000 + 1)
        )
    run("iptables-restore --noflush", input="\n".join(lines + ["COMMIT", ""]), text=True)


def make_spaces():
    for _ in range(spaces):
        kept.append(subprocess.Popen(["unshare", "-n", "sleep", "3600"]))
    time.sleep(1)


def resident(session, first):
    """Bytes that the processes of the session hold: a page that n of them share counts once, for each an n-th (as a cgroup would, but for the cache)."""
    total = 0
    for pid in os.listdir("/proc"):
        if not pid.isdigit() or int(pid) < first:
            continue
        try:
            with open("/proc/%s/stat" % pid) as f:
                if int(f.read().rsplit(")", 1)[1].split()[3]) != session:
                    continue
            if os.readlink("/proc/%s/exe" % pid) == own:  # not yet the command itself
                continue
            with open("/proc/%s/smaps_rollup" % pid) as f:
                total += sum(int(l.split()[1]) * 1024 for l in f if l.startswith("Pss:"))
        except (OSError, IndexError):
            pass
    return total


def measure(name, argv, text=None, env=None):
    began = time.monotonic()
    p = subprocess.Popen(
        argv,
        stdin=open(text) if text else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=env,
    )
    count = [0]

    def drain():
        while True:
            piece = p.stdout.read1(1 << 16)
            if not piece:
                return
            count[0] += len(piece)

    reader = threading.Thread(target=drain)
    reader.start()
    peak = 0
    while True:
        pid, status, usage = os.wait4(p.pid, os.WNOHANG)
        if pid:
            break
        peak = max(peak, resident(p.pid, p.pid))
        time.sleep(0.01)
    reader.join()
    print(
        json.dumps(
            {
                "name": name,
                "bytes": count[0],
                "seconds": time.monotonic() - began,
                "cpuSeconds": usage.ru_utime + usage.ru_stime,
                "residentBytes": peak,
                "status": os.waitstatus_to_exitcode(status),
            }
        ),
        flush=True,
    )


run("ip link set lo up")
make_sockets()
make_entries()
make_rules()
make_spaces()
with open("/proc/sys/net/netfilter/nf_conntrack_count") as f:
    made = int(f.read())
with open("/proc/net/tcp") as f:
    there = sum(1 for _ in f) - 1
print(json.dumps({"sockets": there, "entries": made, "rules": rules, "spaces": spaces}), flush=True)
plain = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
measure("collector, in the pod's image", ["busybox", "sh", "-s"], collector, {"PATH": busybox, "ND_ROOT": ""})
measure("collector, on the node", ["sh", "-s"], collector, plain)
measure("ss -tan", ["ss", "-tan"], env=plain)
measure("conntrack -L", ["conntrack", "-L"], env=plain)
measure("iptables-save", ["iptables-save"], env=plain)
