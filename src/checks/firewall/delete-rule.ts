import type { DropRule } from '../../facts/firewall/drop-rules.ts';
import { shellWord } from '../../lib/shell-word.ts';

/** The command that takes the rule away, safe for a shell whatever the rule holds; null where its words are not known. */
export const deleteRule = (r: DropRule): string | null => {
  if (r.policy) return null;
  if (r.backend === 'nft')
    return r.handle === null
      ? null
      : `nft delete rule ${[r.family, r.table, r.chain].map(shellWord).join(' ')} handle ${r.handle}`;
  if (r.words === null || r.words[0] !== '-A') return null;
  return [r.tool, '-t', r.table, '-D', ...r.words.slice(1)].map(shellWord).join(' ');
};
