type Range = readonly [from: number, to: number];

/** One range: "32768\t60999" as the sysctl prints it, "30000-32767" or "30000+2767" as the apiserver's flag takes it; null if it is not that. */
export const parsePortSpan = (text: string): Range | null => {
  const m = /^(\d{1,5})(\s+|-|\+)(\d{1,5})$/.exec(text.trim());
  if (!m) return null;
  const from = Number(m[1]);
  const to = m[2] === '+' ? from + Number(m[3]) : Number(m[3]);
  return from <= to && to <= 65535 && from > 0 ? [from, to] : null;
};
