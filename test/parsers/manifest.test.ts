import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, stringify } from 'yaml';
import { type ManifestDocument, type ManifestPath, parseManifest } from '../../src/parsers/manifest.ts';
import { textNear } from './fuzz.ts';

/** What a manifest looks like that people write. */
const plain = `# the shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web   # its name
  labels: {app: web, "version": 1.21.0}
spec:
  replicas: 2
  template:
    spec:
      containers:
      - name: web
        args: ["--listen", ':8080', -v]
        lifecycle:
          # drains
          preStop:
            exec: {command: [sleep, "5"]}

      - image: 'it''s'
        name: "a\\tb"
        command:
        - sh
        - -c
        - |
          trap : TERM

            sleep 1
        # the end
  empty:
  list:
    - - 1
      - 2.5
    -
      a: true
    - # nothing
    - ~
---
# Source: chart/service.yaml
kind: Service
port: 8080
note: http://example.org/#frag # and no more
`;

const documentsOf = (text: string): readonly ManifestDocument[] => {
  const parsed = parseManifest(text);
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.message}`);
  return parsed.documents;
};

const lines = (document: ManifestDocument | undefined, ...paths: readonly ManifestPath[]): readonly unknown[] =>
  paths.map((path) => document?.lineAt(path));

const preStop = ['spec', 'template', 'spec', 'containers', 0, 'lifecycle', 'preStop'];

describe('values', () => {
  const value = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels: { app: 'web', version: '1.21.0' } },
    spec: {
      replicas: 2,
      template: {
        spec: {
          containers: [
            {
              name: 'web',
              args: ['--listen', ':8080', '-v'],
              lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
            },
            { image: "it's", name: 'a\tb', command: ['sh', '-c', 'trap : TERM\n\n  sleep 1\n'] },
          ],
        },
      },
      empty: null,
      list: [[1, 2.5], { a: true }, null, null],
    },
  };
  const service = { kind: 'Service', port: 8080, note: 'http://example.org/#frag' };

  it.each([
    ['plain', documentsOf(plain)],
    ['with CRLF', documentsOf(plain.replaceAll('\n', '\r\n'))],
    ['with a directive', documentsOf(`%YAML 1.1\n---\n${plain}`)],
  ])('%s', (_, documents) => {
    expect(documents.map((d) => d.value)).toEqual([value, service]);
  });

  it.each([
    ['~', null],
    ['0x10', 16],
    ['1e3', 1000],
    ['2026-11-27', '2026-11-27'],
    ['12:30:45', '12:30:45'],
    ['10.0.0.1', '10.0.0.1'],
    ['1.10', 1.1],
    ['100m', '100m'],
    ['-1', -1],
    ['"yes"', 'yes'],
    ['!!str 1', '1'],
    ['>-\n  a\n  b', 'a b'],
    ['a\n  b', 'a b'],
  ])('as kubectl understands YAML: %j', (text, want) => {
    expect(documentsOf(`a: ${text}\n`).map((d) => d.value)).toEqual([{ a: want }]);
  });

  it('anchors, aliases and merges', () => {
    const [document] = documentsOf('x: &x\n  a: 1\n  b: 2\ny:\n  <<: *x\n  b: 3\nz: *x\nw:\n  <<: [*x]\n');
    expect(document?.value).toEqual({ x: { a: 1, b: 2 }, y: { a: 1, b: 3 }, z: { a: 1, b: 2 }, w: { a: 1, b: 2 } });
    expect(lines(document, ['y', 'a'], ['y', 'b'], ['z'], ['z', 'b'], ['w', 'b'])).toEqual([2, 6, 7, 3, 3]);
  });

  it.each([
    ['', 0],
    ['\n# nothing\n', 0],
    ['---\n---\n', 0],
    ['\ufeffa: 1\n', 1],
    ['---\na: 1\n---\n---\nb: 1\n...\n', 2],
    ['  [1]', 1],
  ])('documents of %j: %i', (text, count) => {
    expect(documentsOf(text)).toHaveLength(count);
  });
});

describe('lines', () => {
  const paths: readonly ManifestPath[] = [
    [],
    ['metadata', 'labels', 'version'],
    preStop,
    [...preStop, 'exec', 'command', 1],
    [...preStop, 'httpGet', 'port'],
    ['spec', 'template', 'spec', 'containers', 1],
    ['spec', 'template', 'spec', 'containers', 1, 'command', 2],
    ['spec', 'template', 'spec', 'containers', 7, 'name'],
    ['spec', 'list', 0, 1],
    ['spec', 'list', 1],
    ['nothing'],
  ];
  const want = [2, 6, 16, 17, 16, 19, 24, 11, 32, 34, 2];

  it.each([
    ['plain', plain, 0],
    ['CRLF', plain.replaceAll('\n', '\r\n'), 0],
    ['a directive', `%YAML 1.1\n---\n${plain}`, 2],
    ['a directive, CRLF', `%YAML 1.1\r\n---\r\n${plain.replaceAll('\n', '\r\n')}`, 2],
  ])('%s', (_, text, more) => {
    const [first, second] = documentsOf(text);
    expect(lines(first, ...paths)).toEqual(want.map((line) => line + more));
    expect(lines(second, [], ['port'], ['port', 'x'])).toEqual([39, 40, 40].map((line) => line + more));
  });

  it('of JSON', () => {
    const text =
      '\n{\n  "kind": "Pod",\n  "spec": {\n    "containers": [\n      {\n        "name":\n "a" }, {"b": 1}]}}';
    const [document] = documentsOf(text);
    const at = ['spec', 'containers'];
    expect(document?.value).toEqual({ kind: 'Pod', spec: { containers: [{ name: 'a' }, { b: 1 }] } });
    expect(lines(document, [], at, [...at, 0], [...at, 0, 'name'], [...at, 1], [...at, 1, 'b'])).toEqual([
      2, 5, 6, 7, 8, 8,
    ]);
  });
});

describe('what is broken', () => {
  const deep = '- '.repeat(30_000);
  it.each([
    ['a: 1\nb: [1,\nc: 2\n', 3, 'deficient indentation'],
    ['a: 1\n\ta: 2\n', 2, 'tab characters must not be used'],
    ['a:\n  b: 1\n c: 2\n', 3, 'bad indentation of a mapping entry'],
    ['a: 1\nb: 2\na: 3\n', 3, 'the key a is there twice'],
    ['a: 1\n"b c": 2\n"b c": 3\n', 3, 'the key b c is there twice'],
    ['{"a": 1,\n"b": 2,\n"a": 3}', 3, 'the key a is there twice'],
    ['{"a": 1,\n"b": 2', 2, 'unexpected end'],
    ['a: 1\n---\nb: "x\n', 4, ''],
    ['replicas: {{ .Values.replicas }}\n', 1, 'a mapping or a list stands where a key must be'],
    ['a: 1\nb: {{ .Values.replicas }}\n', 2, 'a mapping or a list stands where a key must be'],
    ['a: 1\n? [x]\n: 2\n', 2, 'a mapping or a list stands where a key must be'],
    ['a: 1\nb: *nope\n', 2, 'unidentified alias'],
    ['a:\n  <<: [1]\n', 2, 'cannot merge'],
    [deep, 1, 'it is nested too deeply'],
    ['['.repeat(30_000), 1, 'it is nested too deeply'],
    [`a: ${'{a: '.repeat(5000)}1${'}'.repeat(5000)}`, 1, 'it is nested too deeply'],
  ])('%.40j', (text, line, message) => {
    const parsed = parseManifest(text);
    expect(parsed).toMatchObject({ ok: false, line, message: expect.stringContaining(message) });
  });
});

it('anchors that would be a bomb if they were written out are references', () => {
  const [document] = documentsOf(
    `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from(
      { length: 9 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]\n`,
    ).join('')}`,
  );
  expect(document?.lineAt(['a9', 3, 3, 3])).toBe(8);
});

