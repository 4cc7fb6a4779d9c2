import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { needRoot } from '../transports/collector/run-program.ts';

/** Where cgroups may be made: the unified hierarchy, or one of the old ones. */
const cgroupRoots = (): readonly string[] => {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => ({ at: line.split(' ')[4] ?? '', type: / - (\S+)/.exec(line)?.[1] ?? '' }));
  return ['cgroup2', 'cgroup'].flatMap((type) => mounts.filter((m) => m.type === type).map((m) => m.at));
};

let cgroups = 0;

/** A cgroup of this name (a path), which goes away with the test and takes its processes with it. */
export const newCgroup = (name: string): string => {
  needRoot();
  for (const root of cgroupRoots()) {
    const dir = join(root, `netdoctor-test-${process.pid}-${cgroups++}`, name);
    try {
      mkdirSync(dir, { recursive: true });
    } catch {
      continue;
    }
    onTestFinished(async () => {
      for (let i = 0; i < 100 && pidsOf(dir).length > 0; i++) {
        for (const pid of pidsOf(dir)) kill(pid, 'SIGKILL');
        await sleep(20);
      }
      for (let d = dir; d !== root; d = dirname(d)) rmdirSync(d);
    });
    return dir;
  }
  throw new Error(
    'this test makes cgroups: run it as root where one of them may be written (in a container, privileged)',
  );
};

/** Its processes. */
const pidsOf = (cgroup: string): readonly number[] =>
  readFileSync(join(cgroup, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);

/** Sends a signal to a process that may have ended. */
export const kill = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/** How a process is to be started in a cgroup. */
export interface Start {
  readonly argv: readonly [string, ...string[]];
  /** What it is told to be called, instead of its path. */
  readonly argv0?: string;
  /** As PID 1 of a PID namespace; else in the test's own. */
  readonly first?: boolean;
  /** A directory that is its root. */
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A process that runs. */
export interface Started {
  /** In the namespace of the test. */
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<number | null>;
}

/** Those whose parent it is. */
export const childrenOf = (pid: number): readonly number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

/** Whether it is no longer the shell, or the chroot, that becomes it. */
const isItself = (pid: number): boolean => {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return line !== '' && !line.includes('/cgroup.procs') && !line.startsWith('/usr/sbin/chroot');
  } catch {
    return false;
  }
};

/** Starts a process in the cgroup, and waits until it is what was asked for. */
export const start = async (cgroup: string, o: Start): Promise<Started> => {
  const inRoot = o.root === undefined ? o.argv : ['/usr/sbin/chroot', o.root, ...o.argv];
  const exec = o.argv0 === undefined ? 'exec "$@"' : 'name=$1 && shift && exec -a "$name" "$@"';
  const named = o.argv0 === undefined ? inRoot : [o.argv0, ...inRoot];
  const joined = ['/bin/bash', '-c', `echo 0 >"$0" && ${exec}`, join(cgroup, 'cgroup.procs'), ...named];
  const [command = '', ...args] = o.first ? ['/usr/bin/unshare', '--pid', '--fork', '--kill-child', ...joined] : joined;
  const child: ChildProcess = spawn(command, args, { env: o.env ?? {}, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  let pid = 0;
  await until(`${o.argv.join(' ')} runs`, () => {
    pid = (o.first ? childrenOf(child.pid ?? 0)[0] : child.pid) ?? 0;
    return isItself(pid);
  });
  return { pid, ended };
};

/** Waits until it is so, for five seconds at the most. */
export const until = async (what: string, isSo: () => boolean): Promise<void> => {
  for (let i = 0; i < 250 && !isSo(); i++) await sleep(20);
  if (!isSo()) throw new Error(`${what}: it did not come to that`);
};

/** Waits until a process sleeps in such a function of the kernel. */
export const asleep = async (pid: number, where: RegExp): Promise<void> =>
  await until(`pid ${pid} sleeps in ${where}`, () => {
    try {
      return where.test(readFileSync(`/proc/${pid}/wchan`, 'utf8'));
    } catch {
      return false;
    }
  });

/** Machine code that does nothing but wait: pause() or ppoll() for ever. */
const waiting: Partial<Record<NodeJS.Architecture, { readonly machine: number; readonly code: string }>> = {
  x64: { machine: 62, code: 'b822000000 0f05 ebf7' },
  arm64: { machine: 183, code: '000080d2 010080d2 020080d2 030080d2 040080d2 280980d2 010000d4 f9ffff17' },
};

/** A program (an ELF file) that waits, and heeds no argument. */
export const waiter = (): Buffer => {
  const { machine, code } = waiting[process.arch] ?? {};
  if (machine === undefined || code === undefined) throw new Error(`this test has no program for ${process.arch}`);
  const [base, headers] = [0x400000n, 0x78];
  const body = Buffer.from(code.replaceAll(' ', ''), 'hex');
  const elf = Buffer.alloc(headers);
  elf.write('7f454c46020101', 'hex');
  elf.writeUInt16LE(2, 0x10);
  elf.writeUInt16LE(machine, 0x12);
  elf.writeUInt32LE(1, 0x14);
  elf.writeBigUInt64LE(base + BigInt(headers), 0x18);
  elf.writeBigUInt64LE(0x40n, 0x20);
  elf.writeUInt16LE(0x40, 0x34);
  elf.writeUInt16LE(0x38, 0x36);
  elf.writeUInt16LE(1, 0x38);
  // one segment: the whole file, to be read and executed
  elf.writeUInt32LE(1, 0x40);
  elf.writeUInt32LE(5, 0x44);
  elf.writeBigUInt64LE(base, 0x50);
  elf.writeBigUInt64LE(base, 0x58);
  const size = BigInt(headers + body.length);
  elf.writeBigUInt64LE(size, 0x60);
  elf.writeBigUInt64LE(size, 0x68);
  elf.writeBigUInt64LE(0x1000n, 0x70);
  return Buffer.concat([elf, body]);
};

/** Writes a file and the directories above it. */
export const put = (path: string, content: string | Buffer, mode = 0o755): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode });
};
