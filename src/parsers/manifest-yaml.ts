import { type Document, LineCounter, type ParsedNode, parseAllDocuments, visit, type YAMLError } from 'yaml';
import type { ManifestDocument } from './manifest-document.ts';
import type { ParsedManifest } from './manifest-parsed.ts';
import { manifestYamlLine } from './manifest-yaml-line.ts';

/** How often anchors may be repeated, all in all: more is a bomb. */
const mostAliases = 10_000;

/** What YAML 1.1 knows and kubectl does not: it takes times for texts. */
const strange = /:(timestamp|omap|pairs|set|binary)$/;

/** The parser's words, where they would not help ours. */
const inWords = (message: string): string => {
  if (/call stack/.test(message)) return 'it is nested too deeply';
  if (/^Excessive alias/.test(message)) return 'its anchors are repeated too often';
  return message.replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase());
};

const messageOf = ({ code, message, pos }: YAMLError, text: string): string => {
  if (code === 'NON_STRING_KEY') return 'a mapping or a list stands where a key must be';
  if (code !== 'DUPLICATE_KEY') return inWords(message);
  const key = /^(?:"[^"\n]*"|'[^'\n]*'|[^:\n]*)/.exec(text.slice(pos[0], pos[0] + 200))?.[0] ?? '';
  return `the key ${key} is there twice`;
};

const firstError = (document: Document.Parsed): YAMLError | undefined =>
  document.errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0];

/** Where an alias is that means nothing; 0 where all of them do. */
const strayAlias = (document: Document.Parsed): number => {
  let at = 0;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      at = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return at;
};

const read = (text: string, counter: LineCounter): ParsedManifest => {
  const lineOf = (at: number): number => Math.max(1, counter.linePos(at).line);
  const parsed = parseAllDocuments<ParsedNode>(text, {
    version: '1.1',
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: counter,
    customTags: (tags) =>
      tags.filter((t) => typeof t === 'string' || !(strange.test(t.tag) || ('format' in t && t.format === 'TIME'))),
  });
  const documents: ManifestDocument[] = [];
  for (const document of Array.from(parsed)) {
    const error = firstError(document);
    if (error) return { ok: false, line: lineOf(error.pos[0]), message: messageOf(error, text) };
    const line = manifestYamlLine(document, [], lineOf);
    try {
      const value: unknown = document.toJS({ maxAliasCount: mostAliases });
      documents.push({ value, line, lineAt: (path) => manifestYamlLine(document, path, lineOf) });
    } catch (e) {
      const message = e instanceof Error ? e.message : String(e);
      const at = message.startsWith('Unresolved alias') ? strayAlias(document) : 0;
      return { ok: false, line: at > 0 ? lineOf(at) : line, message: inWords(message) };
    }
  }
  return { ok: true, documents };
};

/** The documents of any YAML text, as kubectl understands them, or its first fault. */
export const manifestYaml = (text: string): ParsedManifest => {
  try {
    return read(text, new LineCounter());
  } catch (e) {
    return { ok: false, line: 1, message: inWords(e instanceof Error ? e.message : String(e)) };
  }
};
