import { inPlace, type Place, type Raw, type Read } from '../core/read.ts';
import type { Transport } from '../core/transport.ts';
import { typed } from '../core/typed.ts';
import type { RunContext } from './request.ts';

/** Lets a transport do its reads and tells each as it comes, with `place` filled in. */
export const gather = async <R extends Read>(
  transport: Transport<R>,
  reads: readonly R[],
  context: RunContext,
  place: Place = { node: '{node}', scope: '{scope}' },
): Promise<Map<string, Raw>> => {
  const raws = new Map<string, Raw>();
  for await (const [read, raw] of transport.fetch(reads, context.signal)) {
    context.onProgress({ kind: 'read', typed: inPlace(typed(read), place), raw });
    raws.set(read.id, raw);
  }
  return raws;
};
