/** The forms of plain data. */
export type DataFormat = 'json' | 'yaml';

/** The forms in which a report is printed. */
export type Format = 'table' | DataFormat | 'junit' | 'sarif' | 'markdown';

/** The formats by their names after -o: of a report, of a list, of data alone. */
export const formats = {
  report: ['table', 'json', 'yaml', 'junit', 'sarif', 'markdown'],
  list: ['table', 'json', 'yaml'],
  data: ['json', 'yaml'],
} as const satisfies Readonly<Record<string, readonly Format[]>>;
