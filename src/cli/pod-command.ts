import { diagnoseAndPrint } from './diagnose-and-print.ts';
import { formats } from './formats.ts';
import type { Host } from './host.ts';
import { outputFormat } from './output-format.ts';
import type { PodFlag } from './pod-conflicts.ts';
import { podRequest } from './pod-request.ts';
import type { Values } from './values.ts';

/** `netdoctor pod`: diagnoses pods and the pods of workloads, or those of a bundle. */
export const podCommand = async (v: Values<PodFlag>, names: readonly string[], host: Host): Promise<number> => {
  const format = outputFormat(v.text('output'), formats.report);
  return await diagnoseAndPrint(podRequest(v, names), format, v, host);
};
