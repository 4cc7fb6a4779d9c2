import type { Progress } from '../core/transport.ts';

/** What one node of several tells; `done` ends it. */
type NodeProgress = Progress | { readonly kind: 'done' };

/** Makes the teller of one node: with several nodes each text says whose it is, and stages say how many nodes are done. */
export const progressOfMany = (total: number, tell: (progress: Progress) => void) => {
  let done = 0;
  const count = (): string => `${done}/${total} nodes`;
  const stage = (text: string): void => tell({ kind: 'stage', text: `${count()}, ${text}` });
  return (node: string) =>
    (p: NodeProgress): void => {
      switch (p.kind) {
        case 'done':
          done += 1;
          if (total > 1) stage(`${node} is done`);
          break;
        case 'stage':
          if (total > 1) stage(p.text);
          else tell(p);
          break;
        case 'note':
          tell(
            total > 1 && !p.text.split(/[^a-z0-9.-]+/).includes(node)
              ? { kind: 'note', text: `${node}: ${p.text}` }
              : p,
          );
          break;
        case 'read':
          tell(total > 1 ? { ...p, of: { node, done: count() } } : p);
          break;
      }
    };
};
