/**
 * Times two commands in pairs; scripts/bench sets up and calls this, best inside the lab:
 *   test/lab/lab exec -- scripts/bench [-n PAIRS] [--warm-ups N] [--node NAME] [-a COMMAND] [-b COMMAND]
 * A is netdoctor on a node, B is kubectl debug doing nothing there. Pods that either leaves are deleted between, outside of the timing.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Spread, timePairs } from './lib/pairs.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    pairs: { type: 'string', short: 'n', default: '15' },
    'warm-ups': { type: 'string', default: '2' },
    node: { type: 'string', default: 'node1' },
    a: { type: 'string', short: 'a' },
    b: { type: 'string', short: 'b' },
  },
});
const node = values.node;
const commands = {
  A: values.a ?? `node ${join(root, 'dist/netdoctor.js')} node ${node} --window 0 -o json`,
  B: values.b ?? `kubectl debug node/${node} --image=busybox:1.36 --profile=general -q -i -- true`,
};
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };

/** netdoctor ends with 2 or 3 when it finds something or cannot judge something. */
const endsWell = { A: [0, 2, 3], B: [0] };

const time = async (side: 'A' | 'B'): Promise<number> => {
  const start = performance.now();
  const { status, stderr, error } = spawnSync('sh', ['-c', `exec ${commands[side]}`], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ms = performance.now() - start;
  if (status === null || !endsWell[side].includes(status)) {
    throw new Error(`${commands[side]}\nended with ${status}: ${error?.message ?? stderr}`);
  }
  return ms;
};

const kubectl = (args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync('kubectl', args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  return stdout;
};

/** Deletes what either side left on this node and waits until it is gone, so that the node's work for it does not slow the next run. */
const tidy = async (): Promise<void> => {
  const columns = 'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name';
  for (const line of kubectl([
    'get',
    'pods',
    '-A',
    '--field-selector',
    `spec.nodeName=${node}`,
    '--no-headers',
    '-o',
    columns,
  ]).split('\n')) {
    const [namespace, name] = line.split(/\s+/);
    if (!namespace || !name || !/^(node-debugger|netdoctor)-/.test(name)) continue;
    kubectl([
      'delete',
      'pod',
      '-n',
      namespace,
      name,
      '--ignore-not-found',
      '--grace-period=1',
      '--wait=true',
      '--timeout=60s',
    ]);
  }
};

const row = (name: string, s: Spread): string =>
  `${name}  ${[s.min, s.median, s.max].map((ms) => `${ms.toFixed(0)} ms`.padStart(9)).join('')}`;

await tidy();
const { a, b, ratio } = await timePairs({
  pairs: Number(values.pairs),
  warmUps: Number(values['warm-ups']),
  time,
  tidy,
});
console.log(`A: ${commands.A}\nB: ${commands.B}\n${values.pairs} pairs      min   median      max`);
console.log(row('A', a));
console.log(row('B', b));
console.log(`median of A/B: ${ratio.toFixed(2)}`);
