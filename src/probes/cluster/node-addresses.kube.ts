import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { type NodeAddress, nodeAddresses } from '../../facts/cluster/node-addresses.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { ip } from '../../parsers/ip.ts';
import { kubeJson } from '../kube-json.ts';

/** status.addresses of the first nodes: a Node has some kilobytes (its images), and three are needed. */
export const nodeAddressesKube = probe({
  yields: nodeAddresses,
  via: 'kube',
  reads: {
    nodes: kube('/api/v1/nodes?limit=50', ['items[].metadata.name', 'items[].status.addresses']),
  },
  parse: ({ nodes }) => {
    const json = kubeJson(nodes);
    if (!json.ok) return json;
    return known(
      listAt(json.value.body, 'items').flatMap((item): NodeAddress[] => {
        const internal = listAt(item, 'status', 'addresses').find((a) => textAt(a, 'type') === 'InternalIP');
        const [node, address] = [textAt(item, 'metadata', 'name'), ip(textAt(internal, 'address'))];
        return node === '' || address === null ? [] : [{ node, ip: address }];
      }),
    );
  },
});