describe('beside another parser', () => {
  const pathsOf = (value: unknown, path: ManifestPath = []): readonly ManifestPath[] => [
    path,
    ...(typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([k, v]) => pathsOf(v, [...path, Array.isArray(value) ? Number(k) : k]))
      : []),
  ];

  /** The line of what is at a path, by the nodes of the other parser: of a field its key's. */
  const lineBy = (contents: Node | null, path: ManifestPath, counter: LineCounter): number => {
    let at = contents?.range?.[0] ?? 0;
    let here: unknown = contents;
    for (const step of path) {
      const pair = isMap(here) ? here.items.find((p) => isScalar(p.key) && String(p.key.value) === String(step)) : null;
      const next = isSeq(here) ? here.items[Number(step)] : pair?.key;
      at = (next as Node | undefined)?.range?.[0] ?? at;
      here = pair ? pair.value : next;
    }
    return counter.linePos(at).line;
  };

  const sameAsYaml = (text: string): void => {
    const counter = new LineCounter();
    const others = parseAllDocuments(text, { lineCounter: counter, version: '1.2', merge: true });
    const mine = documentsOf(text);
    expect(mine.map((d) => d.value)).toEqual(Array.from(others, (d) => d.toJS()).filter((v) => v !== null));
    const full = Array.from(others).filter((d) => d.toJS() !== null);
    for (const [i, d] of mine.entries())
      for (const path of pathsOf(d.value))
        expect([path, d.lineAt(path)]).toEqual([path, lineBy(full[i]?.contents as Node, path, counter)]);
  };

  const texts = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('web', 'app.kubernetes.io/name', 'http://x:80/', 'a b', '1.21.0', '100m') },
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      'x: y',
      '- a',
      '# c',
      'a #b',
      'true',
      '12',
      '01',
      'a\nb',
      ' a\n  b\n',
      '',
      '{{ x }}',
      "it's",
      '\tx',
      'x ',
    ),
  );
  const { data } = fc.letrec((tie) => ({
    data: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(
        texts,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      ),
      fc.dictionary(texts, tie('data'), { maxKeys: 4 }),
      fc.array(tie('data'), { maxLength: 3 }),
    ),
  }));
  const objects = fc.dictionary(texts, data, { maxKeys: 5 });

  it('values and lines are the same, whatever a printer of YAML prints', () => {
    const options = fc.record({
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 80),
      defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'BLOCK_LITERAL'),
    });
    const printed = fc
      .tuple(fc.array(objects, { minLength: 1, maxLength: 3 }), options, fc.constantFrom('\n', '\r\n'))
      .map(([all, o, end]) =>
        all
          .map((d) => stringify(d, o))
          .join('---\n')
          .replaceAll('\n', end),
      );
    fc.assert(fc.property(printed, sameAsYaml), { numRuns: 1000 });
  });

  it('and of any JSON', () => {
    fc.assert(
      fc.property(objects, fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(documentsOf(text).map((d) => d.value)).toEqual([JSON.parse(text)]);
      }),
      { numRuns: 500 },
    );
  });
});

it('any text gives documents or a fault with its line, and never a throw', () => {
  const sound = (text: string): void => {
    const parsed = parseManifest(text);
    const count = text.split(/\r\n|\n|\r/).length;
    if (!parsed.ok) {
      expect(parsed.line).toBeGreaterThanOrEqual(1);
      expect(parsed.line).toBeLessThanOrEqual(count);
      expect(parsed.message).not.toBe('');
      return;
    }
    for (const d of parsed.documents)
      for (const path of [[], preStop, ['items', 3], ['a', 'b']]) expect(d.lineAt(path)).toBeGreaterThanOrEqual(1);
  };
  fc.assert(fc.property(textNear(plain), sound), { numRuns: 1000 });
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), sound), { numRuns: 1000 });
});
