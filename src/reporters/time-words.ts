import type { ContainerEnd, ContainerTree, ProcessNode } from '../core/report.ts';
import type { Canvas } from './canvas.ts';
import { seconds } from './seconds.ts';

/** What happens, and when: "5 s", or "then" where the time is not known. */
export interface TimedWords {
  readonly at: string;
  readonly text: string;
}

const gravity: readonly ProcessNode['state'][] = ['lost', 'unsure', 'ok'];
const longestChain = 4;

/** Whom the signal reaches: PID 1, and behind an init the child that fares worst. */
const reached = (tree: ContainerTree | undefined): readonly ProcessNode[] => {
  const chain: ProcessNode[] = [];
  const worst = (among: readonly ProcessNode[]): ProcessNode | undefined =>
    gravity.flatMap((state) => among.filter((n) => n.state === state))[0];
  let next = worst(tree?.roots.filter((n) => n.signalFrom === 'runtime') ?? []);
  while (next && chain.length < longestChain) {
    chain.push(next);
    next = worst(next.children.filter((n) => n.signalFrom === 'init'));
  }
  return chain;
};

const hookWords = ({ preStop: hook, signalAt, killAt }: ContainerEnd): readonly TimedWords[] => {
  if (hook === null) return [];
  const said = (more: string): readonly TimedWords[] => [{ at: seconds(0), text: `preStop ${hook.what}${more}` }];
  if (hook.runs === false) return said(': does not run');
  if (hook.seconds === null) return said(', nobody knows for how long');
  const takes = `${hook.atLeast ? 'at least ' : ''}${seconds(hook.seconds)}`;
  const end = signalAt ?? killAt;
  const cut = hook.seconds > end ? `, cut off at ${seconds(end)}` : '';
  // "sleep 5" says it but for the unit
  return said(`${hook.what === `sleep ${hook.seconds}` ? ' s' : `, ${takes}`}${cut}`);
};

const reacts: Readonly<Record<ContainerEnd['reacts'], string>> = {
  yes: ': it ends',
  no: ': it goes on',
  unsure: ': what it does then was not seen',
};

const signalWords = (e: ContainerEnd, tree: ContainerTree | undefined, c: Canvas): TimedWords => {
  const chain = reached(tree);
  const last = chain.at(-1);
  const late = e.signalAt === null && e.kind === 'sidecar' ? ' when the main containers have ended' : '';
  const who = chain.map((n) => ` ${c.signs.arrow} ${n.command} (PID ${n.pid})`).join('');
  const fate = last ? (last.fate === '' ? '' : `: ${last.fate}`) : reacts[e.reacts];
  return {
    at: e.signalAt === null ? 'then' : seconds(e.signalAt),
    text: `${e.stopSignal ?? 'the stop signal'}${late}${who}${fate}`,
  };
};

/** The end of a container in words, with the numbers that its row is drawn from. */
export const timeWords = (e: ContainerEnd, tree: ContainerTree | undefined, c: Canvas): readonly TimedWords[] => [
  ...hookWords(e),
  signalWords(e, tree, c),
  { at: seconds(e.killAt), text: `SIGKILL${e.reacts === 'no' ? '' : ' if it still runs'}` },
];
