import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUnhealthy } from '../../src/parsers/unhealthy.ts';
import { expectTotal } from './fuzz.ts';

const url = 'Get "http://10.244.1.4:8080/healthz"';

describe("kubelet's words", () => {
  it.each([
    [
      `Readiness probe failed: ${url}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
      'readiness',
      'timeout',
    ],
    [`Readiness probe failed: ${url}: dial tcp 10.244.1.4:8080: i/o timeout`, 'readiness', 'timeout'],
    ['Liveness probe failed: dial tcp 10.244.1.4:8080: i/o timeout', 'liveness', 'timeout'],
    [
      'Startup probe failed: timeout: failed to connect service "10.244.1.4:9000" within 1s: context deadline exceeded',
      'startup',
      'timeout',
    ],
    ['Readiness probe errored: rpc error: code = DeadlineExceeded desc = command timed out', 'readiness', 'timeout'],
    [`Liveness probe failed: ${url}: dial tcp 10.244.1.4:8080: connect: connection refused`, 'liveness', 'refused'],
    ['Readiness probe failed: HTTP probe failed with statuscode: 503', 'readiness', 'http-status'],
    ['Readiness probe failed: HTTP probe failed with statuscode: 504 Gateway timeout', 'readiness', 'http-status'],
    [
      `Liveness probe failed: ${url}: read tcp 10.244.1.1:31055->10.244.1.4:8080: read: connection reset by peer`,
      'liveness',
      'reset',
    ],
    [`Liveness probe failed: ${url}: EOF`, 'liveness', 'reset'],
    [`Readiness probe failed: ${url}: dial tcp 10.244.1.4:8080: connect: no route to host`, 'readiness', 'unreachable'],
    ['(combined from similar events): Liveness probe failed: EOF', 'liveness', 'reset'],
    ['Readiness probe failed: ', 'readiness', 'other'],
    ['Startup probe failed: cat: /tmp/healthy: No such file or directory', 'startup', 'other'],
    ['Liveness probe errored and resulted in unknown state: x', 'liveness', 'other'],
  ])('%s', (message, probe, reason) => expect(parseUnhealthy(message)).toEqual({ probe, reason }));

  it.each([
    '',
    'Readiness probe warning: Probe terminated redirects',
    'readiness probe failed: x',
    ' Readiness probe failed: x',
    'Back-off restarting failed container',
    'Custom probe failed: x',
  ])('none: %j', (message) => expect(parseUnhealthy(message)).toBeNull());
});

it('is total: any end of a message has a reason', () => {
  const any = fc.property(
    fc.constantFrom('Readiness', 'Liveness', 'Startup'),
    fc.constantFrom('failed', 'errored'),
    fc.string({ unit: 'binary' }),
    (probe, verb, rest) => {
      expect(parseUnhealthy(`${probe} probe ${verb}: ${rest}`)?.probe).toBe(probe.toLowerCase());
    },
  );
  fc.assert(any);
  expectTotal(parseUnhealthy, ['Readiness probe failed: x', 'Liveness probe errored: timeout'], (m) =>
    ['readiness', 'liveness', 'startup'].includes(m.probe),
  );
});
