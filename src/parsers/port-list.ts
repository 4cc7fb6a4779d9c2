type Range = readonly [from: number, to: number];

/** "30000-32767,40000" (the kernel's form, also with spaces) as ranges; null if it is not that. An empty text is no range at all. */
export const parsePortList = (text: string): Range[] | null => {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const out: Range[] = [];
  for (const part of trimmed.split(',')) {
    const m = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
    if (!m) return null;
    const from = Number(m[1]);
    const to = m[2] === undefined ? from : Number(m[2]);
    if (from > to || to > 65535) return null;
    out.push([from, to]);
  }
  return out;
};
