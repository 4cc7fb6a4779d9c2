import type { HookProgram } from '../facts/workloads/hook-programs.ts';

/** Understands the collector's rows "hook TAB key TAB program TAB yes|no TAB path TAB searched" (src/probes/workloads/hook-programs.proc.ts). */
export const parseHookPrograms = (text: string): ReadonlyMap<string, readonly HookProgram[]> => {
  const found = new Map<string, HookProgram[]>();
  for (const line of text.split('\n')) {
    const [, key, program, there, path = '', searched = ''] =
      /^hook\t([0-9a-f]{16})\t([^\t]+)\t(yes|no)\t([^\t]*)\t([^\t]*)$/.exec(line) ?? [];
    if (key === undefined || program === undefined) continue;
    found.set(key, [...(found.get(key) ?? []), { program, found: there === 'yes', path, searched }]);
  }
  return found;
};
