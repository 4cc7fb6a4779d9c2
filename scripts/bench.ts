/**
 * Times two commands in pairs; scripts/bench sets up and calls this, best inside the lab:
 *   test/lab/lab exec -- scripts/bench [-n PAIRS] [--warm-ups N] [--node NAME] [-a COMMAND] [-b COMMAND]
 * A is netdoctor on a node, B is kubectl debug doing nothing there. Pods that either leaves are deleted between, outside of the timing.
 *   scripts/bench --lint
 * A is netdoctor lint over 500 manifests of 65 lines, B reads the same files with the package yaml and does nothing with them. Needs no cluster.
 *   scripts/bench --scale
 * What the collector's program costs a node with 100,000 sockets, 200,000 conntrack entries, 20,000 iptables rules and 200 network namespaces, with
 * a quarter and with a sixteenth of that, beside `ss -tan`, `conntrack -L` and `iptables-save`. It makes that load for real, in namespaces of its
 * own: needs root, python3, conntrack and iptables, 4 GB of memory, and nf_conntrack_max above 200,000. Needs no cluster.
 *   scripts/bench --watch [--seconds N] [--connections N] [--drops N]
 * What a watch costs a node that opens 5,000 connections and has 100 packets dropped in a second, beside `tcpdump -i any` and `ss -tan` once a second.
 * It makes that load for real, in namespaces of its own: needs root, python3, iptables, busybox and cgroup v2 (mounted, also beside v1); tcpdump is left
 * out where there is none. What else the machine does meanwhile is told, and is in the watch's trace too. Needs no cluster.
 *   test/lab/lab exec -- scripts/bench --start [-n PAIRS] [--file EXECUTABLE] [--kubectl EXECUTABLE]
 * How long commands take that answer at once, beside `kubectl version --client`, and those that ask the API server once, beside `kubectl get --raw`.
 * A file that is shipped is timed with --file; without it what was built, run by our Node. What does not work here is left out, and said.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { availableParallelism, loadavg, release } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { manifestFolder } from './lib/manifest-folder.ts';
import { type Spread, timePairs } from './lib/pairs.ts';
import { type Cost, measureAt } from './lib/scale.ts';
import { startCosts } from './lib/start-cost.ts';
import { watchCosts } from './lib/watch-cost.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    pairs: { type: 'string', short: 'n', default: '15' },
    'warm-ups': { type: 'string', default: '2' },
    node: { type: 'string', default: 'node1' },
    a: { type: 'string', short: 'a' },
    b: { type: 'string', short: 'b' },
    lint: { type: 'boolean', default: false },
    scale: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
    start: { type: 'boolean', default: false },
    file: { type: 'string' },
    kubectl: { type: 'string', default: 'kubectl' },
    seconds: { type: 'string', default: '30' },
    connections: { type: 'string', default: '5000' },
    drops: { type: 'string', default: '100' },
  },
});
if (values.scale) {
  await scale();
  process.exit(0);
}
if (values.watch) {
  await watch();
  process.exit(0);
}
if (values.start) {
  await start();
  process.exit(0);
}
const node = values.node;
const manifests = values.lint ? manifestFolder(500) : null;
if (manifests !== null) process.on('exit', () => rmSync(manifests, { recursive: true }));
const netdoctor = `node ${join(root, 'dist/netdoctor.js')}`;
const readOnly = `import { readdirSync, readFileSync } from "node:fs";
import { parseAllDocuments } from "${join(root, 'node_modules/yaml/dist/index.js')}";
for (const f of readdirSync("${manifests}")) for (const d of parseAllDocuments(readFileSync("${manifests}/" + f, "utf8"))) d.toJS();`;
const commands =
  manifests === null
    ? {
        A: values.a ?? `${netdoctor} node ${node} --window 0 -o json`,
        B: values.b ?? `kubectl debug node/${node} --image=busybox:1.36 --profile=general -q -i -- true`,
      }
    : {
        A: values.a ?? `${netdoctor} lint -f ${manifests}`,
        B: values.b ?? `node --input-type=module -e '${readOnly}'`,
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
  if (manifests !== null) return;
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

/** The cost of each command at three sizes of the same node, and what four times as much of everything costs. */
async function scale(): Promise<void> {
  const emitted = spawnSync(process.execPath, [join(root, 'dist/netdoctor.js'), 'node', '--emit-collector'], {
    encoding: 'utf8',
  });
  if (emitted.status !== 0) throw new Error(emitted.stderr);
  let before: readonly Cost[] = [];
  for (const part of [16, 4, 1]) {
    const all = { sockets: 100_000, entries: 200_000, rules: 20_000, spaces: 200 };
    const of = (n: number): number => Math.round(n / part);
    const [made, ...costs] = await measureAt(
      { sockets: of(all.sockets), entries: of(all.entries), rules: of(all.rules), spaces: of(all.spaces) },
      emitted.stdout,
    );
    console.log(
      `\n${made.sockets} sockets, ${made.entries} conntrack entries, ${made.rules} rules, ${made.spaces} network namespaces (1/${part})`,
    );
    console.log(`${''.padEnd(30)}   printed      time       CPU    memory   CPU of 4 times as much`);
    for (const c of costs) {
      const small = before.find((b) => b.name === c.name);
      const cells = [
        `${(c.bytes / 1024).toFixed(0)} KiB`,
        `${c.seconds.toFixed(2)} s`,
        `${c.cpuSeconds.toFixed(2)} s`,
        `${(c.residentBytes / 1_048_576).toFixed(0)} MiB`,
      ];
      const ratio = small ? `  × ${(c.cpuSeconds / small.cpuSeconds).toFixed(1)}` : '';
      console.log(
        `${c.name.padEnd(30)}${cells.map((t) => t.padStart(10)).join('')}${ratio}${c.status === 0 ? '' : `  exit ${c.status}`}`,
      );
    }
    before = costs;
  }
}

