import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScriptRead } from '../../src/core/read.ts';
import { tracefsProc } from '../../src/probes/kernel/tracefs.proc.ts';
import { bareNode, collect, shells, tempDir } from '../transports/collector/run-program.ts';
import { kindOf, none, said, told } from './raws.ts';

const { mounts } = tracefsProc.reads;
const readingOf = async (read: ScriptRead, argv: readonly string[]) => {
  const c = await collect([read], { argv });
  expect(c.end.complete).toBe(true);
  return tracefsProc.parse({ mounts: c.raws.get(read.id) ?? none('not-collected') });
};
/** The probe with this in the place of /proc/1/mounts; null: there is none. */
const mounted = (lines: readonly string[] | null): ScriptRead => {
  const path = join(tempDir(), 'mounts');
  if (lines) writeFileSync(path, lines.map((l) => `${l}\n`).join(''));
  return { ...mounts, script: mounts.script.replaceAll('/proc/1/mounts', path) };
};
const usual = [
  'sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0',
  'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0',
  '/dev/vda1 / ext4 rw,relatime,errors=remount-ro 0 0',
];
const other = [
  // what pods mount is not to be told, and names are what somebody chose
  'overlay /run/containerd/io.containerd.runtime.v2.task/k8s.io/0a/rootfs overlay rw 0 0',
  'tracefs /mnt/tracefs tmpfs rw 0 0',
  'a\\040tracefs\\040b /mnt/at\\040/x\\\\y tmpfs rw 0 0',
  'x /mnt/%s%n$(touch\\040x)`*` tmpfs rw 0 0',
];
const ours = (place: string): string => `tracefs ${place} tracefs rw,nosuid,nodev,noexec,relatime 0 0`;

describe.each(shells)('tracefs, %s', (_, argv) => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['where systemd mounts it', [...usual, ours('/sys/kernel/tracing'), ...other], ['/sys/kernel/tracing']],
    [
      'twice, in order',
      [...usual, ours('/sys/kernel/debug/tracing'), ours('/sys/kernel/tracing')],
      ['/sys/kernel/debug/tracing', '/sys/kernel/tracing'],
    ],
    ['nowhere', [...usual, ...other], []],
    ['no mounts at all', [], []],
    ['at a path with a space', [ours('/mnt/a\\040b')], ['/mnt/a\\040b']],
    ['of another name', ['nodev /mnt tracefs ro 0 0', 'tracefs'], ['/mnt']],
  ])('%s', async (__, lines, want) => expect(told(await readingOf(mounted(lines), argv))).toEqual(want));

  it('of this machine, as its own table says', async () => {
    const want = readFileSync('/proc/1/mounts', 'utf8')
      .split('\n')
      .map((l) => l.split(' '))
      .flatMap(([, place = '', type]) => (type === 'tracefs' ? [place] : []));
    expect(told(await readingOf(mounts, argv))).toEqual(want);
  });

  it('a table that cannot be read is no empty one', async () =>
    expect(kindOf(await readingOf(mounted(null), argv))).toMatch(/^(failed|absent|unparsable)$/));

  it('without any other program', async () => {
    const lines = [...usual, ours('/sys/kernel/tracing')];
    const reading = await readingOf(mounted(lines), bareNode(argv, ['cat', 'sleep']));
    expect(told(reading)).toEqual(['/sys/kernel/tracing']);
  });
});

it.each([
  ['cut', said('at /sys/kernel/tracing\n'), 'unparsable'],
  ['nothing', said(''), 'unparsable'],
  ['none', said('whole\n'), []],
  ['lines of others between', said('warning: x\nat /a\nat b\nat /c d\nwhole\n'), ['/a']],
  ['not read', none('forbidden'), 'forbidden'],
])('an answer: %s', (_, raw, want) => expect(kindOf(tracefsProc.parse({ mounts: raw }))).toEqual(want));
