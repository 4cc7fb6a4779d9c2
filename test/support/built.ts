import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../scripts/lib/bundle.ts';

/** How a run of the built program ended. */
export interface BuiltRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory that it ever had, in MiB. */
  readonly peakMiB: number;
}

/** The program as it is shipped, in a folder of its own. */
export interface Built extends Disposable {
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<BuiltRun>;
}

/** Tells the most memory of this process at its end; ru_maxrss would tell what the process that started it had. */
const hook = `process.on('exit', () => {
  const fs = require('node:fs');
  fs.writeFileSync(process.env.PEAK_FILE, fs.readFileSync('/proc/self/status', 'utf8'));
});`;

/** Builds the program from src as it is shipped. */
export const built = async (): Promise<Built> => {
  const dir = mkdtempSync(join(tmpdir(), 'netdoctor-built-'));
  await bundle(join(import.meta.dirname, '../..'), dir, 'main.js');
  writeFileSync(join(dir, 'hook.cjs'), hook);
  let runs = 0;
  return {
    run: (args, env = {}) =>
      new Promise((resolve, reject) => {
        const peak = join(dir, `peak.${runs++}`);
        const child = spawn(process.execPath, ['--require', join(dir, 'hook.cjs'), join(dir, 'main.js'), ...args], {
          env: { PATH: process.env.PATH ?? '', ...env, PEAK_FILE: peak },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        const texts = { stdout: '', stderr: '' };
        for (const name of ['stdout', 'stderr'] as const)
          child[name].setEncoding('utf8').on('data', (text: string) => {
            texts[name] += text;
          });
        child.on('error', reject);
        child.on('close', (code) => {
          const [, kib = 'NaN'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(peak, 'utf8')) ?? [];
          resolve({ code, ...texts, peakMiB: Number(kib) / 1024 });
        });
      }),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
};
