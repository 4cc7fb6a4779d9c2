/**
 * What to do when a node's kubelet would not have the pod; `text` begins with the kubelet's reason (kubernetes.io, "Node-pressure Eviction";
 * kubelet's lifecycle admission: OutOf<resource>, NodeAffinity, UnexpectedAdmissionError, NodeShutdown).
 */
export const refusalAdvice = (text: string): string => {
  const reason = text.split(':', 1)[0] ?? '';
  const otherwise = 'on the node itself, netdoctor node --local or the program of --emit-collector needs no pod.';
  if (reason === 'OutOfpods') return `The node runs as many pods as it may: end one of them, or ${otherwise}`;
  if (reason.startsWith('OutOf')) return `Other pods have reserved all of it: end one of them, or ${otherwise}`;
  if (reason === 'Evicted') return `The node is short of memory, disk or process ids: free some, or ${otherwise}`;
  if (reason === 'NodeShutdown' || reason === 'Terminated')
    return `The node is shutting down: wait until it is back, or ${otherwise}`;
  if (reason === 'UnexpectedAdmissionError')
    return `Its kubelet failed (see its journal, journalctl -u kubelet): try again, or ${otherwise}`;
  return `O${otherwise.slice(1)}`;
};
