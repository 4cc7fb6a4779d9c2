import { printable } from '../lib/printable.ts';

const mostNames = 5;

/** `node1, node2 and 9 more`; all of them with `verbose`. */
export const onNodes = (nodes: readonly string[], verbose: boolean): string => {
  const shown = verbose || nodes.length <= mostNames + 1 ? nodes : nodes.slice(0, mostNames);
  const rest = nodes.length - shown.length;
  return `${shown.map(printable).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
};
