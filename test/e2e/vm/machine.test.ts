// lab: it breaks what a whole machine shares, so it needs one of its own
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  applyFix,
  diagnoseByCollector,
  failureOf,
  findingOf,
  labCommand,
  onNode,
  until,
} from '../../support/cluster.ts';

const node = 'vm1';
const look = (checks: string) => diagnoseByCollector(node, checks, '4s');
const sh = (line: string): Promise<string> => onNode(node, ['sh', '-c', line]);

/** Eight TCP connections of the loopback whose receivers do not read; says when they are full. */
const unread = `
import socket, time
server = socket.socket()
server.bind(("127.0.0.1", 7002))
server.listen(8)
ends = []
for i in range(8):
    c = socket.create_connection(("127.0.0.1", 7002))
    ends += [c, server.accept()[0]]
    c.setblocking(False)
    try:
        while True:
            c.send(b"x" * 65536)
    except BlockingIOError:
        pass
print("full", flush=True)
time.sleep(600)
`;

/** Until it is killed: a bridge with eight ports floods what it does not know, eight packets at once; and the node speaks to 30 addresses that nobody has. */
const packets = `
import socket, time
flood = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
flood.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
scan = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
scan.setblocking(False)
print("begun", flush=True)
while True:
    for i in range(5):
        flood.sendto(b"x", ("192.168.78.255", 9))
    for i in range(30):
        try:
            scan.sendto(b"x", ("10.123.0.%d" % (150 + i), 9))
        except OSError:
            pass
    time.sleep(0.1)
`;

/** Runs it there until the test's end; `word`: what it says once it is at work. */
const background = async (text: string, word: string): Promise<void> => {
  const out = `/tmp/machine-fault-${word}`;
  await onNode(node, ['sh', '-c', `setsid python3 -c "$1" machine-fault >${out} 2>&1 </dev/null &`, 'sh', text]);
  await until(`it says ${word}`, 60_000, async () => ((await sh(`cat ${out}`)).includes(word) ? true : null));
};

describe('what all of a machine shares', () => {
  beforeAll(async () => {
    await labCommand('node', node, '--mode', 'ipvs');
  });
  afterAll(async () => {
    await sh(
      `pkill -f machine-faul[t]; ip link del br-fault; for i in 1 2 3 4 5 6 7 8; do ip link del fault$i; done
      sysctl -qw net.core.netdev_max_backlog=1000 net.ipv4.neigh.default.gc_thresh3=1024 net.ipv4.neigh.default.gc_thresh2=512 net.ipv4.neigh.default.gc_thresh1=128; true`,
    );
  });

  it('queues of CPUs, neighbours and memory of TCP that are too small are found, and the printed fixes mend them', async () => {
    const checks = ['network/softnet-drops', 'kernel/neighbour-table', 'sockets/tcp-memory'];
    await background(unread, 'full');
    await sh(
      `p=$(awk '/^TCP:/ { print $NF }' /proc/net/sockstat); sysctl -w net.ipv4.tcp_mem="$((p * 6 / 10)) $((p * 8 / 10)) $((p * 100))"`,
    );
    await sh(
      `ip link add br-fault type bridge && ip addr add 192.168.78.1/24 dev br-fault && ip link set br-fault up
      for i in 1 2 3 4 5 6 7 8; do ip link add fault$i type veth peer name tluaf$i && ip link set fault$i master br-fault up && ip link set tluaf$i up; done
      sysctl -w net.core.netdev_max_backlog=1 net.ipv4.neigh.default.gc_thresh1=1 net.ipv4.neigh.default.gc_thresh2=2 net.ipv4.neigh.default.gc_thresh3=16`,
    );
    await background(packets, 'begun');
    const report = await look(checks.join());
    const queue = failureOf(report, 'network/softnet-drops');
    expect(queue).toMatchObject({ severity: 'warning', messageId: 'drops', data: { maxBacklog: 1 } });
    const neighbours = failureOf(report, 'kernel/neighbour-table');
    expect(neighbours).toMatchObject({ severity: 'warning', messageId: 'full' });
    const memory = failureOf(report, 'sockets/tcp-memory');
    expect(memory).toMatchObject({ severity: 'warning', messageId: 'pressure' });

    for (const found of [queue, neighbours, memory]) await applyFix(node, found);
    const after = await look(checks.join());
    for (const check of checks) expect(findingOf(after, check)).toSatisfy(isGone);
  });
});

/** It passes, or is told as seen earlier. */
const isGone = (f: ReturnType<typeof findingOf>): boolean =>
  f.status === 'pass' || (f.status === 'fail' && f.severity === 'info' && f.messageId === 'seen-earlier');
