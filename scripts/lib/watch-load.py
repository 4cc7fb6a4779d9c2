"""Opens and closes connections and has packets dropped, in two network namespaces of its own, until its standard input ends.

    unshare --net python3 watch-load.py CONNECTIONS DROPS

So many of each in a second: TCP connections from the namespace that it is started in (the node) to another one (the pod) over a veth, which the other
side closes first; and UDP packets that an iptables rule of the other side drops. When all stands it prints the other side's pid.
"""

import collections
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time

addresses = ["10.99.1.%d" % (i + 1) for i in range(200)]
port = 8000


def worker(work, *arguments):
    """Ends with its parent, however that ends."""
    parent = os.getpid()
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() == parent:
            work(*arguments)
        os._exit(1)


def write(path, text):
    with open(path, "w") as f:
        f.write(text)


def run(line):
    subprocess.run(["sh", "-e", "-c", line], check=True)


def accept(server):
    while True:
        os.close(server._accept()[0])


def serve():
    run(
        "ip link set lo up; ip addr add 10.99.0.2/24 dev nd1; ip link set nd1 up; ip route add local 10.99.1.0/24 dev lo;"
        "iptables -A INPUT -p udp --dport 9 -j DROP"
    )
    write("/proc/sys/net/core/somaxconn", "8192")
    # a close that finds no room here would be answered with a reset
    write("/proc/sys/net/ipv4/tcp_max_tw_buckets", "1000000")
    server = socket.socket()
    server.bind(("0.0.0.0", port))
    server.listen(8192)
    for _ in range(2):
        worker(accept, server)
    print("ready", flush=True)


def paced(rate, act):
    """What the machine has no time for is left out, once it is a second late."""
    done, began = 0, time.monotonic()
    while True:
        due = int((time.monotonic() - began) * rate)
        done = max(done, due - rate)
        while done < due:
            act(done)
            done += 1
        time.sleep(0.005)


def connect(rate):
    held = collections.deque()

    def one(i):
        s = socket.socket()
        s.connect((addresses[i % len(addresses)], port))
        held.append(s)
        # by now the other side has closed it
        if len(held) > 200:
            held.popleft().close()

    paced(rate, one)


def be_dropped(rate):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    paced(rate, lambda i: s.sendto(b"x", ("10.99.0.2", 9)))


if sys.argv[1] == "serve":
    sys.stdin.readline()
    serve()
else:
    connections, drops = (int(a) for a in sys.argv[1:3])
    other = subprocess.Popen(
        ["unshare", "--net", sys.executable, __file__, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    while os.readlink("/proc/%d/ns/net" % other.pid) == os.readlink("/proc/self/ns/net"):
        time.sleep(0.01)
    run(
        "ip link set lo up; ip link add nd0 type veth peer name nd1 netns %d; ip addr add 10.99.0.1/24 dev nd0; ip link set nd0 up;"
        "ip route add 10.99.1.0/24 via 10.99.0.2" % other.pid
    )
    write("/proc/sys/net/ipv4/ip_local_port_range", "1024 65535")
    other.stdin.write("\n")
    other.stdin.flush()
    if other.stdout.readline() != "ready\n":
        sys.exit("the other side could not be made")
    for _ in range(2):
        worker(connect, connections // 2)
    worker(be_dropped, drops)
    print(other.pid, flush=True)
sys.stdin.read()
