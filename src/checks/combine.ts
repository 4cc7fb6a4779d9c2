import { cannotTell, fail, notApplicable, type Problem, pass, type Verdict } from '../core/check.ts';

/**
 * The verdict on a whole from those on its parts (the containers of a pod): what is wrong with any counts, then what could not be told of
 * any, then what is well.
 */
export const combine = (parts: readonly Verdict[], none: string): Verdict => {
  const problems = parts.flatMap((v): readonly Problem[] => (v.status === 'fail' ? v.problems : []));
  const [first, ...more] = problems;
  if (first) return fail(first, ...more);
  const blind = parts.flatMap((v) => (v.status === 'cannot-tell' ? [v] : []));
  const [unsure] = blind;
  if (unsure) return cannotTell(unsure.fact, blind.map((v) => v.reason).join('; '));
  const good = parts.flatMap((v) => (v.status === 'pass' ? [v.message] : []));
  if (good.length > 0) return pass(good.join('; '));
  const reasons = parts.flatMap((v) => (v.status === 'not-applicable' ? [v.reason] : []));
  return notApplicable([...new Set(reasons)].join('; ') || none);
};
