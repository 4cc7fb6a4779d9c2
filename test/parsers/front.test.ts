import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontOf } from '../../src/parsers/front.ts';
import { ingressesBy } from '../../src/parsers/ingresses-by.ts';

const service = (spec: object, metadata: object = {}) => ({
  metadata: { namespace: 'shop', name: 'web', ...metadata },
  spec,
});
const selector = { app: 'web' };

it('a Service with a selector', () =>
  expect(
    frontOf(
      service(
        {
          type: 'LoadBalancer',
          selector,
          ports: [{ port: 80, targetPort: 8080 }, { port: 443, targetPort: 'https' }, { port: 9 }, { name: 'x' }],
          publishNotReadyAddresses: true,
        },
        { creationTimestamp: '2026-11-23T20:00:00Z' },
      ),
    ),
  ).toEqual({
    namespace: 'shop',
    name: 'web',
    createdAtMs: Date.UTC(2026, 10, 23, 20),
    type: 'LoadBalancer',
    selector,
    targetPorts: [8080, 'https', 9],
    publishNotReadyAddresses: true,
    ingresses: null,
  }));

it('of a manifest: its type is ClusterIP, it is not made yet', () =>
  expect(frontOf(service({ selector }))).toMatchObject({
    type: 'ClusterIP',
    createdAtMs: null,
    targetPorts: [],
    publishNotReadyAddresses: false,
  }));

describe('it leads to no pods of its own', () => {
  it.each([
    ['no selector', {}],
    ['an empty selector', { selector: {} }],
    ['null', { selector: null }],
    ['a list', { selector: ['app'] }],
    ['a text', { selector: 'app' }],
    ['no text in it', { selector: { app: 1 } }],
    ['a name in the DNS', { selector, type: 'ExternalName' }],
  ])('%s', (_, spec) => expect(frontOf(service(spec))).toBeNull());
  it.each([null, 1, 'x', [], {}])('%j', (item) => expect(frontOf(item)).toBeNull());
});

describe('Ingresses', () => {
  const ingress = (name: string, spec: object, namespace = 'shop') => ({ metadata: { namespace, name }, spec });
  const backend = (name: string) => ({ backend: { service: { name } } });
  it('by their backends, each once', () =>
    expect(
      ingressesBy([
        ingress('a', {
          defaultBackend: { service: { name: 'web' } },
          rules: [{ http: { paths: [backend('web'), backend('api')] } }, {}],
        }),
        ingress('b', { rules: [{ http: { paths: [backend('web'), { backend: { resource: {} } }] } }] }),
        ingress('c', { defaultBackend: { service: { name: 'web' } } }, 'other'),
        ingress('d', {}),
        null,
      ]),
    ).toEqual(
      new Map([
        ['shop/web', ['a', 'b']],
        ['shop/api', ['a']],
        ['other/web', ['c']],
      ]),
    ));
});

it('is total', () => {
  const any = fc.property(fc.jsonValue(), fc.jsonValue(), (spec, item) => {
    const front = frontOf({ spec });
    expect(front === null || Object.keys(front.selector).length > 0).toBe(true);
    expect(ingressesBy([item, { spec }])).toBeInstanceOf(Map);
    frontOf(item);
  });
  fc.assert(any);
});