/** What a watch costs beside that load, and what others would cost. Shares are of one core. */
async function watch(): Promise<void> {
  const load = {
    connections: Number(values.connections),
    drops: Number(values.drops),
  };
  const seconds = Number(values.seconds);
  const machine = `kernel ${release()}, ${availableParallelism()} processors, load average ${loadavg()[0]?.toFixed(1)} before`;
  console.log(`${load.connections} connections/s and ${load.drops} drops/s asked for, ${seconds} s each; ${machine}`);
  const columns = ['CPU', 'start, end', 'memory', 'buffer', 'connections', 'drops', 'sockets', 'of load', 'of others'];
  console.log(`${''.padEnd(29)}${columns.map((t) => t.padStart(12)).join('')}`);
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;
  for await (const c of watchCosts(load, seconds)) {
    if (c.kind === 'missing') {
      console.log(`${c.name.padEnd(29)}  ${c.why}`);
      continue;
    }
    const cells = [
      ...[percent(c.share), `${c.edgeSeconds.toFixed(2)} s`, mib(c.residentBytes)],
      c.bufferBytes === null ? '-' : mib(c.bufferBytes),
      ...[`${c.connectionsPerSecond.toFixed(0)}/s`, `${c.dropsPerSecond.toFixed(0)}/s`, c.sockets.toFixed(0)],
      ...[percent(c.loadShare), percent(c.otherShare)],
    ];
    console.log(`${c.name.padEnd(29)}${cells.map((t) => t.padStart(12)).join('')}`);
    if (c.told) console.log(`  ${c.told}`);
  }
}

/** How long what answers at once takes, beside kubectl. */
async function start(): Promise<void> {
  const netdoctor = values.file === undefined ? [process.execPath, join(root, 'dist/netdoctor.js')] : [values.file];
  console.log(
    `A: ${netdoctor.join(' ')}\nB: ${values.kubectl}\n${values.pairs} pairs each, load average ${loadavg()[0]?.toFixed(1)} before`,
  );
  const columns = ['A min', 'median', 'B min', 'median', 'A/B', 'aim'].map((t) => t.padStart(9)).join('');
  console.log(`${'A'.padEnd(32)}${'B'.padEnd(26)}${columns}`);
  const costs = startCosts(netdoctor, [values.kubectl], Number(values.pairs), Number(values['warm-ups']));
  for await (const cost of costs) {
    const names = `${cost.name.padEnd(32)}${cost.beside.padEnd(26)}`;
    if ('why' in cost) {
      console.log(`${names}  left out: ${cost.why}`);
      continue;
    }
    const { a, b, ratio } = cost.times;
    const ms = [a.min, a.median, b.min, b.median].map((t) => `${t.toFixed(0)} ms`);
    const cells = [...ms, ratio.toFixed(2), `≤ ${cost.aim}`].map((t) => t.padStart(9)).join('');
    console.log(`${names}${cells}${ratio <= cost.aim ? '' : '  missed'}`);
  }
}

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
