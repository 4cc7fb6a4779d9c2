/** Keys and indexes that lead from a document to something in it. */
export type ManifestPath = readonly (string | number)[];

/** A document of a manifest, as data, and the lines (from 1) on which its parts begin. */
export interface ManifestDocument {
  readonly value: unknown;
  readonly line: number;
  /** The line of what is at this path (of a field, where its key stands), or of the nearest around it that is there. */
  readonly lineAt: (path: ManifestPath) => number;
}
