import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ScriptRead } from '../../src/core/read.ts';
import { processesProc } from '../../src/probes/workloads/processes.proc.ts';
import { type Collected, collect, shells, tempDir } from '../transports/collector/run-program.ts';
import { none } from './raws.ts';

const where = (program: string): string =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();

/** Shells with the awks that they would find; busybox's runs its own tools. */
export const engines = shells.flatMap(([name, argv]) =>
  (name === 'bash' ? [] : name === 'dash' ? ['mawk', 'busybox'] : ['busybox']).map((awk) => ({ name, awk, argv })),
);
export type Engine = (typeof engines)[number];

/** Runs the script of a read with these parameters. */
export const run = async (
  read: ScriptRead,
  vars: Readonly<Record<string, string>>,
  { awk, argv }: Engine,
  hostRoot = '',
): Promise<Collected> => {
  const bin = tempDir();
  symlinkSync(where(awk), join(bin, 'awk'));
  const c = await collect([read], { argv, vars, hostRoot, env: { PATH: `${bin}:/usr/bin:/bin` } });
  expect(c.end.complete).toBe(true);
  return c;
};

/** All that came from the node, as it was before it was encoded. */
export const everything = (c: Collected, read: ScriptRead): string => {
  const raw = c.raws.get(read.id);
  return raw?.ok ? raw.outputs.map((o) => o.stdout + o.stderr).join('\n') : JSON.stringify(raw);
};

const rows = processesProc.reads.rows as ScriptRead;
export const keyOf = (id: string): string => id.slice(0, 16);

/** The processes of containers, by the first digits of their ids. */
export const processesOf = async (ids: readonly string[], engine: Engine) => {
  const c = await run(rows, { containers: ids.map(keyOf).join(' ') }, engine);
  const reading = processesProc.parse({ rows: c.raws.get(rows.id) ?? none() });
  if (!reading.ok) throw new Error(reading.gap.detail);
  return { c, text: everything(c, rows), found: reading.value };
};
