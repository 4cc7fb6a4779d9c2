import {
  CORE_SCHEMA,
  constructFromEvents,
  EVENT_ID,
  type Event,
  getScalarValue,
  mergeTag,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
} from 'js-yaml';

/** Keys and indexes that lead from a document to something in it. */
export type ManifestPath = readonly (string | number)[];

/** A document of a manifest, as data, and the lines (from 1) on which its parts begin. */
export interface ManifestDocument {
  readonly value: unknown;
  readonly line: number;
  /** The line of what is at this path (of a field, where its key stands), or of the nearest around it that is there. */
  readonly lineAt: (path: ManifestPath) => number;
}

/** The documents of a manifest, or why it is none and on which line. */
export type ParsedManifest =
  | { readonly ok: true; readonly documents: readonly ManifestDocument[] }
  | { readonly ok: false; readonly line: number; readonly message: string };

/** Times, sets and binaries are texts, as kubectl takes them. */
const schema = CORE_SCHEMA.withTags(mergeTag);

/** How often anchors may be repeated in a document: more is a bomb. */
const mostAliases = 10_000;

/** A node of a document as the parser met it; `at`: where it begins in the text, of a field where its key stands. */
interface Placed {
  readonly at: number;
  readonly fields: ReadonlyMap<string | number, Placed>;
  readonly alias: string | null;
}

/** Reads one node from the events, of which the first is its own. */
class Places {
  readonly #events: readonly Event[];
  readonly #text: string;
  readonly #anchors = new Map<string, Placed>();
  #next: number;
  /** Where what was met last begins: an empty scalar stands nowhere. */
  #last = 0;

  constructor(events: readonly Event[], text: string, first: number) {
    this.#events = events;
    this.#text = text;
    this.#next = first;
  }

  #anchored(event: { readonly anchorStart: number; readonly anchorEnd: number }, placed: Placed): Placed {
    if (event.anchorStart >= 0) this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), placed);
    return placed;
  }

  /** Where a scalar begins; of a block of text (`|`, `>`) that sign, which stands before it. */
  #begin({ valueStart, style }: Extract<Event, { type: typeof EVENT_ID.SCALAR }>): number {
    if (valueStart < 0) return this.#last;
    const isBlock = style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;
    this.#last = isBlock
      ? Math.max(this.#last, this.#text.lastIndexOf('|', valueStart - 1), this.#text.lastIndexOf('>', valueStart - 1))
      : valueStart;
    return this.#last;
  }

  /** The node itself, through aliases. */
  of(placed: Placed): Placed {
    return placed.alias === null ? placed : (this.#anchors.get(placed.alias) ?? placed);
  }

  node(): Placed | null {
    const event = this.#events[this.#next];
    this.#next += 1;
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#anchored(event, { at: this.#begin(event), fields: new Map(), alias: null });
      case EVENT_ID.ALIAS:
        return {
          at: event.anchorStart,
          fields: new Map(),
          alias: this.#text.slice(event.anchorStart, event.anchorEnd),
        };
      case EVENT_ID.SEQUENCE: {
        const fields = new Map<number, Placed>();
        const placed = this.#anchored(event, { at: event.start, fields, alias: null });
        this.#last = event.start;
        for (let item = this.node(); item !== null; item = this.node()) fields.set(fields.size, item);
        return placed;
      }
      case EVENT_ID.MAPPING: {
        const fields = new Map<string, Placed>();
        const placed = this.#anchored(event, { at: event.start, fields, alias: null });
        this.#last = event.start;
        for (;;) {
          const key = this.#events[this.#next];
          const keyNode = this.node();
          if (keyNode === null) return placed;
          const value = this.node();
          const name = key?.type === EVENT_ID.SCALAR ? getScalarValue(this.#text, key) : '';
          fields.set(name, { ...(value ?? keyNode), at: keyNode.at });
        }
      }
      default:
        // the end of what it stands in
        return null;
    }
  }
}

/** Where the lines of a text begin. */
const lineStarts = (text: string): readonly number[] => [
  0,
  ...[...text.matchAll(/\r\n|\n|\r/g)].map((m) => m.index + m[0].length),
];

const lineOf = (starts: readonly number[], at: number): number => {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low + 1;
};

const find = (root: Placed, places: Places, path: ManifestPath): number => {
  let at = root.at;
  let here = places.of(root);
  for (const step of path) {
    const merged = here.fields.get('<<');
    const sources =
      merged === undefined ? [] : [places.of(merged), ...places.of(merged).fields.values()].map((p) => places.of(p));
    const next = here.fields.get(step) ?? sources.map((s) => s.fields.get(step)).find((p) => p !== undefined);
    if (next === undefined) break;
    at = next.at;
    here = places.of(next);
  }
  return at;
};

const read = (text: string): ParsedManifest => {
  const events = parseEvents(text, {});
  const values = constructFromEvents(events, { source: text, schema, maxAliases: mostAliases });
  const begins = events.flatMap((e, i) => (e.type === EVENT_ID.DOCUMENT ? [i + 1] : []));
  let starts: readonly number[] | null = null;
  const line = (at: number): number => {
    starts ??= lineStarts(text);
    return lineOf(starts, at);
  };
  const startOf = (first: number): number => {
    const event = events[first];
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return 0;
    return 'start' in event ? event.start : event.type === EVENT_ID.SCALAR ? event.valueStart : event.anchorStart;
  };
  return {
    ok: true,
    documents: values.flatMap((value, i): readonly ManifestDocument[] => {
      if (value === null || value === undefined) return [];
      const first = begins[i] ?? 0;
      // most documents are never asked
      let found: { readonly places: Places; readonly root: Placed | null } | null = null;
      const lineAt = (path: ManifestPath): number => {
        if (found === null) {
          const places = new Places(events, text, first);
          found = { places, root: places.node() };
        }
        return line(found.root === null ? 0 : find(found.root, found.places, path));
      };
      return [{ value, line: line(startOf(first)), lineAt }];
    }),
  };
};

/** The parser's words, where they would not help ours. */
const inWords = (reason: string, at: string): string => {
  if (/call stack|nesting/i.test(reason)) return 'it is nested too deeply';
  if (/maxAliases|aliases/i.test(reason)) return 'its anchors are repeated too often';
  if (/complex keys/.test(reason)) return 'a mapping or a list stands where a key must be';
  if (!/duplicated mapping key/.test(reason)) return reason;
  return `the key ${/^["']?([^:"'\n]*)/.exec(at)?.[1] ?? ''} is there twice`;
};

/** The documents of a manifest file, YAML or JSON (which is YAML too), or its first fault. Empty documents are left out. Total. */
export const parseManifest = (text: string): ParsedManifest => {
  const plain = text.replace(/^\ufeff/, '');
  try {
    return read(plain);
  } catch (error) {
    const mark = error instanceof YAMLException ? error.mark : undefined;
    const reason =
      error instanceof YAMLException ? error.reason : error instanceof Error ? error.message : String(error);
    // what is built of the events has no useful mark: a mapping that is a key is `{{`, or has a question mark
    const position = /complex keys/.test(reason)
      ? Math.max(0, plain.search(/\{\{|(?<=^[ \t]*)\? /m))
      : (mark?.position ?? 0);
    return {
      ok: false,
      line: lineOf(lineStarts(plain), position),
      message: inWords(reason, plain.slice(position, position + 200)),
    };
  }
};
