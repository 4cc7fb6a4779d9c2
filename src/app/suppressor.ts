import type { AnyCheck } from '../core/check.ts';
import type { Finding } from '../core/finding.ts';
import type { Suppressions } from '../core/suppression.ts';
import { nearNames } from '../lib/near-names.ts';
import { fitsCheck } from './fits-check.ts';
import { fitsSuppression } from './fits-suppression.ts';
import { UnknownCheck } from './unknown-check.ts';

/**
 * Marks the problems that the user has suppressed. Only problems: what could not be judged stays so, and what a suppressed problem brings about
 * is told as before. Throws {@link UnknownCheck} with near names for a suppression that means no check of netdoctor, whatever this run looks at.
 */
export const suppressor = (
  suppress: Suppressions | undefined,
  all: readonly AnyCheck[],
): ((findings: readonly Finding[]) => readonly Finding[]) => {
  if (suppress === undefined) return (findings) => findings;
  const { rules, reason } = suppress;
  const ids = all.map((c) => c.id);
  const wrong = rules.find(({ check }) => !ids.some((id) => fitsCheck(id, check)));
  if (wrong !== undefined) {
    const near = nearNames(wrong.check, ids);
    const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`netdoctor checks` lists them';
    throw new UnknownCheck(`--suppress "${wrong.text}": no check fits "${wrong.check}"; ${hint}`);
  }
  return (findings) =>
    findings.map((f) =>
      f.status === 'fail' && rules.some((rule) => fitsSuppression(f, rule)) ? { ...f, suppressed: { reason } } : f,
    );
};
