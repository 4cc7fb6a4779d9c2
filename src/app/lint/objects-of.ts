import { at, listAt, textAt } from '../../lib/json.ts';
import type { ManifestDocument, ManifestPath } from '../../parsers/manifest.ts';
import type { Fault } from './fault.ts';
import type { ManifestObject } from './manifest-object.ts';

/** Lists in Lists are rare and never deep, but anchors can make them endless. */
const deepestList = 5;
/** Anchors can make many of one. */
const mostObjects = 10_000;

/** A part of a document: an object, or a List of such. */
interface Part {
  readonly value: unknown;
  readonly path: ManifestPath;
  /** What it need not say itself: the elements of a DeploymentList are Deployments. */
  readonly implied: { readonly apiVersion: string; readonly kind: string };
  readonly depth: number;
}

/** A part that is an object, or why it is none. */
type Found = Part & ({ readonly kind: string; readonly apiVersion: string } | { readonly why: string });

/** What is in a part: itself, or the elements of a List. */
function* within(part: Part): Generator<Found> {
  const { value, path, implied, depth } = part;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return yield { ...part, why: 'no Kubernetes object: it has no fields' };
  const kind = textAt(value, 'kind') || implied.kind;
  const apiVersion = textAt(value, 'apiVersion') || implied.apiVersion;
  if (kind === '') return yield { ...part, why: 'no Kubernetes object: it has no kind' };
  if (apiVersion === '') return yield { ...part, why: 'no Kubernetes object: it has no apiVersion' };
  if (!kind.endsWith('List') || !Array.isArray(at(value, 'items'))) return yield { ...part, kind, apiVersion };
  if (depth === deepestList) return yield { ...part, why: 'Lists within Lists, too deep' };
  const inner = kind === 'List' ? { apiVersion: '', kind: '' } : { apiVersion, kind: kind.slice(0, -'List'.length) };
  for (const [i, item] of listAt(value, 'items').entries())
    yield* within({ value: item, path: [...path, 'items', i], implied: inner, depth: depth + 1 });
}

/** The Kubernetes objects of a document, those in Lists each for itself, and what is none. */
export const objectsOf = (
  file: string,
  document: ManifestDocument,
  defaultNamespace: string,
): { readonly objects: readonly ManifestObject[]; readonly faults: readonly Fault[] } => {
  const objects: ManifestObject[] = [];
  const faults: Fault[] = [];
  const whole = { value: document.value, path: [], implied: { apiVersion: '', kind: '' }, depth: 0 };
  for (const found of within(whole)) {
    const { value, path } = found;
    const line = document.lineAt(path);
    if (objects.length + faults.length === mostObjects) {
      faults.push({ file, line, message: `more than ${mostObjects} objects: the others are not judged` });
      break;
    }
    if ('why' in found) {
      faults.push({ file, line, message: found.why });
      continue;
    }
    const { kind, apiVersion } = found;
    const name = textAt(value, 'metadata', 'name') || textAt(value, 'metadata', 'generateName');
    const namespace = textAt(value, 'metadata', 'namespace') || defaultNamespace;
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    objects.push({ file, line, group, kind, namespace, name, value, document, path });
  }
  return { objects, faults };
};
