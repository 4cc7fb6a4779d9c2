import { manifestBlock } from './manifest-block.ts';
import type { ManifestDocument } from './manifest-document.ts';
import { manifestJson } from './manifest-json.ts';
import type { ParsedManifest } from './manifest-parsed.ts';
import { ManifestRefused } from './manifest-refused.ts';
import { manifestYaml } from './manifest-yaml.ts';

const quick = (text: string): readonly ManifestDocument[] | null => {
  try {
    return /^\s*[{[]/.test(text) ? manifestJson(text) : manifestBlock(text);
  } catch (error) {
    if (error instanceof ManifestRefused) return null;
    throw error;
  }
};

/** The documents of a manifest file, YAML or JSON, or its first fault. Empty documents are left out. Total. */
export const parseManifest = (text: string): ParsedManifest => {
  const plain = text.replace(/^\ufeff/, '');
  const documents = quick(plain);
  const parsed: ParsedManifest = documents === null ? manifestYaml(plain) : { ok: true, documents };
  return parsed.ok ? { ok: true, documents: parsed.documents.filter((d) => d.value !== null) } : parsed;
};
