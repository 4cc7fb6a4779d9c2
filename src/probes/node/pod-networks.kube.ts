import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { podNetworks } from '../../facts/node/pod-networks.ts';
import { cidr } from '../../parsers/cidr.ts';
import { podsKube } from '../workloads/pods.kube.ts';
import { nodeObject } from './node-object.ts';
import { podAddresses } from './pod-addresses.ts';

/** See {@link podAddresses}. */
export const podNetworksKube = probe({
  yields: podNetworks,
  via: 'kube',
  reads: { node: nodeObject, pods: podsKube.reads.pods },
  parse: (raw) => {
    const texts = podAddresses(raw);
    if (!texts.ok) return texts;
    const found = texts.value.flatMap((t) => cidr(t) ?? []);
    if (found.length === 0)
      return missing('unsupported', 'the Node has no spec.podCIDRs and no pod with an address of its own');
    return known([...new Set(found)]);
  },
});
