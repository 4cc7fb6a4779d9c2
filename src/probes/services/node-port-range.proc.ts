import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { defaultNodePortRange, nodePortRange } from '../../facts/services/node-port-range.ts';
import { parsePortSpan } from '../../parsers/port-span.ts';
import { agentsProc } from '../node/agents.proc.ts';

/** On a control-plane node: the flag of the apiserver's process. */
export const nodePortRangeProc = probe({
  yields: nodePortRange,
  via: 'proc',
  reads: { list: agentsProc.reads.list },
  parse: (raw) => {
    const running = agentsProc.parse(raw);
    if (!running.ok) return running;
    for (const a of running.value) {
      const range = parsePortSpan(a.flags['service-node-port-range'] ?? '');
      if (range) return known({ range, source: `--service-node-port-range of ${a.name}, pid ${a.pid}` });
    }
    const apiserver = running.value.find((a) => a.name === 'kube-apiserver');
    if (apiserver) {
      const source = `Kubernetes' default, since kube-apiserver, pid ${apiserver.pid}, has no --service-node-port-range`;
      return known({ range: defaultNodePortRange, source });
    }
    return missing('absent', 'no apiserver with --service-node-port-range runs here');
  },
});
