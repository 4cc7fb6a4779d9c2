import { type ChildProcess, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CountedGroup } from './counted-group.ts';
import { droppedByRules, snmpValue } from './kernel-counts.ts';

/** How many of each in a second. */
export interface Traffic {
  readonly connections: number;
  readonly drops: number;
}

/** The node opens the connections; the other side closes them first and keeps them for a minute, and drops packets. */
export type Side = 'node' | 'other';

/** Makes that traffic, between two network namespaces that go with its processes. */
export class TrafficLoad {
  /** All its processes. */
  readonly group = new CountedGroup('load');
  readonly #child: ChildProcess;
  readonly #other: Promise<string>;
  constructor({ connections, drops }: Traffic) {
    const program = join(import.meta.dirname, 'watch-load.py');
    this.#child = this.group.start(
      ['unshare', '--net', 'python3', program, String(connections), String(drops)],
      process.env,
    );
    this.#child.stderr?.pipe(process.stderr);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#other = promise;
    this.#child.stdout?.once('data', (line) => resolve(String(line).trim()));
    this.#child.once('error', reject);
    this.#child.once('exit', (status) =>
      reject(new Error(`the load could not be made (exit ${status}); it needs root`)),
    );
  }
  /** A process of that side; throws where the load cannot be made. */
  async on(side: Side): Promise<string> {
    const other = await this.#other;
    return side === 'other' ? other : String(this.#child.pid);
  }
  /** What the kernel has counted of it. */
  async counts(): Promise<{ readonly connections: number; readonly drops: number }> {
    const other = await this.#other;
    const rules = spawnSync('nsenter', [`--net=/proc/${other}/ns/net`, 'iptables-save', '-c'], { encoding: 'utf8' });
    return {
      connections: snmpValue(readFileSync(`/proc/${other}/net/snmp`, 'utf8'), 'Tcp', 'PassiveOpens'),
      drops: droppedByRules(rules.stdout),
    };
  }
  /** Ends it. */
  async end(): Promise<void> {
    this.#child.removeAllListeners('exit');
    this.#child.stdin?.end();
    this.#child.kill('SIGTERM');
    await this.group.remove();
  }
}
