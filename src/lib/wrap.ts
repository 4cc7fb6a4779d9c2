import stringWidth from 'string-width';

/** Cuts a word that is wider than a line. */
const cut = (word: string, width: number): string[] => {
  if (stringWidth(word) <= width) return [word];
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const out: string[] = [];
  let piece = '';
  let used = 0;
  for (const { segment } of graphemes.segment(word)) {
    const w = stringWidth(segment);
    if (piece !== '' && used + w > width) {
      out.push(piece);
      piece = '';
      used = 0;
    }
    piece += segment;
    used += w;
  }
  return piece === '' ? out : [...out, piece];
};

/** Breaks one line of plain text at its spaces so that no line is wider than `width` columns; words too long for that are cut. */
export const wrap = (line: string, width: number): readonly string[] => {
  const columns = Math.max(1, width);
  if (stringWidth(line) <= columns) return [line];
  const out: string[] = [];
  let current = /^ */.exec(line)?.[0] ?? '';
  let blank = true;
  for (const piece of line
    .split(' ')
    .filter((w) => w !== '')
    .flatMap((w) => cut(w, columns))) {
    const next = blank ? current + piece : `${current} ${piece}`;
    if (stringWidth(next) <= columns) current = next;
    else {
      if (!blank) out.push(current);
      current = piece;
    }
    blank = false;
  }
  return [...out, current];
};
