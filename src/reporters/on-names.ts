import { printable } from '../lib/printable.ts';

const mostNames = 5;

/** `node1, node2 and 9 more`; all of them with `verbose`. */
export const onNames = (names: readonly string[], verbose: boolean): string => {
  const shown = verbose || names.length <= mostNames + 1 ? names : names.slice(0, mostNames);
  const rest = names.length - shown.length;
  return `${shown.map(printable).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
};
