import type { ManifestDocument } from './manifest-document.ts';
import { ManifestFlow } from './manifest-flow.ts';
import { type ManifestLines, manifestWithLines } from './manifest-lines.ts';
import { ManifestRefused } from './manifest-refused.ts';
import { manifestScalar } from './manifest-scalar.ts';

const deepest = 100;
const plainKey = /^[A-Za-z0-9_./$][^\s"'`{}[\],&*!|>%@#]*$/;

const refuse = (why: string): never => {
  throw new ManifestRefused(why);
};

/** How many blanks it begins with. */
const blanks = (text: string, from = 0): number => {
  let n = from;
  while (text.charCodeAt(n) === 32) n += 1;
  return n - from;
};

const withoutEndBlanks = (text: string): string => {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 32) end -= 1;
  return end === text.length ? text : text.slice(0, end);
};

const isItem = (content: string): boolean =>
  content.charCodeAt(0) === 45 && (content.length === 1 || content.charCodeAt(1) === 32);

const isComment = (content: string): boolean => content === '' || content.charCodeAt(0) === 35;

/** Where the colon of `key: value` is; -1 where there is none. */
const colonOf = (content: string): number => {
  for (let at = content.indexOf(':'); at >= 0; at = content.indexOf(':', at + 1)) {
    const next = content.charCodeAt(at + 1);
    if (next === 32 || Number.isNaN(next)) return at;
  }
  return -1;
};

/** Reads the YAML that people and tools write for Kubernetes, line by line. */
class Block {
  readonly #rows: readonly string[];
  readonly #lines: ManifestLines = new Map();
  #row = -1;
  /** Of the line that is read: its indentation, and what stands there. -1 before `---` and at the end. */
  #indent = -1;
  #content = '';
  #depth = 0;

  constructor(rows: readonly string[]) {
    this.#rows = rows;
  }

