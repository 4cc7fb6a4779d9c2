// lab: it breaks servers and settings of a node
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  apply,
  applyFix,
  diagnose,
  failureOf,
  findingOf,
  kubectl,
  netdoctor,
  onNode,
  until,
} from '../support/cluster.ts';
import { namespace, namespaceObject, server } from '../support/manifests.ts';
import { clients, nodePrograms } from '../support/node-programs.ts';

const node = 'node2';
const checks = ['--checks', 'sockets/*', '--window', '1s'];

/** One that listens with this backlog and never accepts. */
const deaf = (port: number, backlog: number): string => `
import socket,time
l=socket.socket(); l.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEADDR,1); l.bind(("0.0.0.0",${port}))
l.listen(${backlog}); time.sleep(100)`;

/** Sends to itself and never reads. */
const datagrams = `
import socket,time
r=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); r.bind(("127.0.0.1",8053))
while True: r.sendto(b"x"*500,("127.0.0.1",8053)); time.sleep(0.002)`;

const { stop, stopAll, start: startOn } = nodePrograms();
const start = (program: string, before?: readonly string[]): Promise<string> => startOn(node, program, before);
/** Without the server's answers connections to it stay half open. */
const answersOf18098 = '-i lo -p tcp --sport 18098 --tcp-flags SYN,ACK SYN,ACK -j DROP'.split(' ');
const set = (...settings: readonly string[]): Promise<string> => onNode(node, ['sysctl', '-qw', ...settings]);

describe('queues and buffers of sockets that overflow for real', () => {
  let [somaxconn, cookies] = ['4096', '1'];
  beforeAll(async () => {
    [somaxconn = '', cookies = ''] = (
      await onNode(node, ['sysctl', '-n', 'net.core.somaxconn', 'net.ipv4.tcp_syncookies'])
    ).split('\n');
    await apply(namespaceObject);
    await apply(server('slow-1', { node, port: 8097 }));
    await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod/slow-1', '--timeout=60s']);
  });
  afterEach(stopAll);
  afterAll(async () => {
    await onNode(node, ['sh', '-c', 'iptables -D INPUT "$@" 2>/dev/null || :', 'sh', ...answersOf18098]);
    await set(`net.core.somaxconn=${somaxconn}`, `net.ipv4.tcp_syncookies=${cookies}`);
    await kubectl(['delete', 'namespace', namespace, '--wait=true', '--timeout=90s']);
  });

  it('a server in a pod that hangs, one that does not read, and half-open connections of the node', async () => {
    const ip = await kubectl(['get', 'pod', '-n', namespace, 'slow-1', '-o', 'jsonpath={.status.podIP}']);
    const httpd = (await onNode(node, ['pgrep', '-o', '-f', '^httpd -f -p 8097'])).trim();
    await onNode(node, ['kill', '-STOP', httpd]);
    const client = await start(clients(ip, 8097, 60));
    const reader = await start(datagrams, ['nsenter', '-t', httpd, '-n']);
    await set('net.ipv4.tcp_syncookies=0');
    await onNode(node, ['iptables', '-I', 'INPUT', ...answersOf18098]);
    const flood = [await start(deaf(18098, 5)), await start(clients('127.0.0.1', 18098, 60))];
    await until('all queues overflow', 20_000, async () => {
      const tables = await onNode(node, ['sh', '-c', `cat /proc/net/netstat /proc/${httpd}/net/tcp6`]);
      return / 0A 00000000:0000000A /.test(tables) ? tables : null;
    });
    const report = await diagnose([node, ...checks], 2);

    const accept = failureOf(report, 'sockets/accept-queue');
    expect(accept).toMatchObject({
      severity: 'error',
      messageId: 'overflow',
      data: {
        listeners: [{ port: 8097, process: 'httpd', pid: Number(httpd), pod: `${namespace}/slow-1`, waiting: 10 }],
      },
    });
    const udp = failureOf(report, 'sockets/udp-buffer');
    expect(udp).toMatchObject({ severity: 'warning', messageId: 'receive' });
    expect(udp.data).toMatchObject({
      sockets: [{ port: 8053, pid: Number(reader), process: 'python3', pod: `${namespace}/slow-1` }],
    });
    const syn = failureOf(report, 'sockets/syn-queue');
    expect(syn).toMatchObject({ severity: 'warning', messageId: 'dropped' });
    expect(syn.data).toMatchObject({ listeners: [{ port: 18098, process: 'python3', backlog: 5 }] });

    await applyFix(node, syn);
    await onNode(node, ['kill', '-CONT', httpd]);
    await stop(reader, client);
    const mended = await diagnose([node, ...checks], 2);
    expect(failureOf(mended, 'sockets/syn-queue')).toMatchObject({ messageId: 'cookies' });
    expect(failureOf(mended, 'sockets/accept-queue')).toMatchObject({ severity: 'info', messageId: 'seen-earlier' });
    expect(findingOf(mended, 'sockets/udp-buffer')).not.toMatchObject({ severity: 'warning' });
    await stop(...flood);
    await onNode(node, ['iptables', '-D', 'INPUT', ...answersOf18098]);
  });

  it('a backlog that somaxconn holds back: raised by the printed line, it serves after a restart', async () => {
    await set('net.core.somaxconn=8');
    const app = await start(deaf(18096, 1000));
    await start(clients('127.0.0.1', 18096, 40));
    const find = async (): Promise<ReturnType<typeof failureOf>> =>
      failureOf(
        await diagnose([node, '--checks', 'sockets/accept-queue', '--window', '1s'], 2),
        'sockets/accept-queue',
      );
    const found = await find();
    expect(found).toMatchObject({
      severity: 'error',
      data: {
        by: 'full',
        somaxconn: 8,
        listeners: [{ port: 18096, process: 'python3', pid: Number(app), backlog: 8 }],
      },
    });
    expect(found.fix?.now).toEqual(['sysctl -w net.core.somaxconn=4096']);
    await applyFix(node, found);
    await stop(app);
    await start(deaf(18096, 1000));
    const mended = await diagnose([node, '--checks', 'sockets/*', '--window', '1s'], 0);
    expect(failureOf(mended, 'sockets/accept-queue')).toMatchObject({ severity: 'info', messageId: 'seen-earlier' });
    expect(findingOf(mended, 'sockets/syn-queue').status).toBe('pass');
  });

  it('what overflowed between two runs is told by the later one with --since, and not by its own window', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'netdoctor-e2e-'));
    const before = join(dir, 'before.bundle');
    const only = ['--checks', 'sockets/accept-queue', '--window', '1s'];
    try {
      await netdoctor(['node', node, ...only, '--save', before]);
      const deafOne = await start(deaf(18094, 2));
      const client = await start(clients('127.0.0.1', 18094, 20));
      await until('the queue is full', 10_000, async () =>
        (await onNode(node, ['ss', '-Hltn', 'sport = 18094'])).includes(' 3 ') ? true : null,
      );
      await new Promise((done) => setTimeout(done, 1500));
      await stop(deafOne, client);
      const now = await diagnose([node, ...only], 0);
      expect(failureOf(now, 'sockets/accept-queue')).toMatchObject({ severity: 'info', messageId: 'seen-earlier' });
      const since = await diagnose([node, ...only, '--since', before], 2);
      expect(failureOf(since, 'sockets/accept-queue')).toMatchObject({ severity: 'error', messageId: 'overflow' });
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
