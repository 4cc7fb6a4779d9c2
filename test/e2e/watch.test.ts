// lab: it breaks nodes while they are watched
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply, failureOf, kubectl, onNode, until, watched } from '../support/cluster.ts';
import { namespace, namespaceObject, server } from '../support/manifests.ts';
import { clients, nodePrograms } from '../support/node-programs.ts';

const node = 'node2';
const sh = (script: string): Promise<string> => onNode(node, ['sh', '-c', script]);

const { start, stopAll } = nodePrograms();

/** Sends to itself and never reads. */
const unread = `
import socket,time
r=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); r.bind(("0.0.0.0",8053))
s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)
while True: s.sendto(b"x"*500,("127.0.0.1",8053)); time.sleep(0.01)`;

/** Datagrams from an address to another one; with DF where they are large. */
const datagrams = (from: string, to: string, size: number, port = 9): string => `
import socket,time
s=socket.socket(socket.AF_INET6 if ":" in "${to}" else socket.AF_INET,socket.SOCK_DGRAM); s.bind(("${from}",0)); s.setsockopt(0,10,3)
while True:
    try: s.sendto(b"x"*${size},("${to}",${port}))
    except OSError: pass
    time.sleep(0.1)`;

/** Connects that are refused. */
const refused = (to: string, port: number): string => `
import socket,time
for _ in range(5):
    try: socket.create_connection(("${to}", ${port}), 1)
    except OSError: pass
    time.sleep(0.5)`;

/** The node: a neighbour that is asked from an address behind eth0, a link of 1300 bytes that it forwards to, and an address that pods have no way back to. */
const neighbours = [
  'ip netns add e2e-rp && ip link add rp0 type veth peer name rp1 netns e2e-rp',
  'ip addr add 192.168.77.1/24 dev rp0 && ip link set rp0 up',
  'ip -n e2e-rp link set rp1 up && ip -n e2e-rp addr add 192.168.77.2/24 dev rp1 && ip -n e2e-rp addr add 198.51.100.7/32 dev rp1',
  'ip netns exec e2e-rp sysctl -qw net.ipv4.conf.all.arp_announce=2',
  'sysctl -qw net.ipv4.conf.rp0.rp_filter=1',
  'ip netns add e2e-small && ip link add sm0 type veth peer name sm1 netns e2e-small',
  'ip addr add 192.168.78.1/24 dev sm0 && ip link set sm0 mtu 1300 up',
  'ip -n e2e-small link set sm1 mtu 1300 up && ip -n e2e-small addr add 192.168.78.2/24 dev sm1',
  'ip addr add 198.51.100.8/32 dev lo',
].join(' && ');
/** A pod: a second device of 1300 bytes, to which it forwards, by which it would answer 198.51.100.8. */
const inPod = [
  'ip link add d0 mtu 1300 type veth peer name d1 && ip addr add 192.168.79.1/24 dev d0 && ip link set d1 up && ip link set d0 up',
  'ip route add 198.51.100.8/32 dev d0',
  'sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.eth0.rp_filter=1',
].join(' && ');
const rules = [
  'iptables -I INPUT -p tcp --dport 9099 -j DROP',
  "nft 'add table ip e2e; add chain ip e2e in { type filter hook input priority -5; }; add rule ip e2e in tcp dport 9098 counter drop'",
].join(' && ');

