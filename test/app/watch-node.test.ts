import { expect, it } from 'vitest';
import { watchNode } from '../../src/app/watch-node.ts';
import type { WatchEvent } from '../../src/core/watch.ts';
import type { WatchFrame, WatchOver } from '../../src/transports/watch/frames.ts';

const row = (address: string): string =>
  `syn\t   0: ${address}:C350 ${address}:1F90 02 00000001:00000000 01:00000014 00000000     0        0 61 2 0`;

async function* frames(texts: readonly string[], over: WatchOver): AsyncGenerator<WatchFrame, WatchOver> {
  for (const [n, text] of texts.entries()) yield { text: `${text}\n`, atSeconds: 100 + n * 1.04, missed: 0 };
  return over;
}
const watch = async (texts: readonly string[], over: WatchOver = { complete: true, hello: null }) => {
  const told: WatchEvent[] = [];
  const watched = await watchNode({
    ...{ name: 'node n1', frames: frames(texts, over), concerns: () => true, lingerMs: null },
    signal: new AbortController().signal,
    onFrame: async (events) => void told.push(...events),
  });
  return { told, watched };
};

it.each([
  ['s390x', '0A000203', '10.0.2.3'],
  ['x86_64', '0302000A', '10.0.2.3'],
  ['ppc64le', '0302000A', '10.0.2.3'],
  ['', '0302000A', '10.0.2.3'],
])('reads rows of /proc/net in the byte order of the machine: %s', async (arch, hex, ip) => {
  const { told } = await watch([`mode\tsample\tx\narch ${arch}`, row(hex), 'end\ttime']);
  expect(told).toMatchObject([{ kind: 'begin' }, { kind: 'socket', source: { ip } }, { kind: 'end' }]);
});

it.each<[string, readonly string[], WatchOver, object]>([
  ['its end', ['mode\ttrace\tx', 'end\ttime'], { complete: true, hello: null }, { seconds: 1, broken: null }],
  [
    'nothing more',
    ['mode\ttrace\tx', 'more\t1', 'more\t1'],
    { complete: false, hello: null },
    { seconds: 2.1, broken: { why: null } },
  ],
  [
    'what the transport knows',
    ['mode\ttrace\tx', 'end\tinput'],
    { complete: false, hello: null, why: 'OOMKilled' },
    { seconds: 1, broken: { why: 'OOMKilled' } },
  ],
  [
    'what the program knows',
    ['mode\ttrace\tx', 'end\tinput'],
    { complete: true, hello: null },
    { seconds: 1, broken: { why: 'the trace came to an end' } },
  ],
  ['no frame at all', [], { complete: false, hello: null, why: 'x' }, { seconds: null, broken: { why: 'x' } }],
])('tells for how long it was watched, and why it ended: %s', async (_, texts, over, came) => {
  expect((await watch(texts, over)).watched).toMatchObject(came);
});
