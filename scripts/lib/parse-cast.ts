import { listAt, numberAt, textAt } from '../../src/lib/json.ts';
import type { Cast } from './cast.ts';

/** Reads asciicast v2: a header as one line of JSON, then `[seconds, kind, text]` as one line each. Throws when it is something else. */
export const parseCast = (text: string): Cast => {
  const [header, ...events] = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
  const columns = numberAt(header, 'width');
  if (numberAt(header, 'version') !== 2 || columns === null) throw new Error('not an asciicast of version 2');
  return {
    columns,
    title: textAt(header, 'title'),
    idleLimit: numberAt(header, 'idle_time_limit') ?? Number.POSITIVE_INFINITY,
    output: events.flatMap((event) => {
      const at = numberAt(event, 0);
      if (listAt(event).length !== 3 || at === null) throw new Error(`not an event: ${JSON.stringify(event)}`);
      // others: what was typed, marks, changes of size
      return textAt(event, 1) === 'o' ? [{ at, text: textAt(event, 2) }] : [];
    }),
  };
};
