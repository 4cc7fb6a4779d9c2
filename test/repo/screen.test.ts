import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOMParser, type Element, onErrorStopParsing } from '@xmldom/xmldom';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { castFrames } from '../../scripts/lib/cast-frames.ts';
import { parseCast } from '../../scripts/lib/parse-cast.ts';
import { recordCast } from '../../scripts/lib/record-cast.ts';
import { screenSvg } from '../../scripts/lib/screen-svg.ts';
import { fakeTerminal } from '../support/terminal.ts';

const docs = join(import.meta.dirname, '../../docs');
const recorded = readFileSync(join(docs, 'screen.cast'), 'utf8');

const draw = async (castText: string): Promise<string> => {
  const cast = parseCast(castText);
  return screenSvg(cast, await castFrames(cast));
};

const castOf = (events: readonly (readonly [number, string, string])[], more: object = {}): string =>
  [{ version: 2, width: 40, height: 10, ...more }, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');

/** Refuses what is not well-formed. */
const parse = (svg: string): Element => {
  const root = new DOMParser({ onError: onErrorStopParsing }).parseFromString(svg, 'image/svg+xml').documentElement;
  if (root === null) throw new Error('empty');
  return root;
};

/** Groups of the terminal's window, each with the row it is in. */
const groups = (svg: string): readonly { readonly row: number; readonly hidden: boolean; readonly group: Element }[] =>
  [...parse(svg).getElementsByTagName('g')].flatMap((group) => {
    const y = /^translate\(0 (\d+)\)$/.exec(group.getAttribute('transform') ?? '')?.[1];
    if (y === undefined) return [];
    const hidden = (group.getAttribute('class') ?? '').split(' ').includes('h');
    return [{ row: (Number(y) - 14) / 19, hidden, group }];
  });

/** Where a text begins, in columns: a single character is placed by its middle. */
const columnOf = (text: Element): number =>
  Math.floor(Number(text.getAttribute('x')) / 8.43 + (text.hasAttribute('textLength') ? 0.1 : 0));

/** What is to be seen where nothing is played, put together from the places of all texts. */
const lastFrame = (svg: string): readonly string[] => {
  const lines: string[] = [];
  for (const { row, hidden, group } of groups(svg)) {
    if (hidden) continue;
    let line = lines[row] ?? '';
    for (const text of group.getElementsByTagName('text')) line = line.padEnd(columnOf(text)) + text.textContent;
    lines[row] = line;
  }
  return Array.from(lines, (line) => line ?? '');
};

/** What a terminal shows in the end. */
const shown = async (castText: string): Promise<readonly string[]> => {
  const cast = parseCast(castText);
  const terminal = fakeTerminal(cast.columns, 100);
  for (const { text } of cast.output) terminal.write(text);
  return terminal.lines();
};

describe('docs/screen.svg', () => {
  const svg = readFileSync(join(docs, 'screen.svg'), 'utf8');

  it('is what scripts/screen draws of docs/screen.cast', async () => {
    expect(await draw(recorded)).toBe(svg);
  });

  it('shows in the end what a terminal shows', async () => {
    expect(lastFrame(svg)).toEqual(await shown(recorded));
  });

  it('tells the same to those who do not see it', async () => {
    const root = parse(svg);
    expect(root.getElementsByTagName('desc')[0]?.textContent).toBe((await shown(recorded)).join('\n'));
    expect(root.getElementsByTagName('title')[0]?.textContent).toMatch(/^kubectl netdoctor /);
  });

  it('is well-formed, small, and needs nothing that GitHub does not let an image have', () => {
    const names = new Set([...parse(svg).getElementsByTagName('*')].map((element) => element.tagName));
    expect([...names].sort()).toEqual(['circle', 'desc', 'g', 'rect', 'style', 'svg', 'text', 'title']);
    expect(svg).not.toMatch(/(?!\n)\p{C}/u);
    expect(svg).not.toMatch(/url\(|@import|href|\son\w+=/);
    expect(Buffer.byteLength(svg)).toBeLessThan(100_000);
  });
});

describe('a picture of a recording', () => {
  it('escapes what XML would obey, and replaces what it forbids', async () => {
    const hostile = `</text><script>alert("1 & 2")</script>]]>&#0;<!--`;
    const cast = castOf([[0, 'o', hostile]], { width: 80, title: `${hostile}\u0000\u001b[31m\ud800\uffff\u202e` });
    const svg = await draw(cast);
    expect(lastFrame(svg)).toEqual([hostile]);
    expect(parse(svg).getElementsByTagName('script')).toHaveLength(0);
    expect(parse(svg).getElementsByTagName('title')[0]?.textContent).toBe(`${hostile}��[31m���`);
    expect(svg).not.toMatch(/(?!\n)\p{C}/u);
  });

  it('is well-formed whatever a program writes', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u001b[', '\u001b]0;', '\u001b[31m', '\u001b[5;5H', '<', '&', ']]>', '\ud800', '\r\n', '漢'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), fc.string({ unit: 'binary' }), async (pieces, title) => {
        const svg = await draw(
          castOf(
            pieces.map((text, i) => [i, 'o', text]),
            { title },
          ),
        );
        expect(parse(svg).tagName).toBe('svg');
        expect(svg).not.toMatch(/(?!\n)\p{C}/u);
      }),
      { numRuns: 50 },
    );
  });

  it('has the text that control sequences leave, and none of them', async () => {
    const cast = castOf([
      [
        0,
        'o',
        'a\u0000b\u001b]0;title\u0007c\u009b31md\u001b[2;3He\u001b]8;;javascript:alert(1)\u001b\\f\u001b]8;;\u001b\\',
      ],
      [1, 'o', '\u202eg\uffffh\ud800i'],
    ]);
    const svg = await draw(cast);
    expect(svg).not.toMatch(/(?!\n)\p{C}|javascript/u);
    expect(lastFrame(svg).map((line) => line.replaceAll('�', ''))).toEqual(['abcd', '  efghi']);
  });

  it('puts what follows a wide character where a terminal does', async () => {
    const svg = await draw(castOf([[0, 'o', '漢字 x │ y──z']]));
    const places = [...parse(svg).getElementsByTagName('text')]
      .slice(1)
      .map((text) => [text.textContent, Number((Number(text.getAttribute('x')) / 8.43).toFixed(1))]);
    expect(places).toEqual([
      ['漢', 1],
      ['字', 3],
      ['x', 5.5],
      ['│', 7.5],
      ['y', 9.5],
      ['──', 10],
      ['z', 12.5],
    ]);
  });

  it('keeps colours, bold, dim and underlined', async () => {
    const svg = await draw(
      castOf([
        [
          0,
          'o',
          '\u001b[31mred\u001b[39m \u001b[1;96mbold\u001b[0m \u001b[2mdim\u001b[22m \u001b[4mline\u001b[24m plain',
        ],
      ]),
    );
    const classes = [...parse(svg).getElementsByTagName('text')]
      .slice(1)
      .map((t) => [t.textContent, t.getAttribute('class')]);
    expect(classes).toEqual([
      ['red', 'c1'],
      ['bold', 'c14 b'],
      ['dim', 'd'],
      ['line', 'u'],
      ['plain', null],
    ]);
  });

  it('draws once what comes again and again, as a spinner does', async () => {
    const spin = Array.from({ length: 40 }, (_, i) => [i / 10, 'o', `\r\u001b[K${'-/|+'[i % 4]} reads`] as const);
    const svg = await draw(castOf([[0, 'o', '\u001b[?25l'], ...spin]));
    expect(groups(svg)).toHaveLength(4);
    expect(groups(svg).filter(({ hidden }) => !hidden)).toHaveLength(1);
  });

  it('shows a cursor only where there is one', async () => {
    const cursors = async (text: string): Promise<number> =>
      parse(await draw(castOf([[0, 'o', text]]))).getElementsByTagName('rect').length - 1;
    expect(await cursors('a')).toBe(1);
    expect(await cursors('a\u001b[?25l')).toBe(0);
    expect(await cursors('a\u001b[?25l\u001b[?25h')).toBe(1);
  });

  it('shortens long waits', async () => {
    const events = [
      [0, 'o', 'a'],
      [60, 'o', 'b'],
      [60.5, 'o', 'c'],
    ] as const;
    const times = async (more: object): Promise<readonly number[]> =>
      (await castFrames(parseCast(castOf(events, more)))).map(({ at }) => at);
    expect(await times({ idle_time_limit: 1 })).toEqual([0, 1, 1.5]);
    expect(await times({})).toEqual([0, 60, 60.5]);
  });

  it('shortens a wait that a spinner fills, and ends with its last turn', async () => {
    const turns = Array.from({ length: 50 }, (_, i) => [i / 10, 'o', `\r${i % 2 ? '⠋' : '⠙'} reads`] as const);
    const played = async (events: readonly (readonly [number, string, string])[]): Promise<readonly string[]> =>
      (await castFrames(parseCast(castOf(events, { idle_time_limit: 1 })))).map(
        ({ at, rows }) => `${at.toFixed(1)} ${rows[0]?.map(({ text }) => text).join(' ')}`,
      );
    const waiting = await played(turns);
    expect(waiting).toHaveLength(11);
    expect(waiting.at(-1)).toBe('1.0 ⠋ reads');
    expect((await played([...turns, [5, 'o', '\rdone\u001b[K']])).slice(-2)).toEqual(['1.0 ⠋ reads', '1.0 done']);
  });

  it('takes what comes within 40 ms as one change', async () => {
    const frames = await castFrames(
      parseCast(
        castOf([
          [0, 'o', 'a'],
          [0.039, 'o', 'b'],
          [0.041, 'o', 'c'],
        ]),
      ),
    );
    expect(frames.map(({ rows }) => rows[0]?.[0]?.text)).toEqual(['ab', 'abc']);
  });

  it('moves down only when there are more rows than the window has', async () => {
    const rows = (n: number): string => Array.from({ length: n }, (_, i) => `row ${i}`).join('\r\n');
    const fits = await draw(castOf([[0, 'o', rows(45)]]));
    const longer = await draw(castOf([[0, 'o', rows(47)]]));
    expect(fits).not.toContain('@keyframes move');
    expect(longer).toContain('translateY(-38px)');
    expect(parse(longer).getAttribute('height')).toBe(parse(fits).getAttribute('height'));
    await expect(draw(castOf([[0, 'o', rows(201)]]))).rejects.toThrow('longer than 200 rows');
  });

  it.each([
    ['', 'not an asciicast of version 2'],
    ['{"version":3,"term":{"cols":80}}', 'not an asciicast of version 2'],
    ['{"version":2,"width":80}\n["0","o","a"]', 'not an event: ["0","o","a"]'],
    ['{"version":2,"width":80}\n[0,"o"]', 'not an event: [0,"o"]'],
  ])('refuses %j', (text, why) => {
    expect(() => parseCast(text)).toThrow(why);
  });

  it('leaves out what is not output', () => {
    expect(
      parseCast(
        castOf([
          [0, 'i', 'x'],
          [1, 'o', 'a'],
          [2, 'm', ''],
        ]),
      ).output,
    ).toEqual([{ at: 1, text: 'a' }]);
  });

  it('is drawn of nothing, too', async () => {
    expect(lastFrame(await draw(castOf([])))).toEqual([]);
  });
});

describe('scripts/screen', () => {
  it('records what a command writes to a terminal of that width, behind what was typed', async () => {
    const script = `stty size; printf '\\033[31m%s\\033[0m\\n' "it's → red"; exit 3`;
    const cast = recordCast({ typed: 'kubectl x', columns: 104, command: ['sh', '-c', script] });
    expect(await shown(cast)).toEqual(['$ kubectl x', '50 104', "it's → red"]);
    expect(lastFrame(await draw(cast))).toEqual(['$ kubectl x', '50 104', "it's → red"]);
    expect(JSON.parse(cast.split('\n')[0] ?? '')).toEqual({
      ...{ version: 2, width: 104, height: 50 },
      ...{ title: 'kubectl x', idle_time_limit: 1 },
    });
    const times = parseCast(cast).output.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it.each([
    [['--typed', 'x'], '-- COMMAND… is missing'],
    [['--', 'true'], '--typed TEXT is missing'],
  ])('refuses %j', (args, why) => {
    const { status, stderr } = spawnSync(process.execPath, [join(docs, '../scripts/screen.ts'), ...args], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining(why)]);
  });
});
