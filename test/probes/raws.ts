import type { GapKind, Reading } from '../../src/core/gap.ts';
import type { Raw } from '../../src/core/read.ts';

/** An answer, or several. */
export const said = (stdout: string, ...more: string[]): Raw => ({
  ok: true,
  outputs: [
    { stdout, stderr: '', exit: 0, sample: 0, atMs: 1000 },
    ...more.map((text, i) => ({ stdout: text, stderr: '', exit: 0, sample: i + 1, atMs: 1000 + (i + 1) * 250 })),
  ],
});

/** An answer of the API. */
export const json = (body: unknown): Raw => said(JSON.stringify(body));

/** No answer. */
export const none = (kind: GapKind = 'absent'): Raw => ({ ok: false, gap: { kind, detail: `because ${kind}` } });

/** The value, or "kind: detail". */
export const told = (reading: Reading<unknown>): unknown =>
  reading.ok ? reading.value : `${reading.gap.kind}: ${reading.gap.detail}`;

/** The value, or only the kind of the gap. */
export const kindOf = (reading: Reading<unknown>): unknown => (reading.ok ? reading.value : reading.gap.kind);
