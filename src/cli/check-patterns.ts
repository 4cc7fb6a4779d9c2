import type { checksFlag } from './checks-flag.ts';
import type { Values } from './values.ts';

/** What --checks lists; undefined where it is not given. */
export const checkPatterns = (v: Values<keyof typeof checksFlag>): readonly string[] | undefined => {
  const patterns = v
    .list('checks')
    .flatMap((p) => p.split(','))
    .map((p) => p.trim())
    .filter((p) => p !== '');
  return patterns.length > 0 ? patterns : undefined;
};
