import { suspects } from '../facts/ipvs/suspects.ts';
import { ephemeralRange } from '../facts/kernel/ephemeral-range.ts';
import { kernelRelease } from '../facts/kernel/release.ts';
import { reservedPorts } from '../facts/kernel/reserved-ports.ts';
import { proxyMode } from '../facts/kube-proxy/mode.ts';
import { podFamilies } from '../facts/node/pod-families.ts';

/** Facts that are read whatever checks were chosen: the report's header and picture show them (the rest of the picture takes what the
 * checks read), and by the last one the Node itself is asked for, so that an unknown node is told before a pod is created. */
export const factsOfHeader: readonly string[] = [
  kernelRelease.id,
  proxyMode.id,
  ephemeralRange.id,
  reservedPorts.id,
  suspects.id,
  podFamilies.id,
];
