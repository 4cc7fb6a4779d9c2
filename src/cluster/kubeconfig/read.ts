import { homedir } from 'node:os';
import type { Kubeconfig } from './entries.ts';
import { KubeconfigError } from './error.ts';
import type { KubeFlags } from './flags.ts';
import { codeOf, goWords } from './go-words.ts';
import { type Env, locateKubeconfigs } from './locate.ts';
import { mergeKubeconfigs } from './merge.ts';
import { parseKubeconfig } from './parse.ts';
import type { ReadFile } from './read-material.ts';

/** What the kubeconfig files hold together. */
interface KubeconfigFiles {
  /** Where kubectl looks, in order, also those that are not there. */
  readonly files: readonly string[];
  readonly config: Kubeconfig;
}

/** Go's homedir.HomeDir: what HOME says; without it the working directory, but on Windows the user's profile. */
const homeOf = (env: Env): string => env.HOME || (process.platform === 'win32' ? homedir() : '');

/** Reads the kubeconfig files that kubectl would read, and merges them. Throws {@link KubeconfigError} in kubectl's words. */
export const readKubeconfigs = (env: Env, flags: KubeFlags, read: ReadFile): KubeconfigFiles => {
  const { files, mustExist } = locateKubeconfigs(env, flags, homeOf(env));
  const configs: Kubeconfig[] = [];
  for (const file of files) {
    let content: string;
    try {
      content = read(file);
    } catch (error) {
      if (codeOf(error) === 'ENOENT' && !mustExist) continue;
      if (codeOf(error) === 'ENOENT') throw new KubeconfigError(`stat ${file}: no such file or directory`);
      throw new KubeconfigError(`error loading config file "${file}": ${goWords(error, file)}`);
    }
    const config = parseKubeconfig(content, file);
    if (config) configs.push(config);
  }
  return { files, config: mergeKubeconfigs(configs) };
};
