import type { Evidence } from '../core/check.ts';
import type { Target } from '../core/target.ts';
import { printable } from '../lib/printable.ts';

const segments = (path: string): string => printable(path).split('/').map(encodeURIComponent).join('/');

/** A path as given: relative to where netdoctor ran, which in CI is the checkout. */
const fileUri = (file: string): string => {
  if (file === '-') return 'stdin';
  return file.startsWith('/') ? `file://${segments(file)}` : segments(file.replace(/^(\.\/+)+/, ''));
};

/** Where it is in the file: the first piece of evidence that names a line of it, else where the object begins. */
const lineOf = (file: string, begin: number, evidence: readonly Evidence[]): number => {
  for (const { source } of evidence) {
    const line = source.startsWith(`${file}:`) ? /^[1-9]\d{0,8}$/.exec(source.slice(file.length + 1))?.[0] : undefined;
    if (line !== undefined) return Number(line);
  }
  return begin;
};

/** No file: a name that is the same in every run. GitHub's code scanning refuses results without an artifact. */
const artifact = (t: Target): string => {
  switch (t.kind) {
    case 'node':
      return `kubernetes/nodes/${encodeURIComponent(printable(t.name))}`;
    case 'pod':
      return `kubernetes/namespaces/${encodeURIComponent(printable(t.namespace))}/pods/${encodeURIComponent(printable(t.name))}`;
    case 'manifest':
      return fileUri(t.file);
  }
};

/** The place of a target, and in a manifest of what was seen there, as a location of SARIF. */
export const sarifLocation = (t: Target, evidence: readonly Evidence[] | null): object => ({
  physicalLocation: {
    artifactLocation: { uri: artifact(t) },
    region: { startLine: t.kind === 'manifest' ? lineOf(t.file, t.line, evidence ?? []) : 1 },
  },
  logicalLocations: [
    {
      name: printable(t.name),
      fullyQualifiedName: printable(t.kind === 'node' ? `node/${t.name}` : `${t.kind}/${t.namespace}/${t.name}`),
      kind: 'resource',
    },
  ],
});
