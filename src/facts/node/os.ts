import { fact } from '../../core/fact.ts';

/** The node's operating system. */
export interface NodeOs {
  /** "CentOS Linux 8 (Core)", "Debian GNU/Linux 12 (bookworm)". */
  readonly name: string;
  readonly source: string;
}

/** Which distribution the node runs. */
export const nodeOs = fact<NodeOs>('node/os', 'node', "the node's operating system by name and version");
