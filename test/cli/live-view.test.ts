import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { liveView } from '../../src/cli/live-view.ts';
import { liveWatch } from '../../src/reporters/live-watch.ts';
import { type FakeTerminal, fakeTerminal } from '../support/terminal.ts';
import { begin, connect, drops, names } from '../support/watch-events.ts';

const head = (s: number): string => `watching node1: ${s}s of 10m0s; Ctrl-C ends it`;
const told =
  '+0.0 s  kubelet → shop/cart-7 10.244.1.2:8080 from port 31055, the NodePort of shop/web: refused, nobody listens there or a rule rejects it';

const shown = async (columns = 80, rows = 24) => {
  const terminal = fakeTerminal(columns, rows);
  terminal.write('the report\n');
  let now = 0;
  const watch = liveWatch({ of: 'node1', seconds: 600, color: false, unicode: true });
  const view = await liveView(terminal.stream, () => now, watch);
  const drawnAt = async (seconds: number): Promise<readonly string[]> => {
    now = seconds * 1000;
    await sleep(600);
    return lines(terminal);
  };
  return { terminal, view, drawnAt };
};
const lines = async (terminal: FakeTerminal): Promise<readonly string[]> =>
  (await terminal.lines()).map((line) => line.trim());

describe.concurrent('on a terminal', () => {
  it('what matters stays above a block that is drawn over', async () => {
    const { terminal, view, drawnAt } = await shown();
    expect(await lines(terminal)).toEqual(['the report', head(0)]);
    await view.onEvents([begin, drops('f', 5)], names, null);
    await view.onEvents([connect(31055)], names, null);
    const row = 'IPv4 packets dropped: NETFILTER_DROP (f); a firewall rule th…';
    const victim = /kubelet → .*…$/;
    expect(await drawnAt(2)).toEqual([
      ...['the report', '+0.0 s  watching a', told, head(2)],
      ...[`5  2.5/s  2s ago  ${row}`, expect.stringMatching(victim)],
    ]);
    await view.onEvents([drops('f', 5)], names, null);
    expect((await drawnAt(4)).slice(3, 5)).toEqual([head(4), `10  2.5/s  2s ago  ${row.replace('th…', 't…')}`]);
  });

  it('ten thousand kinds do not scroll', async () => {
    const { terminal, view } = await shown(80, 10);
    await view.onEvents(
      Array.from({ length: 10_000 }, (_, i) => drops(`f${i}`)),
      names,
      null,
    );
    await sleep(600);
    const all = await terminal.lines();
    expect(all).toHaveLength(7);
    expect(all.at(-1)).toBe('and 497 more kinds');
  });

  it.each([
    [60, 24],
    [40, 24],
    [20, 24],
    [120, 24],
    [80, 6],
  ])('made %i by %i it is right again', async (columns, rows) => {
    const { terminal, view, drawnAt } = await shown(80, 24);
    await view.onEvents([begin, ...['a', 'b', 'c'].map((f) => drops(f.repeat(40), 1)), connect(31055)], names, null);
    await drawnAt(1);
    await terminal.resize(columns, rows);
    const after = await drawnAt(2);
    expect(after.slice(0, 3)).toEqual(['the report', '+0.0 s  watching a', told]);
    expect(after.filter((line) => line.startsWith('watching node1'))).toHaveLength(1);
    expect(after).toHaveLength(rows === 6 ? 5 : 8);
    for (const line of after.slice(3)) expect(line.length).toBeLessThan(columns);
    view.stop();
    expect((await lines(terminal)).slice(3, 5)).toEqual(['Seen in 2s:', expect.stringMatching(/^1 × /)]);
  });

  it('stopped and continued, it leaves alone what others wrote meanwhile', async () => {
    const { terminal, drawnAt } = await shown();
    await drawnAt(1);
    terminal.write('[1]+ Stopped\n');
    expect(await drawnAt(60)).toEqual([
      ...['the report', head(1), '[1]+ Stopped', 'watching node1: 1m0s of 10m0s; Ctrl-C ends it'],
    ]);
  });

  it('makes room for what others write', async () => {
    const { terminal, view } = await shown();
    view.aside(() => terminal.write('a note\n'));
    expect(await lines(terminal)).toEqual(['the report', 'a note', head(0)]);
  });

  it('leaves what was seen, once', async () => {
    const { terminal, view } = await shown();
    await view.onEvents([drops('f', 5)], names, null);
    view.stop();
    view.stop();
    await view.onEvents([connect(31055)], names, null);
    await sleep(600);
    expect(await lines(terminal)).toEqual([
      ...[
        'the report',
        'Seen in 0s:',
        '5 × IPv4 packets dropped: NETFILTER_DROP (f); a firewall rule threw them away (see firewall/drops)',
      ],
    ]);
  });
});

