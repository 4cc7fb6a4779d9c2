import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { applets } from './applets.ts';

/** What one command cost on a node of much traffic. */
export interface Cost {
  readonly name: string;
  /** What it printed. */
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The peak of all its processes together; pages that they share count once. */
  readonly residentBytes: number;
  readonly status: number;
}

/** A node of much traffic: TCP sockets, entries of conntrack, iptables rules, and network namespaces of one process each. */
export interface Load {
  readonly sockets: number;
  readonly entries: number;
  readonly rules: number;
  readonly spaces: number;
}

/** Makes that load in namespaces of its own, for as long as it measures; needs root. Gives what was made, then each command's cost. */
export const measureAt = async (load: Load, collector: string): Promise<readonly [made: Load, ...costs: Cost[]]> => {
  const dir = mkdtempSync(join(tmpdir(), 'netdoctor-bench-'));
  try {
    writeFileSync(join(dir, 'collector.sh'), collector);
    applets(join(dir, 'bin'));
    const amounts = [load.sockets, load.entries, load.rules, load.spaces].map(String);
    const child = spawn(
      'unshare',
      [
        ...[
          '--net',
          '--pid',
          '--fork',
          '--kill-child',
          '--mount-proc',
          'python3',
          join(import.meta.dirname, 'load.py'),
        ],
        ...[...amounts, join(dir, 'collector.sh'), join(dir, 'bin')],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) lines.push(line);
    const status = await ended;
    const [made, ...costs] = lines.map((l): unknown => JSON.parse(l));
    if (status !== 0 || made === undefined)
      throw new Error(`the load could not be made (exit ${status}); it needs root`);
    return [made as Load, ...(costs as Cost[])];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};
