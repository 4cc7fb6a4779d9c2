import type { ManifestDocument } from './manifest-document.ts';
import { ManifestFlow } from './manifest-flow.ts';
import { type ManifestLines, manifestWithLines } from './manifest-lines.ts';

/** The documents of a JSON text, or of several after one another, as kubectl takes them. Throws ManifestRefused. */
export const manifestJson = (text: string): readonly ManifestDocument[] => {
  const documents: ManifestDocument[] = [];
  const lines: ManifestLines = new Map();
  const flow = new ManifestFlow(text, { at: 0, line: 1, isJson: true }, lines);
  while (flow.peek() !== undefined) {
    const { line } = flow;
    documents.push(manifestWithLines(flow.value(), line, lines));
  }
  return documents;
};
