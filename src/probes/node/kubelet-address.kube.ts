import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kubeletAddress } from '../../facts/node/kubelet-address.ts';
import { listAt, numberAt, textAt } from '../../lib/json.ts';
import { ip } from '../../parsers/ip.ts';
import { kubeJson } from '../kube-json.ts';
import { nodeObject } from './node-object.ts';

/** status.addresses (InternalIP) and status.daemonEndpoints of the Node. */
export const kubeletAddressKube = probe({
  yields: kubeletAddress,
  via: 'kube',
  reads: { node: nodeObject },
  parse: ({ node }) => {
    const json = kubeJson(node);
    if (!json.ok) return json;
    const { body } = json.value;
    const internal = listAt(body, 'status', 'addresses').find((a) => textAt(a, 'type') === 'InternalIP');
    const address = ip(textAt(internal, 'address'));
    const port = numberAt(body, 'status', 'daemonEndpoints', 'kubeletEndpoint', 'Port');
    if (address === null || !port) return missing('unsupported', "the Node has no InternalIP or no port of kubelet's");
    return known({ ip: address, port });
  },
});
