import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';

/** A recorded file of test/raw. */
const rawFile = (name: string): string => readFileSync(new URL(`../raw/${name}`, import.meta.url), 'utf8');

/** Its lines, the empty last one left out. */
export const rawLines = (name: string): string[] => rawFile(name).replace(/\n$/, '').split('\n');

const mutated = (rows: readonly [string, ...string[]]): fc.Arbitrary<string> =>
  fc
    .record({
      row: fc.constantFrom(...rows),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      drop: fc.nat({ max: 6 }),
      insert: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 6 }),
        fc.constantFrom('\t', '\0', '\n', ' ', ':', '%', '[', ']', '-', '🙂', '0', 'F'),
      ),
    })
    .map(({ row, at, drop, insert }) => {
      const i = Math.floor(at * row.length);
      return row.slice(0, i) + insert + row.slice(i + drop);
    });

/** Any text at all, and valid rows with something wrong in them. */
export const textNear = (...rows: readonly [string, ...string[]]): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    mutated(rows),
    fc.tuple(mutated(rows), mutated(rows)).map(([a, b]) => a + b),
  );

/** Holds a parser to it: whatever the text, a value that satisfies `sound`, or null; never a throw. */
export const expectTotal = <T>(
  parse: (text: string) => T | null,
  rows: readonly [string, ...string[]],
  sound: (value: T) => boolean,
): void => {
  for (const row of rows) expect(parse(row), row).not.toBeNull();
  fc.assert(
    fc.property(textNear(...rows), (text) => {
      const value = parse(text);
      return value === null || sound(value);
    }),
    { numRuns: 1000 },
  );
};

/** A port, with both edges more often than chance would have them. */
export const port = (): fc.Arbitrary<number> => fc.oneof(fc.constantFrom(0, 1, 65534, 65535), fc.nat({ max: 65535 }));

/** Whether it is a port. */
export const isPort = (n: number): boolean => Number.isInteger(n) && n >= 0 && n <= 65535;

/** Bytes of an address, four or sixteen. */
export const addressBytes = (): fc.Arbitrary<number[]> =>
  fc.oneof(
    fc.array(fc.nat({ max: 255 }), { minLength: 4, maxLength: 4 }),
    fc.array(fc.nat({ max: 255 }), { minLength: 16, maxLength: 16 }),
    fc.constantFrom(
      [0, 0, 0, 0],
      [255, 255, 255, 255],
      Array<number>(16).fill(0),
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1],
      [...Array<number>(15).fill(0), 1],
    ),
  );

/** Two hex digits for each byte. */
export const hex = (bytes: readonly number[]): string =>
  bytes.map((b) => b.toString(16).padStart(2, '0').toUpperCase()).join('');

/** Four hex digits. */
export const hexPort = (n: number): string => n.toString(16).padStart(4, '0').toUpperCase();

/** As the kernel's %pI6 and %pI4 print it: eight full groups, or dotted decimals. */
export const fullText = (bytes: readonly number[]): string =>
  bytes.length === 4 ? bytes.join('.') : (hex(bytes).toLowerCase().match(/..../g) ?? []).join(':');
