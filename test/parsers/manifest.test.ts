import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseManifest } from '../../src/parsers/manifest.ts';
import { manifestBlock } from '../../src/parsers/manifest-block.ts';
import type { ManifestDocument, ManifestPath } from '../../src/parsers/manifest-document.ts';
import { manifestJson } from '../../src/parsers/manifest-json.ts';
import { ManifestRefused } from '../../src/parsers/manifest-refused.ts';
import { manifestYaml } from '../../src/parsers/manifest-yaml.ts';
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
    ['quick', manifestBlock(plain)],
    ['quick, with CRLF', manifestBlock(plain.replaceAll('\n', '\r\n'))],
    ['full', documentsOf(`%YAML 1.1\n---\n${plain}`)],
    ['full, with CRLF', documentsOf(`%YAML 1.1\r\n---\r\n${plain.replaceAll('\n', '\r\n')}`)],
  ])('%s', (_, documents) => {
    expect(documents.map((d) => d.value)).toEqual([value, service]);
  });

  it.each([
    ['yes', true],
    ['No', false],
    ['on', true],
    ['~', null],
    ['010', 8],
    ['0x10', 16],
    ['1_000', 1000],
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
    ['{"a": 1}\n{"b": 2}', 2],
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
    ['quick', plain, 0],
    ['quick, CRLF', plain.replaceAll('\n', '\r\n'), 0],
    ['full', `%YAML 1.1\n---\n${plain}`, 2],
    ['full, CRLF', `%YAML 1.1\r\n---\r\n${plain.replaceAll('\n', '\r\n')}`, 2],
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

  it('of JSON one after the other', () => {
    expect(documentsOf('{"a":\n1}\n\n{"b": 2}').map((d) => d.line)).toEqual([1, 4]);
  });
});

