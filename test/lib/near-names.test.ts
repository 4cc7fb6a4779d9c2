import { expect, test } from 'vitest';
import { nearNames } from '../../src/lib/near-names.ts';

const names = [
  'kernel/ip-forward',
  'ports/listener-in-range',
  'ports/nodeport-overlap',
  'ports/nodeport-victims',
  'probes/failing',
];

test.each([
  ['ports/nodeport-overlp', ['ports/nodeport-overlap']],
  ['nodeport-victims', ['ports/nodeport-victims']],
  ['ports/nodport', ['ports/nodeport-overlap', 'ports/nodeport-victims']],
  ['ip-forwarding', ['kernel/ip-forward']],
  ['failing', ['probes/failing']],
  ['overlap', ['ports/nodeport-overlap']],
  ['', []],
  ['something-else', []],
])('%s', (wanted, near) => {
  expect(nearNames(wanted, names).slice(0, near.length || 3)).toEqual(near);
});
