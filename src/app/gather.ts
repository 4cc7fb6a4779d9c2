import type { Raw, Read } from '../core/read.ts';
import type { Transport } from '../core/transport.ts';
import { typed } from '../core/typed.ts';
import type { RunContext } from './request.ts';

/** Lets a transport do its reads and tells each as it comes; `node` stands for `{node}` in what is told. */
export const gather = async <R extends Read>(
  transport: Transport<R>,
  reads: readonly R[],
  context: RunContext,
  node = '{node}',
): Promise<Map<string, Raw>> => {
  const raws = new Map<string, Raw>();
  for await (const [read, raw] of transport.fetch(reads, context.signal)) {
    context.onProgress({ kind: 'read', typed: typed(read).replaceAll('{node}', node), raw });
    raws.set(read.id, raw);
  }
  return raws;
};
