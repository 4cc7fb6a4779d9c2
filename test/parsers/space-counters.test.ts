import { describe, expect, it } from 'vitest';
import { parseSpaceCounters } from '../../src/parsers/space-counters.ts';
import { expectTotal } from './fuzz.ts';

const text = 'c\t4026532277\tTcp.RetransSegs=1\tconntrack.entries=51\nc\t7\nnames\tTcp.RetransSegs\tUdp.InErrors\n';

describe('counters of network namespaces', () => {
  it('come with what the kernel counts, in any order', () => {
    expect(parseSpaceCounters(text)).toEqual({
      names: new Set(['Tcp.RetransSegs', 'Udp.InErrors']),
      spaces: [
        { space: '4026532277', values: { 'Tcp.RetransSegs': 1, 'conntrack.entries': 51 } },
        { space: '7', values: {} },
      ],
    });
  });

  it.each([
    ['nothing', ''],
    ['no names', 'c\t7\tTcp.RetransSegs=1\n'],
    ['no namespace', 'names\tTcp.RetransSegs\n'],
    ['a namespace without number', 'c\tx\tTcp.RetransSegs=1\nnames\tTcp.RetransSegs\n'],
    ['a value that is none', 'c\t7\tTcp.RetransSegs=-1\nnames\tTcp.RetransSegs\n'],
    ['a value without end', `c\t7\tTcp.RetransSegs=${'9'.repeat(21)}\nnames\tTcp.RetransSegs\n`],
  ])('are nothing where there is %s', (_, broken) => {
    expect(parseSpaceCounters(broken)).toBeNull();
  });

  it('are total', () => {
    expectTotal(parseSpaceCounters, [text], (c) =>
      c.spaces.every((s) => Object.values(s.values).every((v) => Number.isFinite(v) && v >= 0)),
    );
  });
});
