import { spawnSync } from 'node:child_process';
import { type PairTimes, timePairs } from './pairs.ts';

/** A command of netdoctor, the command of kubectl beside it, and how often its time the first may take. */
interface StartCase {
  readonly args: readonly string[];
  readonly beside: readonly string[];
  readonly aim: number;
}

const bare = ['version', '--client'];
const asks = ['get', '--raw', '/api/v1/nodes'];

const cases: readonly StartCase[] = [
  { args: ['--help'], beside: bare, aim: 1.2 },
  { args: ['--version'], beside: bare, aim: 1.2 },
  { args: ['checks'], beside: bare, aim: 1.2 },
  { args: ['explain', 'ports/nodeport-overlap'], beside: bare, aim: 1.2 },
  { args: ['__complete', ''], beside: bare, aim: 1.2 },
  { args: ['__complete', 'node', ''], beside: asks, aim: 2 },
  { args: ['cleanup', '--dry-run'], beside: asks, aim: 2 },
];

/** What one case came to, or why it could not be timed. */
export type StartCost = {
  readonly name: string;
  readonly beside: string;
  readonly aim: number;
} & ({ readonly times: PairTimes } | { readonly why: string });

/** Why a command does not work here; null when it does. */
const fault = ([program = '', ...args]: readonly string[]): string | null => {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return null;
  return error?.message ?? stderr.split('\n')[0] ?? '';
};

const time = ([program = '', ...args]: readonly string[]): number => {
  const start = performance.now();
  const { status } = spawnSync(program, args, { stdio: 'ignore' });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`);
  return ms;
};

/** Times what is to start as fast as kubectl, each case in pairs with kubectl's command. `netdoctor` and `kubectl` are the words that call them. */
export async function* startCosts(
  netdoctor: readonly string[],
  kubectl: readonly string[],
  pairs: number,
  warmUps: number,
): AsyncGenerator<StartCost> {
  for (const { args, beside, aim } of cases) {
    const commands = { A: [...netdoctor, ...args], B: [...kubectl, ...beside] };
    const told = { name: args.map((a) => a || "''").join(' '), beside: beside.join(' '), aim };
    const why = fault(commands.A) ?? fault(commands.B);
    if (why !== null) yield { ...told, why };
    else
      yield {
        ...told,
        times: await timePairs({ pairs, warmUps, time: async (side) => time(commands[side]), tidy: async () => {} }),
      };
  }
}
