/** The comment of a rule that matches every packet and drops it ("" without one), from its words; null for any other rule. */
export const dropsAll = (words: readonly string[]): string | null => {
  const [match, name, option, comment = '', ...rest] = words;
  if (words.join(' ') === '-j DROP') return '';
  return match === '-m' && name === 'comment' && option === '--comment' && rest.join(' ') === '-j DROP'
    ? comment
    : null;
};
