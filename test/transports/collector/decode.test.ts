import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { command, file, type NodeRead, type Output, type Raw, script } from '../../../src/core/read.ts';
import { decode } from '../../../src/transports/collector/decode.ts';
import { answerLimitBytes, streamLimitBytes } from '../../../src/transports/collector/program.ts';
import { type Collected, collect, decodeAll } from './run-program.ts';

const nonce = 'abcdefghijklmnop';
const [a, b] = [file('/a'), file('/b')];
const often = script('o', 'o', ':', { sampling: 'often' });
const hello = `@${nonce} H netdoctor-stream 1 mode=b64 uid=0 window=100 host=node-1\n`;
const end = `@${nonce} Z 12.50 COUNT\n`;
/** Puts the number of frames into the end mark. */
const counted = (stream: string): string =>
  stream.replace('COUNT', `${stream.match(/^@abcdefghijklmnop E /gm)?.length ?? 0}`);
const base64 = (text: string): string =>
  (
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\n');
const bars = (text: string): string =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((l) => `|${l}`)
    .join('\n');

interface Bent {
  readonly err?: string;
  readonly exit?: number | string;
  readonly sample?: number;
  readonly encode?: (text: string) => string;
  readonly endMark?: string;
}

/** A frame as the program prints it. */
const frame = (
  read: NodeRead,
  text: string,
  { err = '', exit = 0, sample = 0, encode = base64, endMark }: Bent = {},
): string => {
  const [out, errors] = [text && encode(text), err && encode(err)];
  const lines = [
    `@${nonce} B ${read.id} ${sample} 12.34`,
    out,
    errors && `@${nonce} S\n${errors}`,
    endMark ?? `@${nonce} E ${read.id} ${sample} 12.40 ${exit} ${Buffer.byteLength(out)} ${Buffer.byteLength(errors)}`,
  ];
  return `${lines.filter((l) => l !== '').join('\n')}\n`;
};

const short = (raw: Raw | undefined): string =>
  raw?.ok ? raw.outputs.map((o) => o.stdout).join('|') : `${raw?.gap.kind}`;
const read = async (
  stream: string,
  reads: readonly NodeRead[] = [a, b],
  with_: string | null = nonce,
): Promise<string[]> => {
  const { raws } = await decodeAll(counted(stream), reads, with_);
  return reads.map((r) => short(raws.get(r.id)));
};

describe('a whole stream', () => {
  it('tells every answer, its times, and how the stream began and ended', async () => {
    const { raws, end: ended } = await decodeAll(
      counted(hello + frame(a, 'one', { err: 'warning ♥' }) + frame(b, '') + end),
      [a, b],
      nonce,
    );
    expect(raws.get(a.id)).toEqual({
      ok: true,
      outputs: [{ stdout: 'one', stderr: 'warning ♥', exit: 0, sample: 0, atMs: 12_400 }],
    });
    expect(raws.get(b.id)).toEqual({
      ok: true,
      outputs: [{ stdout: '', stderr: '', exit: 0, sample: 0, atMs: 12_400 }],
    });
    expect(ended).toEqual({ complete: true, hello: { nonce, uid: 0, windowSeconds: 1, hostName: 'node-1' } });
  });

  it.each([
    ['\\r\\n at the line ends', (s: string) => s.replaceAll('\n', '\r\n')],
    [
      'lines of a log in between',
      (s: string) => s.replaceAll(/^@/gm, 'warning: something\n@').replaceAll(/warning: something\n(@\S+ [ES])/g, '$1'),
    ],
    ['text before and after', (s: string) => `Welcome\n\n${s}logout\n@${nonce} B file:/a 0 1.0\n`],
    ['no line break at the end', (s: string) => s.slice(0, -1)],
  ])('%s', async (_, bend) =>
    expect(await read(bend(hello + frame(a, 'one\ntwo\n') + frame(b, 'three') + end))).toEqual(['one\ntwo\n', 'three']),
  );

  it('samples of one read come together, in order', async () => {
    const stream =
      hello +
      frame(often, '0') +
      frame(a, 'x') +
      frame(often, '1', { sample: 1 }) +
      frame(often, '2', { sample: 2 }) +
      end;
    expect(await read(stream, [often, a])).toEqual(['0|1|2', 'x']);
  });

  it('an answer is told as soon as it is there', async () => {
    const told: string[] = [];
    async function* slowly(): AsyncGenerator<string> {
      yield hello + frame(a, 'x');
      told.push('second chunk');
      yield frame(b, 'y') + end;
    }
    for await (const [r] of decode(slowly(), [a, b], nonce)) told.push(r.id);
    expect(told).toEqual(['file:/a', 'second chunk', 'file:/b']);
  });

  it('bars instead of base64', async () => {
    const text = `plain\n\n|bar\n@${nonce} Z 1\n@${nonce} E file:/a 0 1.0 0 0 0\né ♥ 🙂\n`;
    expect(
      await read(
        hello + frame(a, text, { encode: bars, err: 'é\n' }) + frame(b, '\n\n', { encode: () => '|\n|' }) + end,
      ),
    ).toEqual([text, '\n\n']);
  });

  it('a read that nobody answered, and an answer that nobody asked for', async () => {
    expect(await read(hello + frame(file('/unknown'), 'x') + frame(a, 'x') + end)).toEqual(['x', 'not-collected']);
  });

  it('a bundle: the nonce is that of the first line', async () => {
    expect(await read(hello + frame(a, 'x') + hello.replaceAll(nonce, 'ponmlkjihgfedcba') + end, [a], null)).toEqual([
      'x',
    ]);
    expect(await read(frame(a, 'x') + end, [a], null)).toEqual(['not-collected']);
  });

  it.each([
    ['another nonce', hello.replaceAll('p', 'q')],
    ['another version', hello.replace('stream 1', 'stream 2')],
    ['no first line', ''],
    ['a bent first line', hello.replace('uid=0', 'uid=root')],
  ])('%s: nothing of it counts', async (_, first) =>
    expect(await read(first + frame(a, 'x') + end)).toEqual(['not-collected', 'not-collected']),
  );

  it('an unknown user is null', async () =>
    expect((await decodeAll(hello.replace('uid=0', 'uid=-') + end, [], nonce)).end.hello?.uid).toBeNull());
});

describe('what is bent', () => {
  const x = frame(a, 'x');
  it.each([
    ['no end mark', `${x.split('\n').slice(0, -2).join('\n')}\n`, 'truncated'],
    ['no begin mark', x.split('\n').slice(1).join('\n'), 'truncated'],
    ['no content', x.replace(`${base64('x')}\n`, ''), 'truncated'],
    ['twice the content', x.replace(base64('x'), `${base64('x')}\n${base64('x')}`), 'truncated'],
    ['another text of the same length, not base64', x.replace(base64('x'), '!!!!'), 'truncated'],
    ['a bar before some lines only', frame(a, 'x', { encode: () => '|x\neA==' }), 'truncated'],
    ['the end mark of another read', x.replace('E file:/a', 'E file:/c'), 'truncated'],
    ['the end mark of another sample', x.replace('E file:/a 0', 'E file:/a 1'), 'truncated'],
    ['a sample that is not the next', frame(a, 'x', { sample: 1 }), 'truncated'],
    ['a sample below zero', frame(a, 'x', { sample: -1 }), 'truncated'],
    ['no exit status', frame(a, 'x', { exit: '' }), 'truncated'],
    ['an exit status that is none', frame(a, 'x', { exit: '-' }), 'truncated'],
    ['an end mark cut in its numbers', frame(a, 'x', { endMark: `@${nonce} E file:/a 0 12.40 0` }), 'truncated'],
    ['an end mark with more', frame(a, 'x', { endMark: `@${nonce} E file:/a 0 12.40 0 4 0 9` }), 'truncated'],
    ['a length of another kind', frame(a, 'x', { endMark: `@${nonce} E file:/a 0 12.40 0 0x4 0` }), 'truncated'],
    ['begun again in the middle', `@${nonce} B file:/a 0 1.0\n${x}`, 'truncated'],
    ['a mark of an unknown kind in the middle', x.replace(base64('x'), `@${nonce} Q\n${base64('x')}`), 'x'],
  ])('%s', async (_, stream, want) => expect(await read(hello + stream + frame(b, 'y') + end)).toEqual([want, 'y']));

  it('frames that are interleaved are both not whole', async () => {
    const [begin, ...rest] = frame(a, 'x').split('\n');
    const [second, ...others] = frame(b, 'y').split('\n');
    expect(await read(`${hello}${[begin, second, ...rest.slice(0, -1), ...others].join('\n')}${end}`)).toEqual([
      'truncated',
      'truncated',
    ]);
  });

  it('an answer that comes twice: the first counts', async () =>
    expect(await read(hello + frame(a, 'x') + frame(a, 'z') + frame(b, 'y') + end)).toEqual(['x', 'y']));

  it.each([
    ['one is lost', [0, 2, 3]],
    ['the first is lost', [1, 2]],
    ['one comes twice', [0, 1, 1, 2]],
    ['they come in another order', [0, 2, 1]],
  ])('samples: %s', async (_, samples) => {
    expect(
      await read(hello + samples.map((sample) => frame(often, `${sample}`, { sample })).join('') + end, [often]),
    ).toEqual(['truncated']);
  });

  it.each([
    ['all are there', 2, '0|1'],
    ['the last is lost, which the end mark tells', 3, 'truncated'],
    ['the end mark does not tell how many', '', 'truncated'],
  ])('samples: %s', async (_, count, want) => {
    const stream = hello + frame(often, '0') + frame(often, '1', { sample: 1 }) + end.replace('COUNT', `${count}`);
    expect(await read(stream, [often])).toEqual([want]);
  });

  it('samples: the stream ends among them', async () =>
    expect(await read(hello + frame(often, '0') + frame(often, '1', { sample: 1 }), [often])).toEqual(['truncated']));
});

describe('whatever comes', () => {
  const reads = [
    file('/proc/sys/kernel/osrelease'),
    command('both', ['sh', '-c', 'echo out; echo err >&2; exit 3']),
    file('/gone'),
    often,
    script('last', 'l', 'head -c 300 /proc/version', { sampling: 'end' }),
  ];
  let recorded: Collected;
  let whole: ReadonlyMap<string, Raw>;
  beforeAll(async () => {
    recorded = await collect(reads, { windowSeconds: 0.3 });
    whole = recorded.raws;
    expect(recorded.end.complete).toBe(true);
  });
  const gaps = new Set(['truncated', 'not-collected']);
  const differing = (raws: ReadonlyMap<string, Raw>): NodeRead[] =>
    reads.filter((r) => {
      const [got, want] = [raws.get(r.id), whole.get(r.id)];
      if (got && !got.ok && gaps.has(got.gap.kind)) return false;
      return JSON.stringify(got) !== JSON.stringify(want);
    });

  it('cut at every byte: each answer is the whole one or none', async () => {
    const bytes = recorded.stdout;
    let complete = 0;
    for (let i = 0; i <= bytes.length; i++) {
      const cut = await decodeAll(bytes.slice(0, i), reads, recorded.nonce);
      expect(differing(cut.raws), `cut at ${i}`).toEqual([]);
      if (cut.end.complete) complete++;
    }
    expect(complete).toBeGreaterThan(0);
    expect(complete).toBeLessThan(3);
  }, 60_000);

  it('a piece missing anywhere: each answer is the whole one or none', async () => {
    const missing = fc.asyncProperty(
      fc.nat({ max: recorded.stdout.length - 1 }),
      fc.integer({ min: 1, max: 400 }),
      async (i, n) => {
        const { raws } = await decodeAll(
          recorded.stdout.slice(0, i) + recorded.stdout.slice(i + n),
          reads,
          recorded.nonce,
        );
        expect(differing(raws)).toEqual([]);
      },
    );
    await fc.assert(missing, { numRuns: 500, examples: [[830, 1]] });
  }, 60_000);

  it('whole lines missing, twice there or moved: each answer is the whole one or none', async () => {
    const lines = recorded.stdout.split('\n').slice(1);
    const first = recorded.stdout.split('\n')[0];
    const moved = fc.asyncProperty(
      fc.array(fc.nat({ max: lines.length - 1 }), { minLength: 1, maxLength: 3 }),
      fc.nat({ max: lines.length }),
      fc.boolean(),
      async (which, to, keep) => {
        // Two lines of one text that change places are not seen: there is a length, and no checksum.
        const taken = which.map((i) => lines[i] ?? '').filter((l) => keep || l.startsWith('@'));
        const rest = keep ? [...lines] : lines.filter((__, i) => !which.includes(i));
        const { raws } = await decodeAll([first, ...rest.toSpliced(to, 0, ...taken)].join('\n'), reads, recorded.nonce);
        expect(differing(raws)).toEqual([]);
      },
    );
    await fc.assert(moved, { numRuns: 500 });
  }, 60_000);

  it('a character flipped: at most one answer is another, and never a longer or shorter one', async () => {
    const flipped = fc.asyncProperty(
      fc.nat({ max: recorded.stdout.length - 1 }),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      async (i, c) => {
        const { raws } = await decodeAll(
          recorded.stdout.slice(0, i) + c + recorded.stdout.slice(i + 1),
          reads,
          recorded.nonce,
        );
        expect(differing(raws).length).toBeLessThanOrEqual(1);
      },
    );
    await fc.assert(flipped, { numRuns: 500 });
  }, 60_000);

  it('chunks may end anywhere', async () => {
    const chunked = fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1 }), async (sizes) => {
      async function* chunks(): AsyncGenerator<string> {
        for (let i = 0, k = 0; i < recorded.stdout.length; k++) {
          const n = sizes[k % sizes.length] || (k % sizes.length === 0 ? 1 : 0);
          yield recorded.stdout.slice(i, i + n);
          i += n;
        }
      }
      const { raws, end: ended } = await decodeAll(chunks(), reads, recorded.nonce);
      expect([...raws].toSorted()).toEqual([...whole].toSorted());
      expect(ended).toEqual(recorded.end);
    });
    await fc.assert(chunked, { numRuns: 50 });
  }, 60_000);

  it('any text at all, with and without marks: never a throw, each read told once', async () => {
    const mark = fc.constantFrom(...'HBSEZ').map((k) => `@${nonce} ${k} `);
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      mark,
      fc.constantFrom('\n', '\n', 'file:/a 0 1.0', 'file:/a 0 1.0 0 0 0', '|', 'eA==', '\r\n', '\0'),
    );
    const anything = fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const { raws } = await decodeAll(hello + pieces.join(''), [a, b, often], nonce);
      expect(raws.size).toBe(3);
    });
    await fc.assert(anything, { numRuns: 500 });
  }, 60_000);

  it('encode → decode is identity', async () => {
    const outputs = fc.array(
      fc.record({ stdout: fc.string({ unit: 'binary' }), stderr: fc.string({ unit: 'binary' }) }),
      { minLength: 1, maxLength: 4 },
    );
    const same = fc.asyncProperty(outputs, async (list) => {
      const stream = counted(
        hello + list.map((o, sample) => frame(often, o.stdout, { err: o.stderr, sample })).join('') + end,
      );
      const want: Output[] = list.map((o, sample) => ({
        stdout: o.stdout,
        stderr: o.stderr,
        exit: 0,
        sample,
        atMs: 12_400,
      }));
      const valid = list.every((o) => o.stdout.isWellFormed() && o.stderr.isWellFormed());
      if (valid)
        expect((await decodeAll(stream, [often], nonce)).raws.get(often.id)).toEqual({ ok: true, outputs: want });
    });
    await fc.assert(same, { numRuns: 200 });
  });
});

