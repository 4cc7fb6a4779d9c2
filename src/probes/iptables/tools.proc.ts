import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import type { Backend } from '../../facts/iptables/rules.ts';
import { iptablesTools } from '../../facts/iptables/tools.ts';
import { iptablesLines } from './iptables-lines.ts';
import { rulesProc } from './rules.proc.ts';

/** xtables-multi is of iptables before 1.8, which had legacy only (facts H). */
const backendOf = (file: string): Backend | null => {
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (name === 'xtables-nft-multi') return 'nft';
  return name === 'xtables-legacy-multi' || name === 'xtables-multi' ? 'legacy' : null;
};

/** See the script. */
export const toolsProc = probe({
  yields: iptablesTools,
  via: 'proc',
  reads: rulesProc.reads,
  parse: ({ all }) => {
    const lines = iptablesLines(all);
    if (!lines.ok) return lines;
    const [, kind, text] = lines.value.find((l) => l[0] === 'host') ?? [];
    const [, path, file, version] = lines.value.find((l) => l[0] === 'bin') ?? [];
    return known({
      host: text === undefined ? null : { backend: kind === 'legacy' ? 'legacy' : 'nft', text },
      proxy: path && file ? { backend: backendOf(file), path, file, version: version || null } : null,
    });
  },
});
