import { matchesGlob } from 'node:path';
import type { AnyCheck } from '../core/check.ts';

/** A pattern of --checks that fits no check. */
class UnknownCheck extends Error {
  override readonly name = 'UnknownCheck';
}

/** The checks whose ids fit one of the patterns (`ports/*`, `kernel/ip-forward`); all where there is none. Throws {@link UnknownCheck}. */
export const chooseChecks = (
  all: readonly AnyCheck[],
  patterns: readonly string[] | undefined,
): readonly AnyCheck[] => {
  if (!patterns || patterns.length === 0) return all;
  const fits = (c: AnyCheck, pattern: string) =>
    c.id === pattern || c.id.startsWith(`${pattern}/`) || matchesGlob(c.id, pattern);
  const wrong = patterns.find((p) => !all.some((c) => fits(c, p)));
  if (wrong !== undefined) throw new UnknownCheck(`no check fits "${wrong}"; \`netdoctor checks\` lists them`);
  return all.filter((c) => patterns.some((p) => fits(c, p)));
};
