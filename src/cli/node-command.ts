import { diagnoseAndPrint } from './diagnose-and-print.ts';
import { formats } from './formats.ts';
import type { Host } from './host.ts';
import type { NodeFlag } from './node-conflicts.ts';
import { nodeRequest } from './node-request.ts';
import { outputFormat } from './output-format.ts';
import type { Values } from './values.ts';
import { write } from './write.ts';

/** `netdoctor node`: diagnoses nodes, this machine or a bundle, or prints the collector. */
export const nodeCommand = async (v: Values<NodeFlag>, names: readonly string[], host: Host): Promise<number> => {
  const format = outputFormat(v.text('output'), formats.report);
  const request = nodeRequest(v, names);
  if (!v.on('emit-collector')) return diagnoseAndPrint(request, format, v, host);
  const emit = await host.deps.emitCollector();
  await write(host.streams.stdout, emit(request));
  return 0;
};
