import { describe, expect, it } from 'vitest';
import { servedContainers, serviceNames, servicesOf } from '../../src/checks/services-of.ts';
import { containerOf, frontOf, podOf } from '../support/pods.ts';

describe('the Services of a pod', () => {
  it.each([
    ['its labels fit', frontOf(), true],
    ['it has more labels', frontOf({ selector: { app: 'web' } }), true],
    ['one label is missing', frontOf({ selector: { app: 'web', tier: 'x' } }), false],
    ['one label has another value', frontOf({ selector: { app: 'webs' } }), false],
    ['another namespace', frontOf({ namespace: 'x' }), false],
    ['a label by the name of what every object has', frontOf({ selector: { constructor: 'x' } }), false],
  ])('%s', (_, front, fits) =>
    expect(servicesOf(podOf({ labels: { app: 'web', v: '1' } }), [front])).toEqual(fits ? [front] : []),
  );
});

describe('the containers that serve', () => {
  const port = (n: number, name = '') => ({ port: n, name, protocol: 'TCP' });
  const a = containerOf({ name: 'a', ports: [port(8080, 'http')] });
  const b = containerOf({ name: 'b' });
  const side = containerOf({ name: 's', kind: 'sidecar', ports: [port(15021)] });
  const served = (...targetPorts: (number | string)[]) =>
    servedContainers(podOf({ containers: [a, b, side] }), [frontOf({ targetPorts })]).map((c) => c.name);
  it.each<[(number | string)[], string[]]>([
    [[8080], ['a']],
    [['http'], ['a']],
    [[15021], ['s']],
    [
      [8080, 15021],
      ['a', 's'],
    ],
    [[9], ['a', 'b']],
    [['nobody'], ['a', 'b']],
    [[], ['a', 'b']],
  ])('%j: %j', (targets, names) => expect(served(...targets)).toEqual(names));
});

it('their names', () => expect(serviceNames([frontOf(), frontOf({ name: 'api' })])).toBe('shop/web, shop/api'));
