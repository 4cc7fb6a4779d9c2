import type { Cast } from './cast.ts';
import type { ScreenFrame, ScreenPiece, ScreenRow } from './screen-frame.ts';

/** Of one character, in pixels at full size: the advance of Menlo and DejaVu Sans Mono of 14 pixels; others are put into it. */
const cell = { width: 8.43, height: 19, baseline: 14 };
const margin = 16;
const barHeight = 36;

/** A longer report is shown from its top, then from its end. */
const mostRows = 45;

/** Seconds: how long the whole is to be seen, and if it is longer than the window, how long it moves and how long its end is to be seen. */
const stay = { whole: 10, move: 1.5, end: 6 };

const colors = [
  ...['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4'],
  ...['#6e7681', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#ffffff'],
];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text of XML: what XML gives a meaning is escaped, what it forbids or nobody sees is replaced. */
const escaped = (text: string): string =>
  text.replaceAll(/(?!\n)\p{C}/gu, '\ufffd').replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');

const px = (value: number): string => String(Number(value.toFixed(2)));

const pieceSvg = ({ column, width, text, style }: ScreenPiece): string => {
  const classes = [
    ...(style.color === null ? [] : [`c${style.color}`]),
    ...[style.bold && 'b', style.dim && 'd', style.underline && 'u'].filter((c) => c !== false),
  ];
  const alone = [...text].length === 1;
  const place = alone
    ? `x="${px((column + width / 2) * cell.width)}"`
    : `x="${px(column * cell.width)}" textLength="${px(width * cell.width)}"`;
  // a character alone stands in the middle of its cell, however wide its font has it
  const named = [...(alone ? ['m'] : []), ...classes].join(' ');
  return `<text ${named && `class="${named}" `}${place}>${escaped(text)}</text>`;
};

/** The text of a row as a terminal shows it. */
const rowText = (row: ScreenRow): string => {
  let text = '';
  let column = 0;
  for (const piece of row) {
    text += ' '.repeat(piece.column - column) + piece.text;
    column = piece.column + piece.width;
  }
  return text;
};

/** What is drawn once, and the frames in which it is to be seen. */
interface Drawn {
  readonly svg: string;
  readonly frames: Set<number>;
}

const drawn = (frames: readonly ScreenFrame[], rows: number): readonly Drawn[] => {
  const found = new Map<string, Drawn>();
  const add = (row: number, inner: string, frame: number): void => {
    const svg = `transform="translate(0 ${row * cell.height + cell.baseline})">${inner}</g>`;
    const known = found.get(svg);
    if (known) known.frames.add(frame);
    else found.set(svg, { svg, frames: new Set([frame]) });
  };
  frames.forEach(({ rows: shown, cursor }, i) => {
    shown.forEach((row, y) => {
      if (row.length > 0) add(y, row.map(pieceSvg).join(''), i);
    });
    if (cursor && cursor.row < rows)
      add(cursor.row, `<rect class="cursor" x="${px(cursor.column * cell.width)}" y="-12" width="8" height="16"/>`, i);
  });
  return [...found.values()];
};

/**
 * Draws a recording as one SVG that needs nothing else: no script, no font, no file. It is played by CSS, over and over. Where that is not done, or
 * not wanted (prefers-reduced-motion), it is the last frame.
 */
export const screenSvg = ({ columns, title }: Cast, frames: readonly ScreenFrame[]): string => {
  const last = frames.length - 1;
  const rows = Math.max(1, ...frames.map((frame) => frame.rows.length));
  const window = Math.min(rows, mostRows);
  const hiddenRows = rows - window;
  const ended = frames.at(-1)?.at ?? 0;
  const moveAt = ended + stay.whole;
  const seconds = hiddenRows > 0 ? moveAt + stay.move + stay.end : moveAt;
  const percent = (at: number): string => `${Number(((at / seconds) * 100).toFixed(3))}%`;

  /** One animation for all that is to be seen at the same times. */
  const animations = new Map<string, string>();
  const rules: string[] = [];
  const animation = (seen: Set<number>): string => {
    const steps = frames.flatMap(({ at }, i) =>
      i === 0 || seen.has(i) !== seen.has(i - 1)
        ? [`${percent(i === 0 ? 0 : at)}{visibility:${seen.has(i) ? 'visible' : 'hidden'}}`]
        : [],
    );
    const key = steps.join('');
    const name = animations.get(key) ?? `k${animations.size}`;
    if (!animations.has(key)) {
      animations.set(key, name);
      rules.push(`@keyframes ${name}{${key}}`, `.${name}{animation-name:${name}}`);
    }
    return name;
  };
  const groups = drawn(frames, rows).map(({ svg, frames: seen }) => {
    if (seen.size === frames.length) return `<g ${svg}`;
    return `<g class="f ${animation(seen)}${seen.has(last) ? '' : ' h'}" ${svg}`;
  });
  const move = `@keyframes move{0%,${percent(moveAt)}{transform:none}${percent(moveAt + stay.move)},100%{transform:translateY(${-hiddenRows * cell.height}px)}}
.all{animation:move ${px(seconds)}s ease-in-out infinite}`;

  const inner = { width: columns * cell.width, height: window * cell.height };
  const size = { width: Math.ceil(inner.width + 2 * margin), height: barHeight + inner.height + margin };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="title desc">
<title id="title">${escaped(title)}</title>
<desc id="desc">${escaped((frames.at(-1)?.rows ?? []).map(rowText).join('\n'))}</desc>
<style>
text{font:14px ui-monospace,Menlo,Consolas,monospace;fill:#e6edf3}
.m{text-anchor:middle}
.b{font-weight:bold}
.d{fill-opacity:.62}
.u{text-decoration:underline}
${colors.map((color, i) => `.c${i}{fill:${color}}`).join('\n')}
.cursor{fill:#e6edf3;fill-opacity:.7}
.h{visibility:hidden}
@media (prefers-reduced-motion:no-preference){
.f{animation:${px(seconds)}s step-end infinite}
${[...rules, ...(hiddenRows > 0 ? [move] : [])].join('\n')}
}
</style>
<rect x=".5" y=".5" width="${size.width - 1}" height="${size.height - 1}" rx="9.5" fill="#0d1117" stroke="#30363d"/>
<circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/><circle cx="60" cy="18" r="6" fill="#28c840"/>
<text class="m d" x="${size.width / 2}" y="23">${escaped(title)}</text>
<svg x="${margin}" y="${barHeight}" width="${px(inner.width + margin)}" height="${inner.height}">
<g class="all">
${groups.join('\n')}
</g>
</svg>
</svg>
`;
};
