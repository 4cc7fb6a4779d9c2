import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Finding } from '../../src/core/finding.ts';
import type { Report } from '../../src/core/report.ts';
import { threeTries } from './three-tries.ts';

const root = dirname(dirname(import.meta.dirname));
const lab = join(root, 'test/lab/lab');
/** The built command, run by the Node that runs the tests. */
export const netdoctorArgv = [process.execPath, join(root, 'dist/netdoctor.js')];

/** The end of a command. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** A command under way. */
export interface Running {
  readonly done: Promise<Ended>;
  readonly stderrSoFar: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
}

interface Options {
  /** Sees each line of standard output as it comes. */
  readonly onLine?: (line: string) => void;
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

const start = (argv: readonly string[], options: Options = {}): Running => {
  const [command = '', ...args] = argv;
  const began = performance.now();
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    timeout: options.timeoutMs ?? 180_000,
  });
  let stdout = '';
  let stderr = '';
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (t: string) => {
    stdout += t;
    if (!options.onLine) return;
    const lines = (rest + t).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) options.onLine(line);
  });
  child.stderr.setEncoding('utf8').on('data', (t: string) => {
    stderr += t;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const done = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr, ms: performance.now() - began }));
  });
  return { done, stderrSoFar: () => stderr, kill: (signal) => void child.kill(signal) };
};

/** In the lab a command runs beside the control plane, with its kubectl and KUBECONFIG; on a cluster of the user's own just so. */
const inside = process.env.NETDOCTOR_LAB === '1' ? [lab, 'exec', '--'] : [];

/** A command that talks to the cluster. `lab exec` becomes the command itself, so that signals reach it. */
export const startInLab = (argv: readonly string[], options?: Options): Running => start([...inside, ...argv], options);

/** A run of few and cheap checks: for tests of a run's life, not of what it finds, and for slow nodes. */
export const fewChecks = ['--checks', 'ports/nodeport-*,ports/listener-in-range,probes/failing,kernel/ip-forward'];

/** A VM may take its time to start a pod. */
export const patient = ['--timeout', '120s'];

const isVm = (name: string): boolean => /^vm\d$/.test(name);

/** That a VM's emulated kubelet came too late for a run, or that all of a busy machine stood still for long. */
const late =
  /debug pod \S+ (did not start|runs) on (vm|node)\d|the kubelet of (vm|node)\d (has not answered|does not answer)|node vm\d is NotReady|the API server has not answered/;
/** That a run read a VM by the API alone, for the same reason. */
const unreadVm = (stdout: string): boolean => {
  try {
    return (JSON.parse(stdout) as Report).targets.some((t) => 'unread' in t && isVm(t.name) && t.unread !== null);
  } catch {
    return false;
  }
};
const isTooLate = ({ code, stdout, stderr }: Ended): boolean =>
  (code === 1 && late.test(stderr)) || (code !== 1 && unreadVm(stdout));
/** Says that something is run again and why, and gives the VMs that are there time to be Ready. */
const runAgain = async (args: readonly string[], { stderr }: Ended): Promise<void> => {
  console.log(`netdoctor ${args.join(' ')} is run again: ${stderr}`);
  for (const name of new Set(args.join(' ').match(/\bvm\d\b/g)))
    await startInLab(['kubectl', 'wait', '--for=condition=Ready', `node/${name}`, '--timeout=120s']).done;
};

/** `netdoctor …` beside the control plane. Where a VM's kubelet came too late it is run again, which is told, twice at most. */
export const netdoctor = (args: readonly string[], options?: Options): Promise<Ended> =>
  threeTries(
    () => startInLab([...netdoctorArgv, ...args], { timeoutMs: 300_000, ...options }).done,
    (ended) => !isTooLate(ended),
    (ended) => runAgain(args, ended),
  );

/** The same, while it runs. */
export const startNetdoctor = (args: readonly string[], options?: Options): Running =>
  startInLab([...netdoctorArgv, ...args], options);

/** `netdoctor …` on a node itself. */
export const netdoctorOn = (node: string, args: readonly string[]): Promise<Ended> =>
  start([lab, 'in', node, '--', ...netdoctorArgv, ...args]).done;

/** A command on a node itself, while it runs. */
export const startOnNode = (node: string, argv: readonly string[], options?: Options): Running =>
  start([lab, 'in', node, '--', ...argv], options);

/** A command on a node itself; must end with 0. */
export const onNode = async (node: string, argv: readonly string[], options?: Options): Promise<string> => {
  const ended = await start([lab, 'in', node, '--', ...argv], options).done;
  if (ended.code !== 0) throw new Error(`${argv.join(' ')} on ${node}: exit ${ended.code}\n${ended.stderr}`);
  return ended.stdout;
};

