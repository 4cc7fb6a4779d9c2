import { known, missing, type Reading } from '../../core/gap.ts';
import type { ConfiguredMode } from '../../facts/kube-proxy/configured-mode.ts';
import type { Agent } from '../../facts/node/agents.ts';
import { modeOf } from './mode-of.ts';

/** The mode of a kube-proxy by its flags and file: with --config it ignores its other flags, and an empty mode is iptables. Null where the file was not read. */
export const modeOfProcess = (proxy: Agent): Reading<ConfiguredMode> | null => {
  const file = proxy.flags['config'];
  const said = file === undefined ? (proxy.flags['proxy-mode'] ?? '') : proxy.config['mode'];
  if (said === undefined) return null;
  const mode = modeOf(said || 'iptables');
  const by = `kube-proxy, pid ${proxy.pid}`;
  if (mode === null) return missing('unsupported', `${by}, has a mode that netdoctor does not know: "${said}"`);
  if (file !== undefined) return known({ mode, source: `mode "${said}" in ${file} of ${by}` });
  return known({
    mode,
    source: said ? `--proxy-mode=${mode} of ${by}` : `${by}, has neither --proxy-mode nor --config: its default`,
  });
};
