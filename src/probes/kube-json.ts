import { missing, type Reading } from '../core/gap.ts';
import type { Raw } from '../core/read.ts';
import { parseJsonBody } from '../parsers/json-body.ts';

/** The body of an API answer and the server's clock, or why there is none. */
export const kubeJson = (raw: Raw): Reading<{ readonly body: unknown; readonly serverMs: number }> => {
  if (!raw.ok) return raw;
  const [first] = raw.outputs;
  const parsed = parseJsonBody(first.stdout);
  const isObject = typeof parsed?.value === 'object' && parsed.value !== null && !Array.isArray(parsed.value);
  return parsed && isObject
    ? { ok: true, value: { body: parsed.value, serverMs: first.atMs } }
    : missing('unparsable', 'the answer of the API is no JSON object');
};
