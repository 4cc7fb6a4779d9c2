import type { KernelModules, ModuleState } from '../facts/kernel/modules.ts';

const states: readonly string[] = ['loaded', 'built-in', 'loadable', 'missing', 'unknown'] satisfies ModuleState[];
const isState = (text: string | undefined): text is ModuleState => text !== undefined && states.includes(text);

/** Understands what the collector prints of modules: "modular", "dir TAB path", "ipvs", and "module TAB name TAB state" each. Null if it is something else. */
export const parseKernelModules = (text: string): KernelModules | null => {
  const found: Record<string, ModuleState> = {};
  let directory: string | null = null;
  let [modular, ipVs] = [false, false];
  for (const line of text.split('\n')) {
    const [tag, name = '', state] = line.split('\t');
    if (tag === 'dir') directory = name;
    if (tag === 'modular') modular = true;
    if (tag === 'ipvs') ipVs = true;
    if (tag !== 'module') continue;
    if (!/^[a-z0-9]\w*$/i.test(name) || !isState(state)) return null;
    found[name] = state;
  }
  return Object.keys(found).length === 0 ? null : { modular, directory, ipVs, states: found };
};
