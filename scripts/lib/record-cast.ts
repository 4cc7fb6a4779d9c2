import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellQuoted } from '../../src/lib/shell-quoted.ts';
import type { CastOutput } from './cast.ts';

/** What to record. */
export interface Recording {
  /** Shown after a prompt as if someone typed it; also the title. */
  readonly typed: string;
  /** How wide the terminal is. */
  readonly columns: number;
  readonly command: readonly [string, ...string[]];
}

const rows = 50;
const idleLimit = 1;

/** Seconds from one key to the next, and before and after all of them. */
const typing = { key: 0.05, pause: 0.6 };

/** Runs a command in a terminal of its own, and gives what it wrote there. */
const ran = (columns: number, command: readonly string[]): readonly CastOutput[] => {
  const folder = mkdtempSync(join(tmpdir(), 'netdoctor-screen-'));
  const [log, timing] = [join(folder, 'log'), join(folder, 'timing')];
  try {
    const { error } = spawnSync(
      'script',
      [
        // -E never: or else the end of our standard input would be seen as ^D
        ...['-q', '-E', 'never', '-m', 'classic', '--log-out', log, '--log-timing', timing, '-c'],
        `stty cols ${columns} rows ${rows} && exec ${command.map(shellQuoted).join(' ')}`,
      ],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          ...{ ...process.env, SHELL: '/bin/sh', TERM: 'xterm-256color' },
          // as where people work: colours and spinners
          ...{ NO_COLOR: undefined, FORCE_COLOR: undefined, CI: undefined },
        },
      },
    );
    if (error) throw error;
    const written = readFileSync(log);
    const decoder = new TextDecoder();
    // a line of script's own comes first
    let from = written.indexOf('\n') + 1;
    let at = 0;
    return readFileSync(timing, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [delay, bytes] = line.split(' ').map(Number);
        if (delay === undefined || bytes === undefined) throw new Error(`not a timing of script's: ${line}`);
        at += delay;
        const to = from + bytes;
        const text = decoder.decode(written.subarray(from, to), { stream: true });
        from = to;
        return { at, text };
      });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Records a command as asciicast v2, behind a prompt with what was typed. Needs `script` of util-linux. */
export const recordCast = ({ typed, columns, command }: Recording): string => {
  const keys = [...typed].map((key, i) => ({ at: typing.pause + i * typing.key, text: key }));
  const entered = typing.pause * 2 + keys.length * typing.key;
  const events: readonly CastOutput[] = [
    { at: 0, text: '\x1b[32m$\x1b[39m ' },
    ...keys,
    { at: entered, text: '\r\n' },
    ...ran(columns, command).map(({ at, text }) => ({ at: entered + at, text })),
  ];
  const header = { version: 2, width: columns, height: rows, title: typed, idle_time_limit: idleLimit };
  const lines = [header, ...events.map(({ at, text }) => [Number(at.toFixed(3)), 'o', text])];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
};
