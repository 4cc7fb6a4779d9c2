import type { ManifestDocument, ManifestPath } from '../../parsers/manifest.ts';

/** A Kubernetes object in a manifest. */
export interface ManifestObject {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Of the API: "apps"; empty for the core. */
  readonly group: string;
  readonly kind: string;
  /** Its own, or the one for all that name none. */
  readonly namespace: string;
  readonly name: string;
  readonly value: unknown;
  readonly document: ManifestDocument;
  /** Where it is in the document: nowhere deeper, or an element of a List. */
  readonly path: ManifestPath;
}
