/** One sample of the text format of Prometheus. */
export interface Metric {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A sample's line; null for comments and for what is none. Escapes in label values are undone. */
export const metricLine = (line: string): Metric | null => {
  const [, name, , inner = '', number = ''] =
    /^([A-Za-z_:][\w:]*)(\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})?[ \t]+([-+.\w]+)(?:[ \t]+-?\d+)?\s*$/.exec(line) ?? [];
  if (name === undefined) return null;
  const value = number === '+Inf' ? Number.POSITIVE_INFINITY : number === '-Inf' ? Number.NEGATIVE_INFINITY : +number;
  if (Number.isNaN(value)) return null;
  const labels = [...inner.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']): [string, string] => [
    key,
    text.replaceAll(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c)),
  ]);
  return { name, labels: Object.fromEntries(labels), value };
};
