import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { podFamilies } from '../../facts/node/pod-families.ts';
import { podsKube } from '../workloads/pods.kube.ts';
import { nodeObject } from './node-object.ts';
import { podAddresses } from './pod-addresses.ts';

/** See {@link podAddresses}. */
export const podFamiliesKube = probe({
  yields: podFamilies,
  via: 'kube',
  reads: { node: nodeObject, pods: podsKube.reads.pods },
  parse: (raw) => {
    const texts = podAddresses(raw);
    if (!texts.ok) return texts;
    return known([...new Set(texts.value.map((t): 'ipv4' | 'ipv6' => (t.includes(':') ? 'ipv6' : 'ipv4')))].sort());
  },
});
