import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { endianness, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nonce } from '../../src/app/nonce.ts';
import type { WatchEvent } from '../../src/core/watch.ts';
import { parseWatchFrame } from '../../src/parsers/watch-frame.ts';
import { watchFrames } from '../../src/transports/watch/frames.ts';
import { writeWatch } from '../../src/transports/watch/program.ts';
import { applets } from './applets.ts';
import { CountedGroup } from './counted-group.ts';
import { busySeconds } from './kernel-counts.ts';
import { type Side, type Traffic, TrafficLoad } from './traffic-load.ts';
import { watchTally } from './watch-tally.ts';

/** What one command cost while it ran beside the load. Shares are of one core. */
export interface WatchCost {
  readonly kind: 'cost';
  readonly name: string;
  /** Of the command with all that it starts, once it runs. */
  readonly share: number;
  /** CPU that its start (three seconds) and its end took. */
  readonly edgeSeconds: number;
  /** The peak of all its processes together; pages that they share count once. */
  readonly residentBytes: number;
  /** The kernel's buffers for its trace; null where it has none. */
  readonly bufferBytes: number | null;
  /** What the kernel counted meanwhile. */
  readonly connectionsPerSecond: number;
  readonly dropsPerSecond: number;
  /** TCP sockets there are where the command runs, in the end. */
  readonly sockets: number;
  /** Of the load's own processes, and of all others on the machine and the kernel's threads. */
  readonly loadShare: number;
  readonly otherShare: number;
  /** What the command itself told. */
  readonly told: string;
}

/** A command that is not on this machine. */
interface Missing {
  readonly kind: 'missing';
  readonly name: string;
  readonly why: string;
}

interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  readonly input: string;
  readonly side: Side;
  readonly toldOf: (stdout: string, stderr: string) => string | Promise<string>;
}

const settleSeconds = 3;
const watchId = 'script:watch/events';

const there = (program: string): boolean =>
  program.startsWith('/') || CountedGroup.searchPath.split(':').some((dir) => existsSync(join(dir, program)));

const unlessGone = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};

