import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { watchLocally } from '../../src/transports/watch/local.ts';
import { needRoot } from './collector/run-program.ts';

const nonce = (): string => `n0123456789abcdef${process.pid}x${Math.round(performance.now())}`.replaceAll('.', '');

const left = (runId: string): string[] => {
  needRoot();
  const script = 'mount -t tracefs t /sys/kernel/tracing && ls /sys/kernel/tracing/instances';
  const { stdout } = spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' });
  const processes = readdirSync('/proc').flatMap((pid) => {
    try {
      const words = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'latin1') : '';
      return words.includes(`netdoctor-${runId}-`) ? [words.slice(0, 60)] : [];
    } catch {
      return [];
    }
  });
  return [...stdout.split('\n').filter((l) => l.startsWith(`netdoctor-${runId}-`)), ...processes];
};

it('gives frames until its time is over, and leaves nothing', async () => {
  const runId = `l${process.pid}a`;
  const texts: string[] = [];
  const frames = watchLocally({ nonce: nonce(), runId, seconds: 2 }, new AbortController().signal);
  for (;;) {
    const next = await frames.next();
    if (next.done) {
      expect(next.value.complete).toBe(true);
      break;
    }
    texts.push(next.value.text);
  }
  expect(texts[0]).toMatch(/^mode\ttrace\t.*\narch \S+\n/);
  expect(texts.at(-1)).toContain('end\ttime\n');
  expect(left(runId)).toEqual([]);
}, 20_000);

it('an interruption ends it without an error', async () => {
  const runId = `l${process.pid}b`;
  const user = new AbortController();
  const frames = watchLocally({ nonce: nonce(), runId, seconds: 60 }, user.signal);
  expect((await frames.next()).done).toBe(false);
  user.abort(new Error('interrupted'));
  for (;;) {
    const next = await frames.next();
    if (!next.done) continue;
    expect(next.value.complete).toBe(false);
    break;
  }
  expect(left(runId)).toEqual([]);
}, 20_000);

it('whoever stops reading ends it too', async () => {
  const runId = `l${process.pid}c`;
  for await (const frame of watchLocally({ nonce: nonce(), runId, seconds: 60 }, new AbortController().signal)) {
    expect(frame.missed).toBe(0);
    break;
  }
  await sleep(200);
  expect(left(runId)).toEqual([]);
}, 20_000);
