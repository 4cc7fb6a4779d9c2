import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import type { ContainerTree, ProcessNode } from '../../src/core/report.ts';
import { canvas } from '../../src/reporters/canvas.ts';
import { processTree } from '../../src/reporters/process-tree.ts';
import { processOf, sickPodSummary } from './sample-pods.ts';

const at = (width: number, verbose = false) => canvas({ color: false, width, unicode: false, verbose });
const treeOf = (more: Partial<ContainerTree>): ContainerTree => ({
  name: 'web',
  unseen: null,
  roots: [],
  left: 0,
  ...more,
});
const sick = sickPodSummary().processes[0] ?? treeOf({});

test('who gets the signal, who does not, and why; siblings that fare alike are one', () => {
  expect(processTree(sick, 'SIGTERM', at(80))).toEqual([
    'Processes of container web, and what SIGTERM does to them:',
    '  X 1 sh -c                     has no trap for SIGTERM, and goes on waiting',
    '  |- X 7 node server.js         does not get it: killed after 30 s',
    '  |  `- X 20 node worker.js x3  does not get it: killed after 30 s',
    '  `- ? 9 logger                 is left to its parent',
  ]);
});

test('where it is narrow the fate stands below', () => {
  expect(processTree(sick, 'SIGTERM', at(40))).toEqual([
    'Processes of container web, and what',
    'SIGTERM does to them:',
    '  X 1 sh -c',
    '  |   has no trap for SIGTERM, and goes',
    '  |   on waiting',
    '  |- X 7 node server.js',
    '  |  |   does not get it: killed after',
    '  |  |   30 s',
    '  |  `- X 20 node worker.js x3',
    '  |         does not get it: killed',
    '  |         after 30 s',
    '  `- ? 9 logger',
    '         is left to its parent',
  ]);
});

test('a fate that is long goes on beside the tree', () => {
  const roots = [processOf({ fate: 'word '.repeat(20), children: [processOf({ pid: 2, signalFrom: 'init' })] })];
  const lines = processTree(treeOf({ roots }), 'SIGTERM', at(80));
  expect(lines[2]).toMatch(/^ {2}\| {20,}word/);
  expect(lines.at(-1)).toMatch(/^ {2}`- \+ 2 node server\.js {2}catches SIGTERM$/);
});

test('what there is not is said', () => {
  expect(processTree(treeOf({ unseen: 'not read' }), 'SIGTERM', at(80))).toEqual([
    'Processes of container web: not read',
  ]);
  expect(processTree(treeOf({}), 'SIGTERM', at(80))).toEqual(['Processes of container web: none']);
  expect(processTree(treeOf({ roots: [processOf({})], left: 9 }), 'SIGTERM', at(80)).at(-1)).toBe('  ... 9 more');
});

test('many processes are counted', () => {
  const roots = Array.from({ length: 50 }, (_, i) => processOf({ pid: i + 1, command: `p${i}` }));
  expect(processTree(treeOf({ roots, left: 3 }), 'SIGTERM', at(80))).toHaveLength(18);
  expect(processTree(treeOf({ roots, left: 3 }), 'SIGTERM', at(80)).at(-1)).toBe('  ... 37 more');
  expect(processTree(treeOf({ roots }), 'SIGTERM', at(80, true))).toHaveLength(51);
});

test('a chain of a hundred thousand processes is cut', () => {
  let chain: ProcessNode = processOf({ pid: 100_000 });
  for (let pid = 99_999; pid > 0; pid -= 1) chain = processOf({ pid, children: [chain] });
  for (const width of [40, 80, 200]) {
    const lines = processTree(treeOf({ roots: [chain] }), 'SIGTERM', at(width));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines.at(-1)).toMatch(/^ {2}\.\.\. 999\d\d more$/);
  }
});

test('wide and hostile names keep the columns', () => {
  const roots = [
    processOf({
      command: '進程\x1b[31m\n'.repeat(20),
      fate: '\u202e好'.repeat(60),
      children: [processOf({ pid: 2, command: '進程' })],
    }),
  ];
  for (const width of [40, 80, 120]) {
    const lines = processTree(treeOf({ roots }), 'SIGTERM', at(width));
    for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(width);
  }
});
