import { isDeepStrictEqual } from 'node:util';
import xterm, { type IBufferCell, type IBufferLine } from '@xterm/headless';
import type { Cast, CastOutput } from './cast.ts';
import type { ScreenFrame, ScreenPiece, ScreenRow, ScreenStyle } from './screen-frame.ts';

/** As tall as this, so that nothing is scrolled out of sight. */
const tallest = 200;

/** Changes that follow within so many seconds are one, e.g. what a spinner clears and writes again. */
const oneChange = 0.04;

const styleOf = (cell: IBufferCell): ScreenStyle => ({
  color: cell.isFgPalette() && cell.getFgColor() < 16 ? cell.getFgColor() : null,
  bold: cell.isBold() !== 0,
  dim: cell.isDim() !== 0,
  underline: cell.isUnderline() !== 0,
});

const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);

/**
 * Whether the next cell belongs to this piece. What is not ASCII may come from another font and be wider there, so each such character is placed by
 * itself, but for lines of one character.
 */
const goesOn = (piece: ScreenPiece, next: ScreenPiece): boolean => {
  const gap = next.column - piece.column - piece.width;
  const alike = isAscii(piece.text) ? isAscii(next.text) && gap <= 1 : piece.text.endsWith(next.text) && gap === 0;
  return alike && isDeepStrictEqual(piece.style, next.style);
};

const rowOf = (line: IBufferLine | undefined): ScreenRow => {
  const pieces: ScreenPiece[] = [];
  // most rows are empty, and to look at each cell takes its time
  if (line === undefined || line.translateToString(true) === '') return pieces;
  for (let column = 0; column < line.length; column++) {
    const cell = line.getCell(column);
    const text = cell?.getChars();
    // a cell with no text was never written, or is the second half of a wide character
    if (!cell || !text || text === ' ' || cell.isInvisible()) continue;
    const next = { column, width: cell.getWidth(), text, style: styleOf(cell) };
    const last = pieces.at(-1);
    if (last && goesOn(last, next)) {
      const gap = column - last.column - last.width;
      pieces.splice(-1, 1, {
        ...last,
        width: last.width + gap + next.width,
        text: `${last.text}${' '.repeat(gap)}${text}`,
      });
    } else pieces.push(next);
  }
  return pieces;
};

/** The output, with what comes at one time in one. */
const changes = ({ output }: Cast): readonly CastOutput[] => {
  const joined: CastOutput[] = [];
  for (const next of output) {
    const last = joined.at(-1);
    if (last && next.at - last.at < oneChange) joined.splice(-1, 1, { at: last.at, text: last.text + next.text });
    else joined.push(next);
  }
  return joined;
};

/** What is to be read in a frame. A spinner that turns tells nothing new. */
const told = ({ rows }: ScreenFrame): string => JSON.stringify(rows).replaceAll(/[\u2800-\u28ff]/g, ' ');

/** Ends each wait after so many seconds, also one that a spinner fills. */
const shortened = (frames: readonly ScreenFrame[], idleLimit: number): readonly ScreenFrame[] => {
  const kept: ScreenFrame[] = [];
  let since = 0;
  let left = 0;
  let before = '';
  for (const frame of frames) {
    const now = told(frame);
    const waited = frame.at - since;
    if (now !== before) {
      left += Math.max(0, waited - idleLimit);
      since = frame.at;
      before = now;
      kept.push({ ...frame, at: frame.at - left });
    } else if (waited <= idleLimit) kept.push({ ...frame, at: frame.at - left });
    else kept.splice(-1, 1, { ...frame, at: kept.at(-1)?.at ?? 0 });
  }
  return kept;
};

/** Plays a recording: what is to be seen, at each change. Throws when it is longer than 200 rows. */
export const castFrames = async (cast: Cast): Promise<readonly ScreenFrame[]> => {
  const terminal = new xterm.Terminal({ cols: cast.columns, rows: tallest, allowProposedApi: true, logLevel: 'off' });
  let hidden = false;
  for (const final of ['h', 'l'])
    terminal.parser.registerCsiHandler({ prefix: '?', final }, (modes) => {
      if (modes.includes(25)) hidden = final === 'l';
      // the terminal obeys it too
      return false;
    });
  const frames: ScreenFrame[] = [];
  for (const { at, text } of changes(cast)) {
    await new Promise<void>((resolve) => terminal.write(text, resolve));
    const buffer = terminal.buffer.active;
    if (buffer.baseY > 0) throw new Error(`the recording is longer than ${tallest} rows`);
    const rows = Array.from({ length: tallest }, (_, row) => rowOf(buffer.getLine(row)));
    const frame = {
      at,
      rows: rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1),
      cursor: hidden ? null : { row: buffer.cursorY, column: buffer.cursorX },
    };
    const last = frames.at(-1);
    if (!last || !isDeepStrictEqual({ ...frame, at: last.at }, last)) frames.push(frame);
  }
  terminal.dispose();
  return shortened(frames, cast.idleLimit);
};
