import { connectionFlags } from '../connection-flags.ts';
import type { Host } from '../host.ts';
import { kubeFlags } from '../kube-flags.ts';
import { values } from '../values.ts';
import { write } from '../write.ts';
import type { Choices } from './choices.ts';
import { complete } from './complete.ts';
import type { Names } from './names.ts';
import { typedLine } from './typed-line.ts';

/** How long everything may take, in milliseconds: credentials and an API that does not answer. Somebody waits at a prompt. */
const limitMs = 2000;

/** As cobra has them (ShellCompDirectiveNoSpace, ShellCompDirectiveNoFileComp), whose scripts read them. */
const directives: Readonly<Record<Choices['after'], number>> = { word: 4, open: 6, file: 0 };

type CompletionHost = Pick<Host, 'env' | 'deps'> & { readonly streams: Pick<Host['streams'], 'stdout'> };

const choicesFor = async (args: readonly string[], { env, deps }: CompletionHost): Promise<Choices> => {
  const line = typedLine(args.slice(0, -1), args.at(-1) ?? '');
  const { flags } = kubeFlags(values(line.given, connectionFlags));
  const signal = AbortSignal.timeout(limitMs);
  const names: Names = {
    checks: async () => (await deps.checks()).map(({ id, title }) => ({ word: id, about: title })),
    inKubeconfig: async (of) => (await deps.namesInKubeconfig())(of, flags, { env }),
    inCluster: async (of) => (await deps.namesInCluster())({ of, flags }, { env, signal }),
  };
  return await complete(line, names);
};

/**
 * `netdoctor __complete <words…>`, as shells and kubectl call it: what the last word can become, one choice on a line with a description
 * after a tab, then what is to follow (`:4`). Says nothing where it knows nothing, whatever the reason: somebody is typing. The exit code is 0.
 */
export const completeCommand = async (args: readonly string[], host: CompletionHost): Promise<number> => {
  const { choices, after } = await choicesFor(args, host).catch((): Choices => ({ choices: [], after: 'word' }));
  const lines = choices.map(({ word, about }) => (about === undefined ? word : `${word}\t${about}`));
  await write(host.streams.stdout, [...lines, `:${directives[after]}`].map((line) => `${line}\n`).join(''));
  return 0;
};