/** A subcommand of the lab itself; must end with 0. */
export const labCommand = async (...args: readonly string[]): Promise<void> => {
  const ended = await start([lab, ...args], { timeoutMs: 600_000 }).done;
  if (ended.code !== 0) throw new Error(`lab ${args.join(' ')}: exit ${ended.code}\n${ended.stdout}${ended.stderr}`);
};

/** For `until`: true once it does not fail, null where it does. */
export const succeeds = (work: Promise<unknown>): Promise<true | null> =>
  work.then(
    () => true,
    () => null,
  );

/** Whether a node's kubelet answers the API server; null where it does not. */
export const answers = (node: string): Promise<true | null> =>
  succeeds(kubectl(['get', '--raw', `/api/v1/nodes/${node}/proxy/healthz`, '--request-timeout=2s']));

/** New kubelets on the lab's nodes: those that lost the API server take up to half a minute to ask it again, new ones ask at once. */
export const newKubelets = async (...nodes: readonly string[]): Promise<void> => {
  for (const node of nodes) {
    await labCommand('service', node, 'kubelet', 'stop');
    await labCommand('service', node, 'kubelet', 'start');
  }
  const ready = nodes.map((node) => `node/${node}`);
  await kubectl(['wait', '--for=condition=Ready', ...ready, '--timeout=60s']);
  // the API may still have the condition of the old one
  for (const node of nodes) await until(`the kubelet of ${node} answers`, 60_000, () => answers(node));
};

/** Makes the lab as it was before its API server was away: controllers and kubelets that ask again at once, so that the next test meets none that waits. */
export const afterOutage = async (...nodes: readonly string[]): Promise<void> => {
  await labCommand('service', 'cp', 'kube-apiserver', 'start');
  for (const name of ['kube-controller-manager', 'kube-scheduler']) {
    await labCommand('service', 'cp', name, 'stop');
    await labCommand('service', 'cp', name, 'start');
  }
  await newKubelets(...nodes);
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'e2e-outage' } });
  await until('the controllers are at work', 60_000, () =>
    kubectl(['get', 'serviceaccount', 'default', '-n', 'e2e-outage', '-o', 'name']).catch(() => null),
  );
  await kubectl(['delete', 'namespace', 'e2e-outage', '--wait=false']);
  // kube-proxy asks again in its own time
  await until('the lab is well', 60_000, () => succeeds(labCommand('status')));
};

/** kubectl; must end with 0. */
export const kubectl = async (args: readonly string[], input?: string): Promise<string> => {
  const ended = await startInLab(['kubectl', ...args], {
    timeoutMs: 400_000,
    ...(input === undefined ? {} : { input }),
  }).done;
  if (ended.code !== 0) throw new Error(`kubectl ${args.join(' ')}: exit ${ended.code}\n${ended.stderr}`);
  return ended.stdout;
};

/** Applies manifests. */
export const apply = (...objects: readonly object[]): Promise<string> =>
  kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));

/** A program of the node that did not end in time: so it may be in software emulation, and so it is told. */
export const isLate = (f: Finding): boolean => f.status === 'unknown' && /no answer within \d+ s/.test(f.message);

/** A run's report; the exit code must be the expected one. Where a program of a VM did not end in time it is run again, twice at most. */
export const diagnose = async (args: readonly string[], code: number): Promise<Report> => {
  const slow = args.some(isVm);
  const ended = await threeTries(
    () => netdoctor(['node', ...args, ...(slow ? patient : []), '-o', 'json'], { timeoutMs: 400_000 }),
    (got) => !slow || got.code !== 3 || code === 3 || !reportOf(got, 3).findings.some(isLate),
    (got) => runAgain(args, got),
  );
  return reportOf(ended, code);
};

