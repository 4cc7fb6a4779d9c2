import { describe, expect, it } from 'vitest';
import { containerLogLine } from '../../src/parsers/container-log-line.ts';
import { expectTotal } from './fuzz.ts';

const rows = [
  '2026-11-27T20:07:05.532760373Z stdout F \texit status 1: iptables-restore: line 7 failed',
  '2026-11-27T22:07:05.5+02:00 stderr P E1127 Failed',
  '{"log":"E0712 Failed to execute iptables-restore: \\"x\\"\\n","stream":"stderr","time":"2026-11-27T20:07:05.532760373Z"}',
] as const;

describe('a line of a container', () => {
  it('of CRI and of Docker, in any time zone', () => {
    const at = Date.parse('2026-11-27T20:07:05.532Z');
    expect(rows.map((r) => containerLogLine(r))).toEqual([
      { atMs: at, text: 'exit status 1: iptables-restore: line 7 failed' },
      { atMs: Date.parse('2026-11-27T20:07:05.5Z'), text: 'E1127 Failed' },
      { atMs: at, text: 'E0712 Failed to execute iptables-restore: "x"' },
    ]);
  });
  it('of Docker, cut in its middle', () => {
    const cut = '{"log":"E0712 Failed \\u003cnil\\u003e and mo",...,"time":"2026-11-27T20:07:05Z"}';
    expect(containerLogLine(cut)?.text).toBe('E0712 Failed <nil> and mo');
  });
  it.each([
    '',
    'E1127 20:07:04 x',
    '2026-11-27T20:07:05Z',
    '2026-99-27T20:07:05Z stdout F x',
    '{"log":"x"}',
    '{"log":"x","time":"y"}',
  ])('%j is none', (t) => expect(containerLogLine(t)).toBeNull());
  it('whatever the text', () => expectTotal(containerLogLine, rows, (l) => Number.isFinite(l.atMs)));
});
