import type { ManifestDocument } from './manifest-document.ts';

/** The documents of a manifest, or why it is none and on which line. */
export type ParsedManifest =
  | { readonly ok: true; readonly documents: readonly ManifestDocument[] }
  | { readonly ok: false; readonly line: number; readonly message: string };