describe('what is broken', () => {
  const deep = '- '.repeat(30_000);
  const bomb = `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from(
    { length: 9 },
    (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]\n`,
  ).join('')}`;
  it.each([
    ['a: 1\nb: [1,\nc: 2\n', 3, 'flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['a: 1\n\ta: 2\n', 2, 'tabs are not allowed'],
    ['a:\n  b: 1\n c: 2\n', 3, 'mapping items must start at the same column'],
    ['a: 1\nb: 2\na: 3\n', 3, 'the key a is there twice'],
    ['a: 1\n"b c": 2\n"b c": 3\n', 3, 'the key "b c" is there twice'],
    ['{"a": 1,\n"b": 2,\n"a": 3}', 3, 'the key "a" is there twice'],
    ['{"a": 1,\n"b": 2', 2, ''],
    ['a: 1\n---\nb: "x\n', 4, ''],
    ['replicas: {{ .Values.replicas }}\n', 1, 'a mapping or a list stands where a key must be'],
    ['a: 1\n? [x]\n: 2\n', 2, 'a mapping or a list stands where a key must be'],
    ['a: 1\nb: *nope\n', 2, 'unresolved alias'],
    ['a:\n  <<: [1]\n', 1, 'merge sources must be maps'],
    [bomb, 1, 'its anchors are repeated too often'],
    [deep, 1, 'it is nested too deeply'],
    ['['.repeat(30_000), 1, 'it is nested too deeply'],
    [`a: ${'{a: '.repeat(5000)}1${'}'.repeat(5000)}`, 1, 'it is nested too deeply'],
  ])('%.40j', (text, line, message) => {
    const parsed = parseManifest(text);
    expect(parsed).toMatchObject({ ok: false, line, message: expect.stringContaining(message) });
  });
});

describe('the quick readers', () => {
  const refuses = (read: (text: string) => unknown, text: string): boolean => {
    try {
      read(text);
      return false;
    } catch (error) {
      expect(error).toBeInstanceOf(ManifestRefused);
      return true;
    }
  };

  it.each([
    'a: &x 1\n',
    'a: *x\n',
    'a: !t 1\n',
    'a: >\n  b\n',
    'a: |+\n  b\n',
    'a: |2\n  b\n',
    'a: b\n  c\n',
    'a: "b\n  c"\n',
    'a: [b,\n  c]\n',
    'a: {b}\n',
    'a: {b:1}\n',
    'a: [b: 1]\n',
    'a: [b,]\n',
    'a: "\\x41"\n',
    'a: 0o7\n--- b\n',
    'a: 010\n',
    'a: b: c\n',
    'a: - b\n',
    '? a\n: b\n',
    '<<: 1\n',
    '1: a\n',
    'a b: c\n',
    'a:\tb\n',
    'a: 1\n...\n',
    ' a: 1\n',
    'a\n',
    '- a\nb: 1\n',
    'a:\n  - b\n c: 1\n',
    'a: |\n  b',
    'a: |\n    b\n   c\n',
    'a: b\rc: d\n',
    'a: \u0001\n',
    'a: @b\n',
    'a: 1\na: 2\n',
    '__proto__: 1\n',
    'a: {__proto__: 1}\n',
    '%YAML 1.2\n---\na: 1\n',
    '{{- if x }}\na: 1\n{{- end }}\n',
  ])('leave to the full parser: %j', (text) => {
    expect(refuses(manifestBlock, text)).toBe(true);
  });

  it.each([
    '{"a": 1,}',
    '{a: 1}',
    "{'a': 1}",
    '{"a": 1} x',
    '{"a": 01}',
    '{"a": "\n"}',
    '{"a": "\\x"}',
    '{"a":1,"a":2}',
    '{"a": //\n1}',
  ])('leave what is no JSON: %j', (text) => {
    expect(refuses(manifestJson, text)).toBe(true);
  });

  it('read what manifests are made of', () => {
    expect(refuses(manifestBlock, plain)).toBe(false);
  });

  const pathsOf = (value: unknown, path: ManifestPath = []): readonly ManifestPath[] => [
    path,
    ...(typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([k, v]) => pathsOf(v, [...path, Array.isArray(value) ? Number(k) : k]))
      : []),
  ];

  /** All that a document says: its value, and the line of everything in it. */
  const said = (documents: readonly ManifestDocument[]) =>
    documents
      .filter((d) => d.value !== null)
      .map((d) => ({ value: d.value, line: d.line, lines: pathsOf(d.value).map((p) => d.lineAt(p)) }));

  const sameAsFull = (text: string): void => {
    if (refuses(manifestBlock, text)) return;
    const full = manifestYaml(text);
    expect(full, text).toMatchObject({ ok: true });
    expect(said(manifestBlock(text)), text).toEqual(full.ok ? said(full.documents) : null);
  };

  const pieces = fc.constantFrom(
    ...['a', 'b: ', '- ', '\n', '\n  ', 'c:\n', '  ', ' ', 'x: 1\n', '- a: 1\n', '\n    ', 'd: "e"\n', 'f: [a, b]\n'],
    ...[
      'g: |\n',
      '  h\n',
      '    i\n',
      '\n\n',
      '# j\n',
      '---\n',
      ': ',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ', ',
      '|-',
      '&a ',
      '*a',
    ],
    ...[
      '#',
      '? ',
      '0x1',
      '1e3',
      '~',
      'yes',
      '\t',
      '\r\n',
      '<<',
      '\\',
      'é',
      '--f',
      '{}',
      '{k: v}',
      "'k': ",
      '"k": ',
      '-',
    ],
  );

  it('and understand it alike, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 14 }).map((p) => p.join('')),
        sameAsFull,
      ),
      { numRuns: 4000 },
    );
    fc.assert(fc.property(textNear(plain), sameAsFull), { numRuns: 1000 });
  });

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

  it('and understand alike what a printer of YAML prints', () => {
    const options = fc.record({
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 80),
      defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'BLOCK_LITERAL'),
      version: fc.constantFrom('1.1', '1.2'),
    });
    const printed = fc
      .tuple(fc.array(objects, { minLength: 1, maxLength: 3 }), options, fc.constantFrom('\n', '\r\n'))
      .map(([all, o, end]) =>
        all
          .map((d) => stringify(d, o))
          .join('---\n')
          .replaceAll('\n', end),
      );
    fc.assert(fc.property(printed, sameAsFull), { numRuns: 1000 });
  });

  it('and understand any JSON, and its lines', () => {
    fc.assert(
      fc.property(objects, fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const documents = manifestJson(text);
        expect(documents.map((d) => d.value)).toEqual([JSON.parse(text)]);
        const full = manifestYaml(text);
        if (full.ok) expect(said(documents).map((d) => d.lines)).toEqual(said(full.documents).map((d) => d.lines));
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
