import { kube } from '../../core/read.ts';

/** The Node itself; whoever diagnoses a node asks for it. */
export const nodeObject = kube('/api/v1/nodes/{node}', [
  'metadata.name',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'metadata.labels."kubernetes.io/os"',
  'spec.podCIDR',
  'spec.podCIDRs',
  'status.addresses',
  'status.conditions',
  'status.daemonEndpoints.kubeletEndpoint.Port',
  'status.nodeInfo.operatingSystem',
  'status.nodeInfo.kubeletVersion',
  'status.nodeInfo.osImage',
  'status.nodeInfo.containerRuntimeVersion',
]);
