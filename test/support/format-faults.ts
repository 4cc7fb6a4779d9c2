import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { validateXML } from 'xmllint-wasm';
import { parse } from 'yaml';
import { allChecks } from '../../src/checks/index.ts';
import type { Report } from '../../src/core/report.ts';
import type { Reporter } from '../../src/core/reporter.ts';
import { unprintable } from '../../src/lib/unprintable.ts';
import { json } from '../../src/reporters/json.ts';
import { junit } from '../../src/reporters/junit.ts';
import { markdown } from '../../src/reporters/markdown.ts';
import { sarif } from '../../src/reporters/sarif.ts';
import { table } from '../../src/reporters/table.ts';
import { yaml } from '../../src/reporters/yaml.ts';

const fileOf = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

const reportSchema = new Ajv2020({ strict: false, allErrors: true }).compile(
  JSON.parse(fileOf('../../docs/report.schema.json')),
);

// a schema of draft 4, of which it has nothing but the name of its id that newer ones lack
const { $schema: _draft, id: _id, ...sarifSchema } = JSON.parse(fileOf('../schemas/sarif-2.1.0-rtm.5.json'));
const sarifLog = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(
  sarifSchema,
);

const xsd = { fileName: 'junit.xsd', contents: fileOf('../schemas/junit.xsd') };

const bySchema = (valid: ValidateFunction, data: unknown): readonly string[] =>
  valid(data) ? [] : (valid.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);

/** Elements that the Markdown is made of; a link, an image or HTML of its own would be another. */
const ours = new Set(
  'h1 h2 h3 p strong code pre ul li table thead tbody tr th td'.split(' ').flatMap((name) => [name, `/${name}`]),
);

const markdownFaults = (text: string): readonly string[] => {
  const html = micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  const foreign = [...html.matchAll(/<([^\s>]*)[^>]*>/g)].map((m) => m[1] ?? '').filter((name) => !ours.has(name));
  // outside of code GitHub looks for mentions, references and addresses
  const prose = html.replaceAll(/<code[^>]*>[^<]*<\/code>/g, '').replaceAll(/<[^>]*>/g, '');
  return [...foreign.map((name) => `<${name}>`), ...(prose.match(/@\w|#\d|:\/\//g) ?? [])];
};

const sarifFaults = (text: string): readonly string[] => {
  const log = JSON.parse(text);
  const faults = bySchema(sarifLog, log);
  if (faults.length > 0) return faults;
  const { results, tool } = log.runs[0];
  return results.flatMap(
    (r: {
      ruleId: string;
      ruleIndex: number;
      locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
    }) => {
      const uris = r.locations.map((l) => l.physicalLocation.artifactLocation.uri);
      return [
        ...(tool.driver.rules[r.ruleIndex]?.id === r.ruleId ? [] : [`${r.ruleId} has the rule of another`]),
        ...(uris.length === 1 ? [] : [`${r.ruleId} has ${uris.length} places`]),
        ...uris.filter((uri) => !URL.canParse(uri, 'file:///checkout/') || /[^\x21-\x7e]/.test(uri)),
      ];
    },
  );
};

/** What is wrong with a report in each of the formats, by the schemas of these; nothing in none. */
export const formatFaults = async (report: Report, verbose: boolean): Promise<readonly string[]> => {
  const printed = (reporter: Reporter): string =>
    reporter.render(report, { color: false, width: 100, unicode: true, verbose });
  const texts = {
    table: printed(table),
    json: printed(json),
    yaml: printed(yaml),
    junit: printed(junit('warning')),
    sarif: printed(sarif({ failOn: 'warning', version: '1.2.3', checks: allChecks })),
    markdown: printed(markdown),
  };
  const xml = await validateXML({ xml: [{ fileName: 'report.xml', contents: texts.junit }], schema: [xsd] });
  const plain: unknown = JSON.parse(texts.json);
  const same = JSON.stringify(parse(texts.yaml)) === JSON.stringify(plain);
  const faults = {
    table: [],
    json: bySchema(reportSchema, plain),
    yaml: same ? [] : ['is not what the JSON is'],
    junit: xml.errors.map((e) => e.message),
    sarif: sarifFaults(texts.sarif),
    markdown: markdownFaults(texts.markdown),
  };
  return Object.entries(texts).flatMap(([format, text]) => [
    ...(text.replaceAll('\n', '').search(unprintable) < 0 ? [] : [`${format}: a character that a terminal obeys`]),
    ...faults[format as keyof typeof faults].map((fault) => `${format}: ${fault}`),
  ]);
};
