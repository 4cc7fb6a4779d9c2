import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ranSeconds } from './kernel-counts.ts';

/**
 * A cgroup of version 2, whose cpu.stat counts without any controller, also beside version 1. Whatever is left in it is ended with it. Throws where
 * there is no cgroup2, and without root.
 */
export class CountedGroup {
  /** Where it looks for programs. */
  static readonly searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  readonly path: string;
  constructor(name: string) {
    const mount = /^\S+ \S+ \S+ \S+ (\S+) .* - cgroup2 /m.exec(readFileSync('/proc/self/mountinfo', 'utf8'))?.[1];
    if (mount === undefined) throw new Error('no cgroup2 is mounted here: mount -t cgroup2 none DIRECTORY');
    this.path = join(mount, `netdoctor-bench-${process.pid}-${name}`);
    mkdirSync(this.path);
  }
  /** The processes in it. */
  get pids(): readonly string[] {
    return readFileSync(join(this.path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean);
  }
  /** CPU seconds of all that are or were in it. */
  get seconds(): number {
    return ranSeconds(readFileSync(join(this.path, 'cpu.stat'), 'utf8'));
  }
  /** Whether it was empty within so many milliseconds. */
  async emptied(ms: number): Promise<boolean> {
    for (const until = performance.now() + ms; performance.now() < until; await sleep(50))
      if (this.pids.length === 0) return true;
    return false;
  }
  /** Ends what is in it. */
  async remove(): Promise<void> {
    for (const pid of this.pids) spawnSync('kill', ['-9', pid]);
    await this.emptied(2000);
    rmdirSync(this.path);
  }
  /** Starts a command in it, with its three streams piped. */
  start(argv: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    // setpriv: it is not to outlive us, however we end
    const script = `echo $$ >${join(this.path, 'cgroup.procs')} && exec setpriv --pdeathsig TERM "$@"`;
    return spawn('/bin/sh', ['-c', script, 'sh', ...argv], {
      env: { PATH: CountedGroup.searchPath, ...env },
      stdio: 'pipe',
    });
  }
}
