import type { ManifestLines } from './manifest-lines.ts';
import { ManifestRefused } from './manifest-refused.ts';
import { manifestScalar } from './manifest-scalar.ts';

const deepest = 200;
const jsonWord = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;
const plainWord = /-{0,2}[A-Za-z0-9_./][\w./+=@%~-]*/y;

/**
 * Reads `{…}`, `[…]` and texts in quotes: whole JSON documents, where `isJson`, else what stands on one line of a YAML file. Notes the lines.
 * Throws {@link ManifestRefused} for what it does not understand, duplicate keys among it.
 */
export class ManifestFlow {
  readonly #text: string;
  readonly #isJson: boolean;
  readonly #lines: ManifestLines;
  #at: number;
  #line: number;

  constructor(
    text: string,
    start: { readonly at: number; readonly line: number; readonly isJson: boolean },
    lines: ManifestLines,
  ) {
    this.#text = text;
    this.#at = start.at;
    this.#line = start.line;
    this.#isJson = start.isJson;
    this.#lines = lines;
  }

  /** Where the next character is. */
  get at(): number {
    return this.#at;
  }

  /** On which line that is. */
  get line(): number {
    return this.#line;
  }

  /** Goes on to the next character that is no white space; undefined at the end. */
  peek(): string | undefined {
    for (;;) {
      const c = this.#text[this.#at];
      if (c === '\n' && this.#isJson) this.#line += 1;
      else if (c !== ' ' && !((c === '\r' || c === '\t') && this.#isJson)) return c;
      this.#at += 1;
    }
  }

  /** The value that begins at the next character. */
  value(depth = 0): unknown {
    if (depth > deepest) throw new ManifestRefused('too deep');
    switch (this.peek()) {
      case '{':
        return this.#map(depth);
      case '[':
        return this.#list(depth);
      case '"':
        return this.double();
      case "'":
        return this.single();
      default:
        return this.#word();
    }
  }

  /** A text in double quotes, of which YAML knows more escapes than JSON. */
  double(): string {
    const from = this.#at;
    let to = from;
    for (let escaped = true; escaped; ) {
      to = this.#text.indexOf('"', to + 1);
      if (to < 0) throw new ManifestRefused('no end');
      let backslashes = 0;
      while (this.#text[to - 1 - backslashes] === '\\') backslashes += 1;
      escaped = backslashes % 2 === 1;
    }
    this.#at = to + 1;
    try {
      return String(JSON.parse(this.#text.slice(from, to + 1)));
    } catch {
      throw new ManifestRefused('no text of JSON');
    }
  }

  /** A text in single quotes, on one line. */
  single(): string {
    if (this.#isJson) throw new ManifestRefused('no JSON');
    const from = this.#at + 1;
    let to = this.#text.indexOf("'", from);
    while (to >= 0 && this.#text[to + 1] === "'") to = this.#text.indexOf("'", to + 2);
    if (to < 0) throw new ManifestRefused('no end');
    this.#at = to + 1;
    return this.#text.slice(from, to).replaceAll("''", "'");
  }

  #word(): unknown {
    const pattern = this.#isJson ? jsonWord : plainWord;
    pattern.lastIndex = this.#at;
    const word = pattern.exec(this.#text)?.[0];
    if (word === undefined) throw new ManifestRefused('no word');
    this.#at += word.length;
    return this.#isJson ? JSON.parse(word) : manifestScalar(word);
  }

  #key(): string {
    const c = this.peek();
    const key = c === '"' ? this.double() : c === "'" ? this.single() : this.#word();
    const quoted = c === '"' || c === "'";
    if (typeof key !== 'string' || key === '__proto__' || (this.#isJson && c !== '"'))
      throw new ManifestRefused('no key');
    if (this.peek() !== ':' || !(quoted || this.#text[this.#at + 1] === ' ')) throw new ManifestRefused('no colon');
    this.#at += 1;
    return key;
  }

  /** Elements parted by commas, until `end`. */
  #until(end: string, element: () => void): void {
    this.#at += 1;
    if (this.peek() !== end) {
      element();
      while (this.peek() === ',') {
        this.#at += 1;
        element();
      }
    }
    if (this.peek() !== end) throw new ManifestRefused(`no ${end}`);
    this.#at += 1;
  }

  #map(depth: number): object {
    const map: Record<string, unknown> = {};
    const lines = new Map<string, number>();
    this.#until('}', () => {
      this.peek();
      const line = this.#line;
      const key = this.#key();
      if (lines.has(key)) throw new ManifestRefused('twice');
      lines.set(key, line);
      map[key] = this.value(depth + 1);
    });
    this.#lines.set(map, lines);
    return map;
  }

  #list(depth: number): readonly unknown[] {
    const list: unknown[] = [];
    const lines = new Map<number, number>();
    this.#until(']', () => {
      this.peek();
      lines.set(list.length, this.#line);
      list.push(this.value(depth + 1));
    });
    this.#lines.set(list, lines);
    return list;
  }
}