/** The same on the node itself by the emitted collector, for VMs, which take long to start a pod. Whatever it finds. */
export const diagnoseByCollector = async (node: string, checks: string, window: string): Promise<Report> => {
  const dir = await mkdtemp(join(tmpdir(), 'netdoctor-e2e-'));
  try {
    const program = (await netdoctor(['node', '--emit-collector', '--checks', checks, '--window', window])).stdout;
    const bundle = join(dir, 'bundle');
    const { report } = await threeTries(
      async () => {
        await writeFile(bundle, await onNode(node, ['sh', '-s'], { input: program }));
        const ended = await netdoctor(['node', '--from', bundle, '--checks', checks, '-o', 'json']);
        return { ended, report: JSON.parse(ended.stdout) as Report };
      },
      (got) => !isVm(node) || !got.report.findings.some(isLate),
      (got) => runAgain([node, checks], got.ended),
    );
    return report;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

/** Waits until a node's kube-proxy is older than a minute: one that has just started is given its time by the checks. */
export const settledProxy = (node: string): Promise<true> =>
  until('kube-proxy is older than a minute', 70_000, async () => {
    const age = await onNode(node, ['sh', '-c', 'ps -o etimes= -p $(pgrep -x kube-proxy)']);
    return Number(age.trim().split('\n')[0]) > 60 ? true : null;
  });

/** Reads the report of a run that has ended, and says all it knows when the exit code is another than expected. */
export const reportOf = (ended: Ended, code: number): Report => {
  if (ended.code !== code) throw new Error(`exit ${ended.code}, not ${code}\n${ended.stdout}\n${ended.stderr}`);
  return JSON.parse(ended.stdout) as Report;
};

/** The first finding of a check. */
export const findingOf = (report: Report, check: string): Finding => {
  const found = report.findings.find((f) => f.check === check);
  if (!found) throw new Error(`no finding of ${check}`);
  return found;
};

/** The failing finding of a check; throws when it does not fail. */
export const failureOf = (report: Report, check: string): Extract<Finding, { status: 'fail' }> => {
  const found = findingOf(report, check);
  if (found.status !== 'fail') throw new Error(`${check}: ${found.status}, ${found.message}`);
  return found;
};

/** A line of a printed fix, and how it ended. */
export interface Applied extends Ended {
  readonly line: string;
}

/**
 * Carries out what a finding prints as its fix, as a person would who copies it: what asks the API beside the control plane, all else on the node.
 * A line that fails throws, but for those that may fail. None where the finding prints none.
 */
export const applyFix = async (
  node: string,
  finding: Finding,
  options: { readonly mayFail?: RegExp } = {},
): Promise<readonly Applied[]> => {
  if (finding.status !== 'fail') throw new Error(`${finding.check}: ${finding.status}, there is nothing to mend`);
  const applied: Applied[] = [];
  for (const line of finding.fix?.now ?? []) {
    const argv = ['sh', '-c', line];
    const ended = await (line.startsWith('kubectl ') ? startInLab(argv) : startOnNode(node, argv)).done;
    if (ended.code !== 0 && !options.mayFail?.test(line))
      throw new Error(`the fix of ${finding.check}, for ${node}: ${line}: exit ${ended.code}\n${ended.stderr}`);
    applied.push({ line, ...ended });
  }
  return applied;
};

/** Waits until the probe gives something; fails after the limit and three tries at least. */
export const until = async <T>(what: string, limitMs: number, probe: () => Promise<T | null>): Promise<T> => {
  const end = performance.now() + limitMs;
  for (let tries = 1; ; tries++) {
    const got = await probe();
    if (got !== null) return got;
    if (performance.now() > end && tries >= 3) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((r) => setTimeout(r, 500));
  }
};

/** Names of netdoctor's pods that are there. */
export const netdoctorPods = async (): Promise<string[]> => {
  const out = await kubectl([
    'get',
    'pods',
    '-A',
    '-l',
    'app.kubernetes.io/managed-by=kubectl-netdoctor',
    '-o',
    'jsonpath={range .items[*]}{.metadata.name} {end}',
  ]);
  return out.split(' ').filter((n) => n !== '');
};

/** An event of a watch, and when it was told, by the node's clock since boot. */
export interface ToldEvent {
  readonly event: string;
  readonly atSeconds: number;
  readonly toldSeconds: number;
  readonly [field: string]: unknown;
}

/** What to add to this process's seconds for the node's clock since boot, at the most: so what is told is never taken to be told earlier than it was. */
const clockOf = async (node: string): Promise<number> => {
  const offsets: number[] = [];
  for (let i = 0; i < 5; i++) {
    const before = performance.now();
    offsets.push(Number((await onNode(node, ['cat', '/proc/uptime'])).split(' ')[0]) - before / 1000);
  }
  return Math.min(...offsets);
};

/** What a watch told, when, and the report at its end. */
export interface Watched {
  readonly events: readonly ToldEvent[];
  readonly report: Report | null;
  readonly ended: Ended;
}

/** `netdoctor … -o json --watch-for …` on a node. Where a VM's kubelet came too late for it to tell anything it is run again, twice at most. */
export const watched = async (
  node: string,
  args: readonly string[],
  options: Pick<Options, 'timeoutMs'> & { readonly onEvent?: (e: ToldEvent, run: () => Running | null) => void } = {},
): Promise<Watched> => {
  const offset = await clockOf(node);
  const once = async (): Promise<Watched> => {
    const events: ToldEvent[] = [];
    let report: Report | null = null;
    let run: Running | null = null;
    const onLine = (line: string): void => {
      const object = JSON.parse(line) as { kind: string };
      if (object.kind === 'Report') report = object as unknown as Report;
      else {
        const event = { ...object, toldSeconds: performance.now() / 1000 + offset } as unknown as ToldEvent;
        events.push(event);
        options.onEvent?.(event, () => run);
      }
    };
    run = startNetdoctor([...args, '-o', 'json'], { timeoutMs: options.timeoutMs ?? 180_000, onLine });
    const ended = await run.done;
    return { events, report, ended };
  };
  return await threeTries(
    once,
    ({ events, ended }) => events.length > 0 || !late.test(ended.stderr),
    ({ ended }) => runAgain(args, ended),
  );
};
