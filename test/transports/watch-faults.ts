import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** A network namespace that lives as long as a process of ours. */
interface Space {
  readonly pid: number;
  /** Runs a command there; throws if it fails. */
  run(...argv: string[]): string;
  /** Runs a program of Node there, which prints "ready" when it is. */
  node(source: string): Promise<ChildProcess>;
}

const must = (argv: readonly string[]): string => {
  const [command = '', ...args] = argv;
  const r = spawnSync(command, args, { encoding: 'utf8' });
  if (r.status !== 0) throw new Error(`${argv.join(' ')}: ${r.stderr}`);
  return r.stdout;
};

/** Waits for its first word; throws with what it complains of where it ends without one. */
const ready = async (child: ChildProcess): Promise<void> => {
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('error', reject);
    child.once('close', (code, signal) => reject(new Error(`it ended at once (${code ?? signal}): ${complaints}`)));
  });
};

/** Namespaces with faults in them: a client (10.99.0.1), a server (10.99.0.2) that routes to a third one over a link of 1300 bytes. */
export interface Faults {
  readonly client: Space;
  readonly server: Space;
  /** Makes them all, one after another; takes about seven seconds. */
  make(): Promise<void>;
  /** A connect from the client that ends after so long, from a source port if one is given. */
  connect(port: number, ms: number, localPort?: number): Promise<void>;
}

/** The kernel tells the events of all namespaces: tests that run at the same time take another second number in their addresses. Port 9090 drops, 9091 is closed, 9092 is rejected by a rule, 10990 has a full accept queue, 10991 a full buffer, 10992 resets. They go with the test (`atEnd`: where there is none). */
export const faults = async (net = 99, atEnd: (end: () => void) => void = onTestFinished): Promise<Faults> => {
  const children: ChildProcess[] = [];
  // also of a test that was given up: one that is stopped would live on
  atEnd(() => {
    for (const c of children) c.kill('SIGKILL');
  });
  const space = async (): Promise<Space> => {
    const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 300'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(holder);
    await ready(holder);
    const { pid = 0 } = holder;
    const inside = ['nsenter', '-t', String(pid), '-n'];
    return {
      pid,
      run: (...argv) => must([...inside, ...argv]),
      node: async (source) => {
        const child = spawn('nsenter', [...inside.slice(1), process.execPath, '-e', source], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        children.push(child);
        await ready(child);
        return child;
      },
    };
  };
  const [client, server, far] = [await space(), await space(), await space()];
  client.run('ip', 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1', 'netns', String(server.pid));
  server.run('ip', 'link', 'add', 'w0', 'type', 'veth', 'peer', 'name', 'w1', 'netns', String(far.pid));
  const up = (s: Space, device: string, address: string): void => {
    s.run('ip', 'addr', 'add', address, 'dev', device);
    s.run('ip', 'link', 'set', device, 'up');
    s.run('ip', 'link', 'set', 'lo', 'up');
  };
  up(client, 'v0', `10.${net}.0.1/24`);
  up(server, 'v1', `10.${net}.0.2/24`);
  up(server, 'w0', `10.${net}.7.1/24`);
  up(far, 'w1', `10.${net}.7.2/24`);
  server.run('ip', 'link', 'set', 'w0', 'mtu', '1300');
  server.run('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  client.run('ip', 'route', 'add', `10.${net}.7.0/24`, 'via', `10.${net}.0.2`);
  far.run('ip', 'route', 'add', 'default', 'via', `10.${net}.7.1`);
  // the same way in IPv6, for what does not fit
  client.run('ip', 'addr', 'add', `fd${net}::1/64`, 'dev', 'v0', 'nodad');
  server.run('ip', 'addr', 'add', `fd${net}::2/64`, 'dev', 'v1', 'nodad');
  server.run('ip', 'addr', 'add', `fd${net}:7::1/64`, 'dev', 'w0', 'nodad');
  client.run('ip', 'route', 'add', `fd${net}:7::/64`, 'via', `fd${net}::2`);
  server.run('sysctl', '-qw', 'net.ipv6.conf.all.forwarding=1');
  client.run('ip', 'addr', 'add', `10.${net}.8.1/32`, 'dev', 'lo');
  server.run('iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '9090', '-j', 'DROP');
  server.run('iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '9092', '-j', 'REJECT', '--reject-with', 'tcp-reset');
  const stuck = await server.node(`
    const net = require('node:net'), udp = require('node:dgram').createSocket({ type: 'udp4', recvBufferSize: 2304 });
    net.createServer(() => {}).listen(10990, '10.${net}.0.2', 1, () => udp.bind(10991, '10.${net}.0.2', () => console.log('ready')));`);
  // nsenter became node
  process.kill(stuck.pid ?? 0, 'SIGSTOP');
  await server.node(`
    require('node:net').createServer((c) => setTimeout(() => c.resetAndDestroy(), 200)).listen(10992, '10.${net}.0.2', () => console.log('ready'));`);
  const client1 = async (source: string): Promise<void> => {
    const child = await client.node(source);
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once('exit', resolve));
  };
  const connect = (port: number, ms: number, localPort?: number): Promise<void> =>
    client1(`
      const c = require('node:net').connect({ host: '10.${net}.0.2', port: ${port}, localPort: ${localPort ?? 'undefined'} });
      console.log('ready'); c.on('error', () => {}); setTimeout(() => process.exit(), ${ms});`);
  return {
    client,
    server,
    connect,
    make: async () => {
      await connect(9091, 800);
      await connect(9092, 300);
      // the SYN is sent again after a second, and after another one
      await connect(9090, 300);
      await connect(9090, 1400);
      await Promise.all([1, 2, 3, 4].map(() => connect(10990, 1500)));
      await client1(`
        const s = require('node:dgram').createSocket('udp4'); console.log('ready');
        let n = 0; const send = () => { if (n++ < 8) s.send('x'.repeat(1000), 10991, '10.${net}.0.2', send); else s.close(); }; send();`);
      await connect(10992, 500);
      server.run('sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=1', 'net.ipv4.conf.v1.rp_filter=1');
      await client1(`
        const c = require('node:net').connect({ host: '10.${net}.0.2', port: 10992, localAddress: '10.${net}.8.1' });
        console.log('ready'); c.on('error', () => {}); setTimeout(() => process.exit(), 300);`);
      // more than fits, with the flag "don't fragment", as TCP sends
      const sink = await far.node(`
        require('node:net').createServer((c) => c.resume()).listen(7777, '10.${net}.7.2', () => console.log('ready'));`);
      await client1(`
        const c = require('node:net').connect(7777, '10.${net}.7.2', () => c.write('x'.repeat(5000)));
        console.log('ready'); c.on('error', () => {}); setTimeout(() => process.exit(), 500);`);
      sink.kill('SIGKILL');
      await client1(`
        const s = require('node:dgram').createSocket('udp6'); console.log('ready');
        s.send('x'.repeat(1400), 9, 'fd${net}:7::2', () => s.close());`);
      await client1(`
        const c = require('node:net').connect(9, '192.0.2.1'); console.log('ready'); c.on('error', () => {});`);
      await sleep(1100);
    },
  };
};
