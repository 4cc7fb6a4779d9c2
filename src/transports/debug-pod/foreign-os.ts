import { textAt } from '../../lib/json.ts';

/** What is said of a node that runs something else than Linux, by its Node object; null where it runs Linux or does not say. */
export const foreignOs = (name: string, node: unknown): string | null => {
  const os =
    textAt(node, 'status', 'nodeInfo', 'operatingSystem') || textAt(node, 'metadata', 'labels', 'kubernetes.io/os');
  return os === '' || os === 'linux' ? null : `node ${name} runs ${os}; netdoctor reads Linux nodes only`;
};