describe('drops of every kind, while a node is watched', () => {
  let ip = '';
  let httpd = '';
  beforeAll(async () => {
    await apply(namespaceObject, server('slow-1', { node, port: 8097 }));
    await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod/slow-1', '--timeout=60s']);
    ip = await kubectl(['get', 'pod', '-n', namespace, 'slow-1', '-o', 'jsonpath={.status.podIP}']);
    httpd = (await onNode(node, ['pgrep', '-o', '-f', '^httpd -f -p 8097'])).trim();
  });
  afterAll(async () => {
    await stopAll();
    await sh(
      'iptables -D FORWARD -p udp --dport 9096 -j DROP; ip6tables -D OUTPUT -p udp --dport 9094 -j DROP; iptables -D INPUT -p tcp --dport 9099 -j DROP; nft delete table ip e2e; ip netns del e2e-rp; ip netns del e2e-small; ip addr del 198.51.100.8/32 dev lo; ip route del 192.168.79.0/24; true',
    );
    await kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=90s']);
  });

  it('of a pod that is made during the watch are told with its name', async () => {
    const name = 'late-1';
    let made: Promise<void> | null = null;
    const make = async (): Promise<void> => {
      await apply(server(name, { node, port: 8098 }));
      await kubectl(['wait', '-n', namespace, '--for=condition=Ready', `pod/${name}`, '--timeout=60s']);
      const at = await kubectl(['get', 'pod', '-n', namespace, name, '-o', 'jsonpath={.status.podIP}']);
      // nobody listens there; from the node to its pod
      await onNode(node, ['python3', '-c', refused(at, 8099)]);
    };
    const args = ['node', node, '--watch-for', '150s', '--window', '0', '--checks', 'firewall/drops'];
    const watch = await watched(node, args, {
      onEvent: (e, run) => {
        made ??= make();
        if (e.event === 'connect' && e['outcome'] === 'refused' && e['destinationPod'] === `${namespace}/${name}`)
          run()?.kill('SIGINT');
      },
    });
    await made;
    expect(watch.events, `${watch.ended.stderr} ${JSON.stringify(watch.events)}`).toContainEqual(
      expect.objectContaining({
        ...{ event: 'connect', outcome: 'refused', destinationPod: `${namespace}/${name}` },
        destination: expect.objectContaining({ port: 8099 }),
      }),
    );
  });

  it('are told with the pod that their packets came from or went into; what a process may not send, with none', async () => {
    const other =
      (await kubectl(['get', 'node', 'node1', '-o', 'jsonpath={.status.addresses[0].address}'])).split(' ')[0] ?? '';
    const ofPod = ['nsenter', '-t', httpd, '-n'];
    await sh('iptables -I FORWARD -p udp --dport 9096 -j DROP && ip6tables -I OUTPUT -p udp --dport 9094 -j DROP');
    await onNode(node, [...ofPod, ...'iptables -I INPUT -p udp --dport 9095 -j DROP'.split(' ')]);
    await start(node, datagrams(ip, other, 10, 9096), ofPod);
    await start(node, datagrams('0.0.0.0', ip, 10, 9095));
    await start(node, datagrams('::1', '::1', 10, 9094));
    const args = ['node', node, '--watch-for', '20s', '--window', '0', '--checks', 'firewall/drops,mtu/mismatch'];
    const watch = await watched(node, args);
    await stopAll();
    const devices = watch.events.filter((e) => e.event === 'device');
    const said = `${watch.ended.stderr} ${JSON.stringify(watch.events)}`;
    for (const way of ['from', 'into'])
      expect(devices, said).toContainEqual(
        expect.objectContaining({
          drop: expect.objectContaining({ protocol: 'IPv4', reason: 'NETFILTER_DROP' }),
          podPassage: { way, owner: `pod ${namespace}/slow-1`, veth: expect.stringMatching(/^veth/) },
        }),
      );
    const ofProcess = { protocol: 'IPv6', reason: 'NETFILTER_DROP' };
    expect(watch.events, said).toContainEqual(
      expect.objectContaining({ event: 'seen', last: expect.objectContaining(ofProcess) }),
    );
    expect(devices).not.toContainEqual(expect.objectContaining({ drop: expect.objectContaining(ofProcess) }));
  });

  it('are told with what they are and whose, as they come, and by the report at the end', async () => {
    const address =
      (await kubectl(['get', 'node', node, '-o', 'jsonpath={.status.addresses[0].address}'])).split(' ')[0] ?? '';
    await sh(`${neighbours} && ${rules}`);
    const ofPod = ['nsenter', '-t', httpd, '-n'];
    await onNode(node, [...ofPod, 'sh', '-c', inPod]);
    await sh(`ip route replace 192.168.79.0/24 via ${ip}`);
    await sh(`kill -STOP ${httpd}`);
    await start(node, clients(address, 9099, 20), ofPod);
    await start(node, clients(address, 9098, 20), ofPod);
    await start(node, clients(ip, 8097, 60));
    await start(node, unread, ofPod);
    await start(node, datagrams('198.51.100.7', '192.168.77.1', 10), ['ip', 'netns', 'exec', 'e2e-rp']);
    await start(node, datagrams('198.51.100.8', ip, 10));
    await start(node, datagrams(ip, '192.168.78.2', 1400), ofPod);
    await start(node, datagrams(address, '192.168.79.2', 1400));
    await until('the accept queue is full', 20_000, async () =>
      / 0A 00000000:0000000A /.test(await sh(`cat /proc/${httpd}/net/tcp6`)) ? true : null,
    );

    const checks = 'firewall/drops,sockets/accept-queue,sockets/udp-buffer,kernel/reverse-path';
    const watch = await watched(node, ['node', node, '--watch-for', '15s', '--window', '0', '--checks', checks]);
    const said = `${watch.ended.stderr} ${JSON.stringify(watch.events)}`;
    expect(watch.ended.code, said).toBe(2);
    expect(watch.events.at(-1), said).toMatchObject({ event: 'end', why: 'time' });
    const reasons = watch.events.flatMap((e) => {
      const last = e['last'] as { kind: string; reason?: string } | undefined;
      return last?.kind === 'drop' ? [last.reason] : [];
    });
    for (const reason of ['NETFILTER_DROP', 'IP_RPFILTER', 'PKT_TOO_BIG']) expect(reasons, said).toContain(reason);
    const pod = `pod ${namespace}/slow-1`;
    const told = (fields: object) => expect(watch.events, said).toContainEqual(expect.objectContaining(fields));
    told({ event: 'counter', name: 'ListenOverflows', owner: pod });
    told({ event: 'waiting', owner: pod, listener: expect.objectContaining({ port: 8097 }) });
    told({ event: 'counter', name: 'RcvbufErrors', owner: pod });
    told({ event: 'seen', last: expect.objectContaining({ kind: 'udp-full', port: 8053 }) });
    told({ event: 'counter', name: 'IPReversePathFilter', owner: pod, strict: [] });
    told({
      ...{ event: 'counter', name: 'IPReversePathFilter', owner: 'the node' },
      strict: expect.arrayContaining(['rp0']),
    });
    for (const owner of [pod, 'the node']) told({ event: 'counter', name: 'FragFails', owner });
    told({ event: 'counter', name: 'InDestUnreachs', owner: pod });
    for (const port of [9099, 9098])
      told({
        ...{ event: 'connect', pod: `${namespace}/slow-1`, destination: { ip: address, port } },
        fell: expect.objectContaining({ reason: 'NETFILTER_DROP' }),
      });

    // what was counted during the watch is judged
    const report = watch.report;
    if (!report) throw new Error(said);
    const drops = failureOf(report, 'firewall/drops');
    expect(JSON.stringify(drops.data)).toMatch(/--dport 9099/);
    expect(JSON.stringify(drops.data)).toMatch(/dport 9098/);
    expect(failureOf(report, 'sockets/accept-queue')).toMatchObject({
      severity: 'error',
      data: { listeners: [expect.objectContaining({ port: 8097, process: 'httpd', pod: `${namespace}/slow-1` })] },
    });
    expect(failureOf(report, 'sockets/udp-buffer').data).toMatchObject({
      sockets: [expect.objectContaining({ port: 8053, process: 'python3', pod: `${namespace}/slow-1` })],
    });
    expect(failureOf(report, 'kernel/reverse-path')).toMatchObject({ severity: 'error', messageId: 'drops' });
  });
});
