import type { Evidence } from '../../core/check.ts';
import type { Finding } from '../../core/finding.ts';
import type { ManifestPath } from '../../parsers/manifest.ts';
import type { ManifestObject } from './manifest-object.ts';
import type { Template } from './template-of.ts';

const pathOf = (path: ManifestPath | undefined, object: ManifestObject, template: Template): ManifestPath => {
  if (path === undefined) return object.path;
  return path[0] === '^' ? [...template.ownPath, ...path.slice(1)] : [...template.specPath, ...path];
};

/** What is quoted, now that the source is a line: a field, an element of a list, or whatever the check says that it is. */
const quoted = ({ source, path }: Evidence): string => {
  const [last, before] = (path ?? []).toReversed();
  if (typeof last === 'string' && last !== '^') return last;
  return typeof last === 'number' && before !== undefined ? `${before}[${last}]` : source;
};

/** The finding with the file and line of its evidence. */
export const located = (finding: Finding, object: ManifestObject, template: Template): Finding => {
  if (finding.status !== 'fail') return finding;
  const evidence = finding.evidence.map((e) => ({
    source: `${object.file}:${object.document.lineAt(pathOf(e.path, object, template))}`,
    text: `${quoted(e)}: ${e.text}`,
  }));
  return { ...finding, evidence };
};
