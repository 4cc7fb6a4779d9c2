import { expect, it } from 'vitest';
import { targetKey } from '../../src/core/target.ts';

it('objects of one name in two namespaces are two, on one line of a file too', () => {
  const web = { kind: 'manifest', name: 'Deployment/web', file: 'all.json', line: 1 } as const;
  expect(targetKey({ ...web, namespace: 'prod' })).not.toBe(targetKey({ ...web, namespace: 'test' }));
});
