import { type Gap, type GapKind, missing } from '../../core/gap.ts';
import type { Output, Raw } from '../../core/read.ts';
import type { Report } from '../../core/report.ts';
import { at, listAt, numberAt, textAt } from '../../lib/json.ts';

/** What stands before the stream in a saved bundle; a bundle of --emit-collector has none. */
export interface Manifest {
  readonly netdoctorBundle: 1;
  readonly version: string;
  /** Empty for pods that are on no node. */
  readonly node: string;
  /** Null where a bundle does not tell it. */
  readonly startedAt: Date | null;
  readonly context: Report['context'];
  /** Answers that are not in the stream: the API's (reduced to what probes keep) and reads that the rights did not allow. */
  readonly raws: Readonly<Record<string, Raw>>;
}

const kinds: Readonly<Record<GapKind, true>> = {
  'not-collected': true,
  'not-chosen': true,
  absent: true,
  forbidden: true,
  'tool-missing': true,
  unsupported: true,
  timeout: true,
  truncated: true,
  failed: true,
  unparsable: true,
  undecided: true,
};

const isGap = (value: unknown): value is Gap =>
  Object.hasOwn(kinds, textAt(value, 'kind')) && typeof at(value, 'detail') === 'string';

const isOutput = (value: unknown): value is Output =>
  (['stdout', 'stderr'] as const).every((name) => typeof at(value, name) === 'string') &&
  (['exit', 'sample', 'atMs'] as const).every((name) => numberAt(value, name) !== null);

const rawOf = (id: string, value: unknown): Raw => {
  const gap = at(value, 'gap');
  if (at(value, 'ok') === false && isGap(gap)) return { ok: false, gap };
  const outputs = listAt(value, 'outputs').filter(isOutput);
  const [first, ...more] = outputs;
  return at(value, 'ok') === true && first && outputs.length === listAt(value, 'outputs').length
    ? { ok: true, outputs: [first, ...more] }
    : missing('unparsable', `what the bundle holds of ${id} is no answer`);
};

const timeOf = (text: string): Date | null =>
  /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text)) ? new Date(text) : null;

/**
 * Understands a manifest; null if it is none that this version reads. A bundle comes by mail and from tickets, so nothing of it is taken
 * on trust: an answer that is none is a gap, a header of another shape is left out.
 */
export const manifestOf = (value: unknown): Manifest | null => {
  const raws = at(value, 'raws');
  if (at(value, 'netdoctorBundle') !== 1 || typeof raws !== 'object' || raws === null) return null;
  const context = at(value, 'context');
  return {
    netdoctorBundle: 1,
    version: textAt(value, 'version'),
    node: at(value, 'node') === '' ? '' : textAt(value, 'node') || 'unknown',
    startedAt: timeOf(textAt(value, 'startedAt')),
    context:
      typeof context === 'object' && context !== null
        ? {
            name: textAt(context, 'name') || null,
            cluster: textAt(context, 'cluster') || null,
            server: textAt(context, 'server'),
          }
        : null,
    raws: Object.fromEntries(Object.entries(raws).map(([id, raw]) => [id, rawOf(id, raw)])),
  };
};