/** A page that n processes share counts for each an n-th. */
const residentBytes = (pids: readonly string[]): number =>
  pids.reduce((sum, pid) => {
    const text = unlessGone(() => readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), '');
    return sum + Number(/^Pss: +(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
  }, 0);

/** Of the instance that this run made, which may be in a mount namespace of one of its processes alone. */
const bufferBytes = (pids: readonly string[], runId: string): number | null => {
  for (const pid of pids) {
    for (const place of ['tracing', 'debug/tracing']) {
      const instances = `/proc/${pid}/root/sys/kernel/${place}/instances`;
      const ours = unlessGone(() => readdirSync(instances), []).find((n) => n.startsWith(`netdoctor-${runId}-`));
      if (ours === undefined) continue;
      const text = unlessGone(() => readFileSync(join(instances, ours, 'buffer_total_size_kb'), 'utf8'), '');
      return Number.parseInt(text, 10) * 1024;
    }
  }
  return null;
};

const collect = (stream: NodeJS.ReadableStream | null): (() => string) => {
  let text = '';
  stream?.setEncoding('utf8').on('data', (piece) => {
    text += piece;
  });
  return () => text;
};

const toldByWatch = async (stdout: string): Promise<string> => {
  const events: WatchEvent[] = [];
  const once = (async function* () {
    yield stdout;
  })();
  let missed = 0;
  for await (const frame of watchFrames(once, watchId, null)) {
    missed += frame.missed;
    events.push(...parseWatchFrame(frame.text, frame.atSeconds, endianness() === 'LE'));
  }
  const t = watchTally(events);
  const drops = t.drops.slice(0, 4).map(([what, count]) => `${count} ${what}`);
  const devices = t.devices.slice(0, 4).map(([passage, times]) => `${times} ${passage}`);
  return [
    `${t.by}, ${stdout.length} bytes: ${t.connects} connects that failed, drops: ${drops.join(', ') || 'none'}`,
    `devices: ${devices.join(', ') || 'none'}`,
    ...(t.less.length > 0 ? [`now and then only: ${t.less.join(', ')}`] : []),
    `lost ${t.lost}, not listed ${t.unlisted}, frames missed ${missed}`,
  ].join('; ');
};

const commands = (dir: string, runId: string, seconds: number): readonly Command[] => {
  // it is stopped before its time is over
  const options = { nonce: nonce(), runId, seconds: seconds + settleSeconds + 30, hostRoot: '' } as const;
  const program = writeWatch(options, watchId);
  const awk = basename(unlessGone(() => realpathSync('/usr/bin/awk'), 'awk'));
  const silent = (): string => '';
  const eachSecond = ['sh', '-c', 'while sleep 1; do ss -tan >/dev/null; done'];
  return [
    { name: 'the load alone', argv: ['sleep', '3600'], input: '', side: 'node', toldOf: silent },
    {
      name: "watch, in the pod's image",
      argv: ['/usr/bin/env', `PATH=${dir}`, join(dir, 'sh'), '-s'],
      input: program,
      side: 'node',
      toldOf: toldByWatch,
    },
    { name: `watch, on the node (${awk})`, argv: ['sh', '-s'], input: program, side: 'node', toldOf: toldByWatch },
    {
      name: 'tcpdump -i any -w /dev/null',
      argv: ['tcpdump', '-Z', 'root', '-i', 'any', '-w', '/dev/null'],
      input: '',
      side: 'node',
      toldOf: (_, stderr) =>
        stderr
          .split('\n')
          .filter((l) => /^\d+ packets /.test(l))
          .join(', '),
    },
    { name: 'ss -tan, once a second', argv: eachSecond, input: '', side: 'node', toldOf: silent },
    { name: 'the same, on the other side', argv: eachSecond, input: '', side: 'other', toldOf: silent },
  ];
};

const socketsAt = (pid: string): number => {
  const [, used, waiting] =
    /^TCP: inuse (\d+) .* tw (\d+)/m.exec(readFileSync(`/proc/${pid}/net/sockstat`, 'utf8')) ?? [];
  return Number(used) + Number(waiting);
};

const measure = async (load: TrafficLoad, command: Command, seconds: number, runId: string): Promise<WatchCost> => {
  const group = new CountedGroup('command');
  try {
    const pid = await load.on(command.side);
    const child = group.start(['nsenter', `--net=/proc/${pid}/ns/net`, ...command.argv]);
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.stdin?.on('error', () => {});
    child.stdin?.end(command.input);
    await sleep(settleSeconds * 1000);
    const look = async () => ({
      ...(await load.counts()),
      at: performance.now(),
      ran: group.seconds,
      load: load.group.seconds,
      busy: busySeconds(readFileSync('/proc/stat', 'utf8')),
    });
    const before = await look();
    let [peak, buffer]: [number, number | null] = [0, null];
    for (const until = performance.now() + seconds * 1000; performance.now() < until; await sleep(100)) {
      peak = Math.max(peak, residentBytes(group.pids));
      buffer ??= bufferBytes(group.pids, runId);
    }
    const after = await look();
    const early = child.exitCode !== null;
    const sockets = socketsAt(pid);
    child.kill('SIGTERM');
    const ended = await group.emptied(10_000);
    const edgeSeconds = group.seconds - (after.ran - before.ran);
    if (ended) await closed;
    const long = (after.at - before.at) / 1000;
    const share = (after.ran - before.ran) / long;
    const loadShare = (after.load - before.load) / long;
    return {
      kind: 'cost',
      ...{ name: command.name, share, edgeSeconds, residentBytes: peak, bufferBytes: buffer, loadShare },
      connectionsPerSecond: (after.connections - before.connections) / long,
      dropsPerSecond: (after.drops - before.drops) / long,
      sockets,
      otherShare: (after.busy - before.busy) / long - share - loadShare,
      told: [
        await command.toldOf(stdout(), stderr()),
        ...(early ? [`it ended by itself (exit ${child.exitCode}): ${stderr().trim()}`] : []),
        ...(ended ? [] : ['it did not end in ten seconds']),
      ]
        .filter(Boolean)
        .join('; '),
    };
  } finally {
    await group.remove();
  }
};

/**
 * Makes that traffic in network namespaces of its own, runs a watch, tcpdump and `ss` beside it, one after the other, and gives what each cost; needs root.
 * Each runs for so many seconds. The watch sees all namespaces, so what else the machine does counts too. Throws where the load cannot be made.
 */
export async function* watchCosts(asked: Traffic, seconds: number): AsyncGenerator<WatchCost | Missing> {
  const dir = mkdtempSync(join(tmpdir(), 'netdoctor-bench-'));
  try {
    applets(join(dir, 'bin'));
    const load = new TrafficLoad(asked);
    try {
      await load.on('node');
      const runId = nonce();
      for (const command of commands(join(dir, 'bin'), runId, seconds)) {
        const [program = ''] = command.argv;
        if (!there(program)) {
          const why = `not measured: ${program} is not installed (on Debian: apt-get install ${program})`;
          yield { kind: 'missing', name: command.name, why };
        } else yield await measure(load, command, seconds, runId);
      }
    } finally {
      await load.end();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
