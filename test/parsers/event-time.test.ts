import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventTime } from '../../src/parsers/event-time.ts';

const [eight, nine, ten] = ['2026-11-23T20:08:00Z', '2026-11-23T20:09:00.123456Z', '2026-11-23T20:10:00Z'];

it.each<[string, object, string | null]>([
  ['the old form', { firstTimestamp: eight, lastTimestamp: ten }, ten],
  [
    'the new form',
    { eventTime: eight, series: { lastObservedTime: nine }, firstTimestamp: null, lastTimestamp: null },
    nine,
  ],
  ['the new form, once', { eventTime: nine }, nine],
  ['the first alone', { firstTimestamp: eight }, eight],
  [
    'the newest of all, whatever is called last',
    { lastTimestamp: eight, eventTime: ten, series: { lastObservedTime: nine } },
    ten,
  ],
  ['none', {}, null],
  ['nonsense', { lastTimestamp: 'soon', eventTime: 7 }, null],
  ['nonsense beside a time', { lastTimestamp: 'soon', eventTime: nine }, nine],
])('%s', (_, event, want) => expect(eventTime(event)).toBe(want === null ? 0 : Date.parse(want)));

it('is total', () => {
  const time = fc.oneof(
    fc.string(),
    fc.date({ noInvalidDate: true }).map((d) => d.toISOString()),
    fc.jsonValue(),
  );
  const any = fc.property(fc.oneof(fc.jsonValue(), fc.record({ lastTimestamp: time, eventTime: time })), (e) => {
    expect(Number.isFinite(eventTime(e))).toBe(true);
  });
  fc.assert(any);
});
