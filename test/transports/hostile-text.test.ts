import { PassThrough, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { errorText } from '../../src/cli/error-text.ts';
import { progress } from '../../src/cli/progress.ts';
import { readLines } from '../../src/cli/read-lines.ts';
import type { Output as Stream } from '../../src/cli/streams.ts';
import { ApiError } from '../../src/cluster/api-error.ts';
import { statusError } from '../../src/cluster/status-error.ts';
import type { Raw } from '../../src/core/read.ts';
import { type Progress, TransportError } from '../../src/core/transport.ts';
import { unprintable } from '../../src/lib/unprintable.ts';
import { jsonText } from '../../src/reporters/json-text.ts';
import { yamlText } from '../../src/reporters/yaml-text.ts';
import { runCli } from '../support/cli-run.ts';

/** One of each kind that a terminal obeys, hides or reorders; all that a node, a server or a bundle may have in a text. */
const hostile =
  '\x1b[2J\x1b]0;owned\x07\x1b]8;;http://x\x1b\\\x9b31m\x90q\x9c\r\x08\0\x7f\t\u200b\u202e\u2066\u2028\u2029\ufeff\ud800 \u{e0041}end';

const bare = (text: string): number => text.replaceAll('\n', '').search(unprintable);

const raws: readonly Raw[] = [
  { ok: true, outputs: [{ stdout: hostile, stderr: `${hostile}\n${hostile}`, exit: 1, sample: 0, atMs: 0 }] },
  { ok: false, gap: { kind: 'failed', detail: hostile } },
];
const told: readonly Progress[] = [
  { kind: 'stage', text: hostile },
  { kind: 'note', text: `${hostile}\n${hostile}` },
  ...raws.map((raw): Progress => ({ kind: 'read', typed: hostile, raw })),
];

const errors: readonly Error[] = [
  new Error(hostile),
  new TransportError(`${hostile}\n${hostile}`, { cause: new Error(`cause ${hostile}`) }),
  statusError(403, hostile, JSON.stringify({ kind: 'Status', reason: hostile, message: hostile })),
  statusError(500, hostile, `<html>${hostile}`),
  new ApiError('network', '', { cause: new Error(hostile) }),
  Object.assign(new Error('x'), { stack: `Error: x\n    at ${hostile}`, name: hostile }),
];

describe('on stderr', () => {
  /** What a run writes there, on a terminal (whose cursor is moved by functions of its own) or on a pipe. */
  const written = async (terminal: boolean, verbose: boolean): Promise<string> => {
    let text = '';
    const sink = new Writable({
      write: (chunk, _, next) => {
        text += String(chunk);
        next();
      },
    });
    const done = (): boolean => true;
    const stderr = Object.assign(sink, {
      ...{ isTTY: terminal, columns: 80, cursorTo: done, clearLine: done, moveCursor: done },
    }) as Stream;
    const teller = await progress({ stdout: new PassThrough(), stderr }, { NO_COLOR: '1' }, verbose);
    for (const p of told) teller.tell(p);
    teller.stop();
    return text;
  };

  it.each([
    [true, true],
    [false, true],
    [false, false],
  ])('progress, terminal %s, verbose %s', async (terminal, verbose) => {
    const text = await written(terminal, verbose);
    expect(bare(text)).toBe(-1);
    expect(text).toContain('\\x1b[2J');
  });

  it('the spinner: its own control sequences only', async () => {
    const text = await written(true, false);
    // what is left without those that ora writes itself
    const own = text.replaceAll(/\x1b\[\?(?:25[lh]|2026[lh])|\x1b\[(?:\d*[GKA]|[012]K)|\r/g, '');
    expect(bare(own)).toBe(-1);
    expect(stripVTControlCharacters(text)).toContain('\\x1b[2J\\x1b]0;owned');
  });

  it.each(errors.map((error) => [error.name.slice(0, 20), error] as const))('error %#', async (_, error) => {
    for (const stack of [false, true]) expect(bare(errorText(error, stack))).toBe(-1);
    for (const line of ['node n1', 'node n1 -v', 'node n1 -o json']) {
      const run = await runCli(line, { run: () => Promise.reject(error) });
      expect(run.code).toBe(1);
      expect(bare(run.stderr)).toBe(-1);
      expect(run.stdout).toBe('');
    }
  });

  it('notes, stages, reads, and the command that deletes what is left', async () => {
    const run = await runCli('node n1 -v', {
      run: async (_, context) => {
        for (const p of told) context.onProgress(p);
        context.onLeftBehind(hostile, `kubectl delete ${hostile}`);
        throw new Error(hostile);
      },
    });
    expect(bare(run.stderr)).toBe(-1);
    expect(run.stderr).toMatch(/Delete it with/);
  });

  it('names that the user was told to paste', async () => {
    const run = await runCli(['node', `n1${hostile}`, `--${hostile}`]);
    expect(run.code).toBe(1);
    expect(bare(run.stderr)).toBe(-1);
  });

  it('an answer, whatever it is', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(hostile));
    fc.assert(
      fc.property(text, text, text, (typed, stdout, stderr) => {
        const raw: Raw = { ok: true, outputs: [{ stdout, stderr, exit: 1, sample: 0, atMs: 0 }] };
        for (const line of readLines(typed, raw)) expect(line.search(unprintable)).toBe(-1);
      }),
    );
  });
});

describe('on stdout, for programs', () => {
  const value = { [hostile]: [hostile, { text: `a\n${hostile}\n` }] };

  it('JSON has escapes for all of them, and is the same value', () => {
    expect(bare(jsonText(value))).toBe(-1);
    expect(JSON.parse(jsonText(value))).toEqual(value);
  });

  it('YAML has escapes for all of them, and is the same value', () => {
    expect(bare(yamlText(value))).toBe(-1);
    expect(parse(yamlText(value))).toEqual(value);
  });
});
