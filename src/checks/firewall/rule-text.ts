import type { DropRule } from '../../facts/firewall/drop-rules.ts';

/** The rule as one would type it to make it, on one line; a policy likewise. Not for a shell: see deleteRule. */
export const ruleText = (r: DropRule): string => {
  const head = `${r.family} ${r.table} ${r.chain}`;
  if (r.backend === 'nft') return r.policy ? `nft chain ${head} { ${r.text} }` : `nft add rule ${head} ${r.text}`;
  return r.policy ? `${r.tool} -t ${r.table} -P ${r.chain} DROP` : `${r.tool} -t ${r.table} ${r.text}`;
};
