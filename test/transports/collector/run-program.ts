import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { NodeRead, Raw } from '../../../src/core/read.ts';
import type { ProgramOptions } from '../../../src/core/stream.ts';
import { decode, type StreamEnd } from '../../../src/transports/collector/decode.ts';
import { writeProgram } from '../../../src/transports/collector/program.ts';

/** The shells that a node or a debug image may have. */
export const shells: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ['dash', ['dash', '-s']],
  ['busybox sh', ['busybox', 'sh', '-s']],
  ['bash', ['bash', '-s']],
];

/** Some tests make network and mount namespaces, or become another user. */
export const needRoot = (): void => {
  if (process.getuid?.() !== 0)
    throw new Error('this test makes namespaces or changes its user id: run it as root (in a container, privileged)');
};

/** A directory that goes away with the test. */
export const tempDir = (): string => {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'netdoctor-test-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

let runs = 0;
/** A nonce of its own for each run, by which its processes can be told. */
export const newNonce = (): string => `n${process.pid}x${Date.now()}x${String(runs++).padStart(8, '0')}`;

export interface Run {
  readonly argv: readonly string[];
  readonly nonce: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What to do to the main shell while it runs, so long after its first word. */
  readonly signal?: readonly [NodeJS.Signals, afterMs: number];
  /** Sees all that was printed, each time that something came. */
  readonly onText?: (soFar: string) => void;
}

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  /** Until the shell ended and nobody held its output open. */
  readonly ms: number;
}

/** Runs `argv` with the program on its standard input. Its processes carry the nonce in their environment. */
export const runShell = (program: string, run: Run): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const before = Date.now();
    const [command = '', ...args] = run.argv;
    const child = spawn(command, args, {
      env: { PATH: process.env.PATH ?? '', ...run.env, ND_TEST_RUN: run.nonce },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (b: Buffer) => {
      out.push(b);
      run.onText?.(Buffer.concat(out).toString('utf8'));
    });
    child.stderr.on('data', (b: Buffer) => err.push(b));
    child.on('error', reject);
    child.stdin.on('error', () => {});
    child.on('close', (code) =>
      resolve({
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
        code,
        ms: Date.now() - before,
      }),
    );
    child.stdin.end(program);
    const { signal } = run;
    // what it prints first comes when it is ready to be ended
    if (signal) child.stdout.once('data', () => setTimeout(() => child.kill(signal[0]), signal[1]));
  });

const running = (nonce: string): string[] =>
  readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`ND_TEST_RUN=${nonce}`))
        return [];
      return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')];
    } catch {
      return [];
    }
  });

/** Command lines of the processes of a run that are still there. What is just being killed has a second to go. */
export const leftOf = async (nonce: string): Promise<string[]> => {
  for (let i = 0; i < 20 && running(nonce).length > 0; i++) await sleep(50);
  return running(nonce);
};

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

export interface Decoded {
  readonly raws: ReadonlyMap<string, Raw>;
  readonly end: StreamEnd;
}

/** Decodes a whole stream. */
export const decodeAll = async (
  chunks: string | AsyncIterable<string>,
  reads: readonly NodeRead[],
  nonce: string | null,
): Promise<Decoded> => {
  const raws = new Map<string, Raw>();
  const it = decode(typeof chunks === 'string' ? once(chunks) : chunks, reads, nonce);
  for (;;) {
    const next = await it.next();
    if (next.done) return { raws, end: next.value };
    const [read, raw] = next.value;
    if (raws.has(read.id)) throw new Error(`${read.id} was told twice`);
    raws.set(read.id, raw);
  }
};

export interface Collected extends Decoded, Ran {
  readonly nonce: string;
  /** The answer to a read, as text, or "kind: detail" of its gap. */
  text(read: NodeRead): string;
}

type Options = Partial<Omit<ProgramOptions, 'nonce' | 'hostRoot'>> & { readonly hostRoot?: string } & Partial<
    Omit<Run, 'nonce'>
  >;

/** Writes the program, runs it and decodes what it prints. */
export const collect = async (reads: readonly NodeRead[], o: Options = {}): Promise<Collected> => {
  const nonce = newNonce();
  // A host root elsewhere than /host is for tests only.
  const hostRoot = (o.hostRoot ?? '') as ProgramOptions['hostRoot'];
  const program = writeProgram(reads, {
    nonce,
    windowSeconds: o.windowSeconds ?? 0,
    deadlineSeconds: o.deadlineSeconds ?? 30,
    hostRoot,
    vars: o.vars ?? {},
  });
  const run: Run = {
    argv: o.argv ?? ['dash', '-s'],
    nonce,
    ...(o.env ? { env: o.env } : {}),
    ...(o.signal ? { signal: o.signal } : {}),
    ...(o.onText ? { onText: o.onText } : {}),
  };
  const ran = await runShell(program, run);
  const decoded = await decodeAll(ran.stdout, reads, nonce);
  const text = (read: NodeRead): string => {
    const raw = decoded.raws.get(read.id);
    if (!raw) return 'never told';
    return raw.ok ? raw.outputs[0].stdout : `${raw.gap.kind}: ${raw.gap.detail}`;
  };
  return { ...ran, ...decoded, nonce, text };
};

/**
 * A shell on a node that has these programs only: in a mount namespace of its own, with copies of them over /usr/bin.
 * `name=program` gives a program another name.
 */
export const bareNode = (shell: readonly string[], programs: readonly string[]): string[] => {
  needRoot();
  const dir = tempDir();
  const [tools, empty] = [join(dir, 'tools'), join(dir, 'empty')];
  mkdirSync(tools);
  mkdirSync(empty);
  for (const p of [...programs, ...shell.slice(0, 1)]) {
    const [name = '', from = name] = p.split('=');
    const found = spawnSync('sh', ['-c', `command -v ${from}`], {
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    }).stdout.trim();
    if (!found) throw new Error(`this test needs ${from} on this machine`);
    copyFileSync(realpathSync(found), join(tools, name));
  }
  const script =
    'for d in /usr/local/bin /usr/local/sbin /usr/sbin; do mount --bind "$1" $d || exit; done; mount --bind "$0" /usr/bin && shift && PATH=/usr/bin exec "$@"';
  return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, tools, empty, ...shell];
};