/** A program on a pseudo-terminal of 80 by 24; `keys` are pressed, or the program is sent a signal, once its block stood for a while. */
const onTerminal = async (args: string, end: { readonly keys?: string; readonly signal?: NodeJS.Signals }) => {
  const program = join(import.meta.dirname, '../support/watch-program.ts');
  const command = `stty cols 80 rows 24; echo "pid $$"; exec '${process.execPath}' '${program}' ${args}`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, SHELL: '/bin/sh' },
  });
  const terminal = fakeTerminal(80, 24);
  child.stdout.setEncoding('utf8').on('data', (text: string) => terminal.write(text));
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const sent = async (): Promise<void> => {
    const stands = (): boolean =>
      terminal.written().includes('a note') && /watching node1: [1-9]\d*s of/.test(terminal.written());
    while (!stands() && child.exitCode === null) await sleep(50);
    await sleep(500);
    if (end.keys !== undefined) child.stdin.write(end.keys);
    if (end.signal) process.kill(Number(/pid (\d+)/.exec(terminal.written())?.[1]), end.signal);
  };
  const [code] = await Promise.all([closed, sent()]);
  return { code, written: terminal.written(), lines: await lines(terminal) };
};

describe('a whole run on a pseudo-terminal', () => {
  it.each([
    ['Ctrl-C', '', { keys: '\x03' }, 130],
    ['a kill', '', { signal: 'SIGTERM' }, 143],
    ['an error', 'fails', {}, 1],
  ] as const)('ended by %s leaves it as it was', async (_, args, end, want) => {
    const { code, written, lines } = await onTerminal(args, end);
    expect(code).toBe(want);
    const from = lines.findIndex((line) => line.endsWith('watching a'));
    const last = want === 1 ? 'error: it broke' : 'The watch found no other problem than the report above.';
    const seen = lines.indexOf(lines.find((line) => line.startsWith('Seen in')) ?? '');
    expect(lines.slice(from, seen)).toEqual(['+0.0 s  watching a', told.replace('+0.0', '+0.3'), 'a note']);
    expect(lines.slice(seen + 1).filter((line) => !/^(\d+ × |and \d+ more kinds|$)/.test(line))).toEqual([last]);
    expect(lines.join('')).not.toContain('Ctrl-C ends it');
    // the cursor and all modes are as before: what was turned off is on again
    const modes = new Map([...written.matchAll(/\x1b\[\?(\d+)([hl])/g)].map(([, mode, to]) => [mode, to]));
    expect(modes.get('25') ?? 'h').toBe('h');
    expect([...modes].filter(([mode]) => mode !== '25')).toEqual([['2026', 'l']]);
    expect(written).toMatch(/watching node1: [1-9]\d*s of 10m0s; Ctrl-C ends it/);
  });

  it('killed, it leaves a cursor', async () => {
    const { written } = await onTerminal('', { signal: 'SIGKILL' });
    expect(written).not.toContain('\x1b[?25l');
  });
});
