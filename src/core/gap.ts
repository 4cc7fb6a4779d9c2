/**
 * Why a fact is not known. Only the engine turns a gap into the statuses `unknown` or `skipped`.
 *
 * - `not-collected`: nothing tried to read it (an old bundle, for instance)
 * - `not-chosen`: the user chose a run that does not read it (`--local`, `--rights minimal`, `--window 0`)
 * - `absent`: what was to be read does not exist there (file, API object)
 * - `forbidden`: the rights did not suffice
 * - `tool-missing`: no program there that could read it
 * - `unsupported`: it exists but not in a form that this version reads
 * - `timeout`, `truncated`: it did not come in time, or only in part
 * - `failed`: the read ran and failed in another way
 * - `unparsable`: it came, and is not what it should be
 * - `undecided`: it was read, and does not decide the question
 */
export type GapKind =
  | 'not-collected'
  | 'not-chosen'
  | 'absent'
  | 'forbidden'
  | 'tool-missing'
  | 'unsupported'
  | 'timeout'
  | 'truncated'
  | 'failed'
  | 'unparsable'
  | 'undecided';

/** A reason why something is not known; `detail` is a clause for the reader ("cannot read /proc/…: Permission denied"). */
export interface Gap {
  readonly kind: GapKind;
  readonly detail: string;
}

/** A value, or the reason why there is none. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly gap: Gap };

/** A reading that holds a value. */
export const known = <T>(value: T): Reading<T> => ({ ok: true, value });

/** A reading that holds none, and why. */
export const missing = (kind: GapKind, detail: string): { readonly ok: false; readonly gap: Gap } => ({
  ok: false,
  gap: { kind, detail },
});