  /** Goes on to the next line that says something. */
  #next(): void {
    for (;;) {
      this.#row += 1;
      const row = this.#rows[this.#row];
      this.#indent = -1;
      if (row === undefined) return;
      const indent = blanks(row);
      const c = row.charCodeAt(indent);
      if (Number.isNaN(c) || c === 35) continue;
      if (indent === 0 && row.startsWith('---') && (row.length === 3 || row.charCodeAt(3) === 32)) {
        if (!isComment(row.slice(3 + blanks(row, 3)))) refuse('content behind ---');
        return;
      }
      if (row.includes('\t')) refuse('a tab');
      this.#indent = indent;
      this.#content = withoutEndBlanks(row.slice(indent));
      return;
    }
  }

  documents(): readonly ManifestDocument[] {
    const all: ManifestDocument[] = [];
    while (this.#row < this.#rows.length) {
      this.#next();
      if (this.#indent < 0) continue;
      if (this.#indent > 0) refuse('an indented document');
      const line = this.#row + 1;
      all.push(manifestWithLines(this.#node(), line, this.#lines));
      if (this.#indent >= 0) refuse('more than one value');
    }
    return all;
  }

  #node(): unknown {
    this.#depth += 1;
    if (this.#depth > deepest) refuse('too deep');
    const node = isItem(this.#content) ? this.#list(this.#indent) : this.#map(this.#indent);
    this.#depth -= 1;
    return node;
  }

  #map(indent: number): object {
    const map: Record<string, unknown> = {};
    const lines = new Map<string, number>();
    while (this.#indent === indent) {
      const [key, rest] = this.#key(this.#content) ?? refuse('no key');
      if (lines.has(key) || key === '__proto__') refuse('a key that is there twice');
      lines.set(key, this.#row + 1);
      map[key] = this.#value(rest, indent, true);
    }
    if (this.#indent > indent) refuse('a deeper line');
    this.#lines.set(map, lines);
    return map;
  }

  #list(indent: number): readonly unknown[] {
    const list: unknown[] = [];
    const lines = new Map<number, number>();
    while (this.#indent === indent && isItem(this.#content)) {
      const offset = 1 + blanks(this.#content, 1);
      const rest = this.#content.slice(offset);
      let line = this.#row + 1;
      if (isItem(rest) || this.#key(rest) !== null) {
        this.#indent = indent + offset;
        this.#content = rest;
        list.push(this.#node());
      } else {
        list.push(
          this.#value(rest, indent, false, (at) => {
            line = at;
          }),
        );
      }
      lines.set(list.length - 1, line);
    }
    if (this.#indent > indent) refuse('a deeper line');
    this.#lines.set(list, lines);
    return list;
  }

  /** The key of `key: value` and the value's text; null where there is none. */
  #key(content: string): readonly [key: string, rest: string] | null {
    const c = content.charAt(0);
    if (c === '"' || c === "'") {
      const [key, rest] = this.#quoted(content, c);
      return rest === ':' || rest.startsWith(': ') ? [key, rest.slice(1 + blanks(rest, 1))] : null;
    }
    const colon = colonOf(content);
    if (colon < 0) return null;
    const key = content.slice(0, colon);
    if (!plainKey.test(key)) return null;
    if (typeof manifestScalar(key) !== 'string') return refuse('a key that is no text');
    return [key, content.slice(colon + 1 + blanks(content, colon + 1))];
  }

  /** A text in quotes at the beginning of `content`, and what follows. */
  #quoted(content: string, quote: '"' | "'"): readonly [text: string, rest: string] {
    const flow = this.#flow(content);
    const text = quote === '"' ? flow.double() : flow.single();
    return [text, content.slice(flow.at)];
  }

  #flow(content: string): ManifestFlow {
    return new ManifestFlow(content, { at: 0, line: this.#row + 1, isJson: false }, this.#lines);
  }

  /** What follows `key:` or `-`; `onLine` hears where it begins if that is on a later line. */
  #value(rest: string, indent: number, ofMap: boolean, onLine?: (line: number) => void): unknown {
    if (isComment(rest)) {
      this.#next();
      if (this.#indent > indent) {
        onLine?.(this.#row + 1);
        return this.#node();
      }
      return ofMap && this.#indent === indent && isItem(this.#content) ? this.#list(indent) : null;
    }
    if (rest.charAt(0) === '|') return this.#literal(rest, indent);
    const value = this.#inline(rest);
    this.#next();
    return this.#indent > indent ? refuse('a scalar of several lines') : value;
  }

  #inline(text: string): unknown {
    const c = text.charAt(0);
    if (c === '"' || c === "'" || c === '{' || c === '[') {
      const flow = this.#flow(text);
      const value = flow.value();
      const rest = text.slice(flow.at);
      return rest === '' || (rest.charAt(0) === ' ' && isComment(rest.slice(blanks(rest))))
        ? value
        : refuse('more behind');
    }
    if (',]}#&*!|>%@`?:'.includes(c) || isItem(text)) refuse('an indicator');
    const comment = text.indexOf(' #');
    const plain = comment < 0 ? text : withoutEndBlanks(text.slice(0, comment));
    return colonOf(plain) < 0 ? manifestScalar(plain) : refuse('a colon');
  }

  /** `|` and `|-`: the lines below as they are. */
  #literal(header: string, indent: number): string {
    const strip = header.charAt(1) === '-';
    const rest = header.slice(strip ? 2 : 1);
    if (rest !== '' && !(rest.charAt(0) === ' ' && isComment(rest.slice(blanks(rest))))) refuse('another header');
    const lines: string[] = [];
    let own = -1;
    for (;;) {
      this.#row += 1;
      const row = this.#rows[this.#row];
      if (row === undefined) {
        if (this.#rows.at(-1) !== '') refuse('a last line that does not end');
        break;
      }
      const n = blanks(row);
      if (n === row.length) {
        if (own < 0 ? n > indent : n > own) refuse('blanks that may count');
        lines.push('');
        continue;
      }
      if (n <= indent) break;
      if (own < 0) own = n;
      if (n < own) refuse('a line that is not deep enough');
      lines.push(row.slice(own));
    }
    if (own < 0) refuse('an empty text');
    while (lines.at(-1) === '') lines.pop();
    this.#row -= 1;
    this.#next();
    if (this.#indent > indent) refuse('a deeper line');
    return `${lines.join('\n')}${strip ? '' : '\n'}`;
  }
}

/**
 * The documents of a YAML text as most manifests are: plain keys, one-line scalars, `|` texts, comments. Ten times as fast as the full parser,
 * and a part of it: what it reads it reads alike. Throws ManifestRefused for all else, everything that is broken included.
 */
export const manifestBlock = (text: string): readonly ManifestDocument[] => {
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u2028\u2029\ufeff]|\r(?!\n)/.test(text)) refuse('a character');
  return new Block(text.split(/\r?\n/)).documents();
};
