import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unhealthyEvent } from '../../src/parsers/unhealthy-event.ts';
import { isPort } from './fuzz.ts';

/** As Kubernetes 1.34 shows it, shortened. */
const real = {
  apiVersion: 'v1',
  kind: 'Event',
  count: 3,
  eventTime: null,
  firstTimestamp: '2026-11-23T18:00:00Z',
  lastTimestamp: '2026-11-23T18:00:20Z',
  involvedObject: {
    ...{ apiVersion: 'v1', kind: 'Pod', name: 'cart-7', namespace: 'shop', uid: '0a1b' },
    fieldPath: 'spec.containers{web}',
  },
  message:
    'Readiness probe failed: Get "http://10.244.1.2:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  metadata: { name: 'cart-7.18a2', namespace: 'shop', uid: 'e1' },
  reason: 'Unhealthy',
  reportingComponent: 'kubelet',
  reportingInstance: 'n1',
  source: { component: 'kubelet', host: 'n1' },
  type: 'Warning',
};
const of = (more: object) => unhealthyEvent({ ...real, ...more });

it('tells which probe of which pod failed where, and how often', () =>
  expect(unhealthyEvent(real)).toEqual({
    ...{ node: 'n1', pod: { namespace: 'shop', name: 'cart-7' }, container: 'web', probe: 'readiness' },
    destination: { ip: '10.244.1.2', port: 8080 },
    text: 'Get "http://10.244.1.2:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ...{ count: 3, spanMs: 20_000 },
  }));

it('as events.k8s.io makes it', () =>
  expect(
    of({
      ...{ count: undefined, source: {}, firstTimestamp: null, lastTimestamp: null },
      ...{ eventTime: '2026-11-23T18:00:00.000000Z', reportingInstance: 'n2' },
      series: { count: 7, lastObservedTime: '2026-11-23T18:01:00.000000Z' },
    }),
  ).toMatchObject({ node: 'n2', count: 7, spanMs: 60_000 }));

describe('where a probe goes', () => {
  const get = 'Get "http://10.244.1.2:8080/healthz"';
  it.each([
    [`Readiness probe failed: ${get}: dial tcp 10.244.1.2:8080: i/o timeout`, '10.244.1.2', 8080],
    ['Liveness probe failed: dial tcp 10.244.1.2:6379: connect: connection refused', '10.244.1.2', 6379],
    ['Startup probe failed: Get "https://[fd00::2]:8443/": EOF', 'fd00::2', 8443],
    ['Readiness probe failed: Get "http://10.244.1.2:80?x": EOF', '10.244.1.2', 80],
    ['Liveness probe failed: dial tcp [fd00:0:0:0::2]:80: i/o timeout', 'fd00::2', 80],
    ['Readiness probe failed: Get "http://[::ffff:10.0.0.1]:80/": EOF', '10.0.0.1', 80],
    [
      'Startup probe failed: timeout: failed to connect service "10.244.1.4:9000" within 1s: context deadline exceeded',
      '10.244.1.4',
      9000,
    ],
    ['Startup probe failed: error: failed to connect service at "[fd00::4]:9000": x', 'fd00::4', 9000],
    [
      'Liveness probe failed: read tcp 10.244.1.1:31055->10.244.1.4:8080: read: connection reset by peer',
      '10.244.1.4',
      8080,
    ],
    // a name in httpGet.host, led elsewhere: the dial has the address
    ['Readiness probe failed: Get "http://x.example:80/": dial tcp 192.0.2.1:80: i/o timeout', '192.0.2.1', 80],
    [
      `(combined from similar events): Readiness probe failed: ${get}: read tcp 10.244.1.1:31055->10.244.1.2:8080: EOF`,
      '10.244.1.2',
      8080,
    ],
  ])('%s', (message, ip, port) => expect(of({ message })?.destination).toEqual({ ip, port }));

  it.each([
    'Readiness probe failed: HTTP probe failed with statuscode: 503',
    'Liveness probe failed: cat: /tmp/healthy: No such file or directory',
    'Readiness probe errored and resulted in unknown state: rpc error: code = DeadlineExceeded desc = timed out',
    'Startup probe failed: timeout: health rpc did not complete within 1s',
    'Readiness probe failed: Get "http://x.example:80/": EOF',
    'Readiness probe failed: dial tcp 10.244.1.2:99999: i/o timeout',
    'Readiness probe failed: dial tcp 10.244.1.999:80: i/o timeout',
    'Readiness probe failed: dial tcp 10.244.1.2:0: i/o timeout',
  ])('none: %s', (message) => {
    expect(of({ message })).not.toBeNull();
    expect(of({ message })?.destination).toBeNull();
  });
});

it.each([
  ['Readiness probe failed: HTTP probe failed with statuscode: 503', 'HTTP probe failed with statuscode: 503'],
  ['Readiness probe errored and resulted in unknown state: rpc error', 'rpc error'],
  ['Liveness probe errored: x: y', 'x: y'],
  ['(combined from similar events): Startup probe failed: EOF', 'EOF'],
  ['Startup probe failed: ', ''],
])("the kubelet's words of %j", (message, text) => expect(of({ message })?.text).toBe(text));

it('of a long message the beginning is kept', () =>
  expect(of({ message: `Readiness probe failed: ${'x'.repeat(5000)}` })?.text).toHaveLength(476));

it.each<[string, object, object]>([
  [
    'a sidecar',
    { involvedObject: { ...real.involvedObject, fieldPath: 'spec.initContainers{proxy}' } },
    { container: 'proxy' },
  ],
  ['no container', { involvedObject: { ...real.involvedObject, fieldPath: undefined } }, { container: null }],
  ['no count', { count: undefined }, { count: 1 }],
  ['a count that is none', { count: -3 }, { count: 1 }],
  ['no times', { firstTimestamp: null, lastTimestamp: null }, { spanMs: null }],
  [
    'names that are too long',
    { involvedObject: { kind: 'Pod', namespace: 'n'.repeat(999), name: 'p'.repeat(999) } },
    { pod: { namespace: 'n'.repeat(253), name: 'p'.repeat(253) } },
  ],
  ['times that run backwards', { lastTimestamp: '2026-11-23T17:00:00Z' }, { spanMs: 0 }],
])('%s', (_, more, want) => expect(of(more)).toMatchObject(want));

it.each<[string, object]>([
  ['another reason', { reason: 'BackOff' }],
  ['another object', { involvedObject: { ...real.involvedObject, kind: 'Node' } }],
  ['a message that is none of a probe', { message: 'x' }],
  ['nobody who says it', { source: {}, reportingInstance: '' }],
  ['no pod', { involvedObject: { kind: 'Pod' } }],
])('%s is none', (_, more) => expect(of(more)).toBeNull());

it('is total', () => {
  const field = fc.oneof(fc.anything(), fc.constantFrom(...Object.values(real)));
  const message = fc
    .tuple(fc.constantFrom('Readiness', 'Liveness'), fc.string({ unit: 'binary' }))
    .map(([p, t]) => `${p} probe failed: ${t}`);
  fc.assert(
    fc.property(
      fc.record({ count: field, series: field, source: field, involvedObject: field, firstTimestamp: field }),
      message,
      (more, text) => {
        for (const object of [{ ...real, ...more }, more, { ...real, message: text }]) {
          const e = unhealthyEvent(object);
          expect(e === null || (e.count > 0 && (e.destination === null || isPort(e.destination.port)))).toBe(true);
        }
      },
    ),
    { numRuns: 30 },
  );
});
