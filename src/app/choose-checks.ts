import type { AnyCheck } from '../core/check.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { fitsCheck } from './fits-check.ts';
import { UnknownCheck } from './unknown-check.ts';

/** What a pattern may name: groups, and single checks. */
const namesOf = (checks: readonly AnyCheck[]): readonly string[] => [
  ...new Set(checks.map(({ id }) => id.replace(/\/.*/, '/*'))),
  ...checks.map((c) => c.id),
];

/**
 * The checks whose ids fit one of the patterns (`ports/*`, `kernel/ip-forward`); all where there is none. `others`: checks of another command, whose name
 * is told where a pattern fits one of them. Throws {@link UnknownCheck}.
 */
export const chooseChecks = (
  all: readonly AnyCheck[],
  patterns: readonly string[] | undefined,
  others: { readonly checks: readonly AnyCheck[]; readonly command: string } = { checks: [], command: '' },
): readonly AnyCheck[] => {
  if (!patterns || patterns.length === 0) return all;
  const fits = (c: AnyCheck, pattern: string) => fitsCheck(c.id, pattern);
  const wrong = patterns.find((p) => !all.some((c) => fits(c, p)));
  if (wrong !== undefined && others.checks.some((c) => fits(c, wrong)))
    throw new UnknownCheck(`what fits "${wrong}" belongs to \`netdoctor ${others.command}\``);
  if (wrong !== undefined)
    throw new UnknownCheck(
      `no check fits "${wrong}"${didYouMean(wrong, namesOf(all))}; \`netdoctor checks\` lists them`,
    );
  return all.filter((c) => patterns.some((p) => fits(c, p)));
};
