import { expect, it } from 'vitest';
import { progressOfMany } from '../../src/app/progress-of-many.ts';
import { missing } from '../../src/core/gap.ts';
import type { Progress } from '../../src/core/transport.ts';

const raw = missing('absent', 'not there');
const read: Progress = { kind: 'read', typed: 'cat /x', raw };

it('says nothing of its own about a single node', () => {
  const told: Progress[] = [];
  const tell = progressOfMany(1, (p) => told.push(p))('a');
  const said: readonly Progress[] = [{ kind: 'stage', text: 'reading a' }, { kind: 'note', text: 'odd' }, read];
  for (const p of said) tell(p);
  tell({ kind: 'done' });
  expect(told).toEqual(said);
});

it('of several nodes says whose it is and how many are done', () => {
  const told: Progress[] = [];
  const of = progressOfMany(2, (p) => told.push(p));
  const [a, b] = [of('a-node'), of('b-node')];
  a({ kind: 'stage', text: 'reading a-node' });
  a({ kind: 'done' });
  b({ kind: 'note', text: 'the pod is slow' });
  b({ kind: 'note', text: 'b-node is NotReady' });
  b(read);
  expect(told).toEqual([
    { kind: 'stage', text: '0/2 nodes, reading a-node' },
    { kind: 'stage', text: '1/2 nodes, a-node is done' },
    { kind: 'note', text: 'b-node: the pod is slow' },
    { kind: 'note', text: 'b-node is NotReady' },
    { ...read, of: { node: 'b-node', done: '1/2 nodes' } },
  ]);
});