describe('memory is bounded', () => {
  const mebibyte = 'x'.repeat(1_048_576);
  /** The most memory in use while the stream comes, beyond what was in use before, in MiB. */
  const growth = async (chunks: () => AsyncGenerator<string>): Promise<readonly [number, string[]]> => {
    const before = process.memoryUsage().rss;
    let most = before;
    async function* watched(): AsyncGenerator<string> {
      for await (const c of chunks()) {
        most = Math.max(most, process.memoryUsage().rss);
        yield c;
      }
    }
    const { raws } = await decodeAll(watched(), [a, b], nonce);
    return [(most - before) / 1_048_576, [short(raws.get(a.id)), short(raws.get(b.id))]];
  };

  it.each([
    ['a line of 400 MiB', mebibyte, ''],
    ['a frame of 400 MiB in lines', `${`${'A'.repeat(75)}\n`.repeat(13_797)}`, ''],
    ['400 MiB of errors', `${`${'A'.repeat(75)}\n`.repeat(13_797)}`, `@${nonce} S\n`],
    ['400 MiB of frames that nobody asked for', frame(file('/unknown'), mebibyte.slice(0, 780_000)), ''],
    ['400 MiB of lines without text', '\n'.repeat(1_048_576), ''],
    ['400 MiB of marks', `@${nonce} Q\n`.repeat(50_000), ''],
  ])(
    '%s',
    async (_, chunk, first) => {
      let sent = 0;
      const [grown, got] = await growth(async function* () {
        yield `${hello}@${nonce} B file:/a 0 1.0\n${first}`;
        for (let i = 0; i < 400; i++) {
          sent = i;
          yield chunk;
        }
        yield `\n@${nonce} E file:/a 0 1.0 0 1 0\n${frame(b, 'y')}${end}`;
      });
      expect(got).toEqual(['truncated', 'truncated']);
      expect(sent).toBeLessThan(32);
      expect(grown).toBeLessThan(150);
    },
    60_000,
  );

  it('what came whole before the limit counts, and what did not says why', async () => {
    const filler = 'x'.repeat(1_048_576 - 1);
    async function* chunks(): AsyncGenerator<string> {
      yield hello + frame(a, 'one') + frame(often, '0');
      for (let i = 0; i < 17; i++) yield `${filler}\n`;
      yield counted(frame(often, '1', { sample: 1 }) + frame(b, 'two') + end);
    }
    const { raws, end: ended } = await decodeAll(chunks(), [a, b, often], nonce);
    expect(short(raws.get(a.id))).toBe('one');
    expect(ended.complete).toBe(false);
    for (const id of [b.id, often.id]) {
      const detail = `the answer of ${id} did not come whole: the node sent more than 16 MiB, and what came behind is not read`;
      expect(raws.get(id)).toEqual({ ok: false, gap: { kind: 'truncated', detail } });
    }
  });

  it.each([
    ['just the limit', 0, ['one', 'two']],
    ['without its last line break', 1, ['one', 'two']],
    ['without its last digit', 2, ['one', 'truncated']],
  ])('what lies within the limit: %s', async (_, more, want) => {
    const [before, behind] = [hello + frame(a, 'one'), counted(frame(b, 'two'))];
    const filler = 'x'.repeat(streamLimitBytes - before.length - behind.length - 1 + more);
    expect(await read(`${before}${filler}\n${behind}`)).toEqual(want);
  });

  it('a stream that ends by its end mark is not cut, whatever comes behind', async () => {
    expect(await read(hello + frame(a, 'x') + frame(b, 'y') + end + 'x'.repeat(streamLimitBytes))).toEqual(['x', 'y']);
  });

  it.each([
    [10_000, 'outputs'],
    [10_001, 'truncated'],
  ])('%i samples', async (count, want) => {
    const samples = Array.from({ length: count }, (_, sample) => frame(often, '', { sample })).join('');
    const { raws } = await decodeAll(counted(hello + samples + end), [often], nonce);
    const raw = raws.get(often.id);
    expect(raw?.ok ? 'outputs' : raw?.gap.kind).toBe(want);
  });

  it('an answer of just the limit is whole, with bars too', async () => {
    const text = '\n'.repeat(answerLimitBytes);
    expect((await read(hello + frame(a, text) + frame(b, text, { encode: bars }) + end)).map((t) => t.length)).toEqual([
      answerLimitBytes,
      answerLimitBytes,
    ]);
  });
});
