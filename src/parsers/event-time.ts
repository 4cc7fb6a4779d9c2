import { textAt } from '../lib/json.ts';

/** When an event (core/v1) was last seen, milliseconds since 1970: the newest of the times it may have. 0 if it has none. */
export const eventTime = (e: unknown): number =>
  Math.max(
    ...[
      textAt(e, 'series', 'lastObservedTime'),
      textAt(e, 'lastTimestamp'),
      textAt(e, 'eventTime'),
      textAt(e, 'firstTimestamp'),
    ].map((t) => Date.parse(t) || 0),
  );
