import { describe, expect, it } from 'vitest';
import { bootIdProc } from '../../src/probes/kernel/boot-id.proc.ts';
import { counterChangesProc } from '../../src/probes/network/counter-changes.proc.ts';
import { countersProc } from '../../src/probes/network/counters.proc.ts';
import { spacesProc } from '../../src/probes/network/spaces.proc.ts';
import { overflowing } from '../support/overflowing.ts';
import { collect, shells } from '../transports/collector/run-program.ts';
import { kindOf, none, said, told } from './raws.ts';

describe.each(shells)('network namespaces, %s', (_, argv) => {
  it('ours comes first, then others with their oldest process, and each has counters of its own', async () => {
    const { pid, send } = await overflowing();
    send();
    const reads = [countersProc.reads.samples, spacesProc.reads.list];
    let sent = false;
    const { raws, end } = await collect(reads, {
      ...{ argv, windowSeconds: 4 },
      // when the first sample is whole
      onText: (text) => {
        if (sent || !/^@\S+ E \S*counters\S* /m.test(text)) return;
        sent = true;
        send();
      },
    });
    expect(sent).toBe(true);
    expect(end.complete).toBe(true);
    const raw = (read: (typeof reads)[number]) => raws.get(read.id) ?? none('not-collected');
    const spaces = spacesProc.parse({ list: raw(spacesProc.reads.list) });
    if (!spaces.ok) throw new Error(spaces.gap.detail);
    expect(spaces.value.filter((s) => s.host)).toEqual([spaces.value[0]]);
    const other = spaces.value.find((s) => s.pid === pid);
    expect(other).toMatchObject({ host: false, process: 'python3', podUid: null });
    const samples = { samples: raw(countersProc.reads.samples) };
    const all = countersProc.parse(samples);
    const changes = counterChangesProc.parse(samples);
    if (!all.ok || !changes.ok) throw new Error('no counters');
    const drops = (of: typeof all.value, id = other?.id): number =>
      of.spaces.find((s) => s.space === id)?.values['Udp.RcvbufErrors'] ?? 0;
    expect(all.value.names.has('Udp.RcvbufErrors')).toBe(true);
    expect(changes.value.seconds).toBeGreaterThan(3.9);
    expect(drops(changes.value)).toBeGreaterThan(30);
    expect(drops(all.value)).toBeGreaterThanOrEqual(2 * drops(changes.value) - 5);
    expect(drops(changes.value, spaces.value[0]?.id)).toBe(0);
  });
});

const one = 'c\t1\tUdp.InErrors=5\tconntrack.entries=9\nnames\tUdp.InErrors\tconntrack.entries\n';

describe('what was counted', () => {
  const changes = (...texts: readonly [string, ...string[]]) =>
    kindOf(counterChangesProc.parse({ samples: said(...texts) }));

  it('is a difference, but states are what they are', () => {
    expect(changes(one, one.replace('=5', '=7').replace('=9', '=3'))).toEqual({
      seconds: 0.25,
      names: new Set(['Udp.InErrors', 'conntrack.entries']),
      spaces: [{ space: '1', values: { 'Udp.InErrors': 2, 'conntrack.entries': 3 } }],
    });
  });

  it('of a namespace that was made meanwhile, or whose counters went backwards, is not told', () => {
    expect(changes(one, one.replace('c\t1', 'c\t2'))).toMatchObject({ spaces: [] });
    expect(changes(one, one.replace('=5', '=4'))).toMatchObject({ spaces: [] });
  });

  it('is the reader’s choice with one sample, and nothing where a sample is none', () => {
    expect(changes(one)).toBe('not-chosen');
    expect(changes(one, 'x')).toBe('unparsable');
    expect(changes('x', one)).toBe('unparsable');
    expect(told(countersProc.parse({ samples: none('timeout') }))).toBe('timeout: because timeout');
    expect(kindOf(countersProc.parse({ samples: said('x', one) }))).toMatchObject({ names: expect.any(Set) });
  });

  it.each([
    ['', 'no row'],
    ['space\t1\tx\t\tsh\n', 'no pid'],
    ['space\t1\t2\t\tsh\nhello\n', 'another line'],
  ])('a list that is none: %j', (text) => {
    expect(kindOf(spacesProc.parse({ list: said(text) }))).toBe('unparsable');
  });

  it('a process may be called anything', () => {
    expect(told(spacesProc.parse({ list: said('space\t1\t2\t\tsh\nspace\t3\t4\t\ta\tb\n') }))).toMatchObject([
      { id: '1', host: true, process: 'sh' },
      { id: '3', host: false, process: 'a\tb' },
    ]);
  });
});

it('the boot has a name', () => {
  expect(told(bootIdProc.parse({ id: said('0a1b2c3d-1111-2222-3333-444455556666\n') }))).toBe(
    '0a1b2c3d-1111-2222-3333-444455556666',
  );
  expect(kindOf(bootIdProc.parse({ id: said('x') }))).toBe('unparsable');
});
