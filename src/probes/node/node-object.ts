import { kube } from '../../core/read.ts';

/** The Node itself; whoever diagnoses a node asks for it. */
export const nodeObject = kube('/api/v1/nodes/{node}', ['spec.podCIDR', 'spec.podCIDRs']);
