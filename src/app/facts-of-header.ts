import { suspects } from '../facts/ipvs/suspects.ts';
import { ephemeralRange } from '../facts/kernel/ephemeral-range.ts';
import { kernelRelease } from '../facts/kernel/release.ts';
import { reservedPorts } from '../facts/kernel/reserved-ports.ts';
import { proxyMode } from '../facts/kube-proxy/mode.ts';

/** Facts that the report's header and picture show whatever checks were chosen; the rest of the picture takes what the checks read. */
export const factsOfHeader: readonly string[] = [kernelRelease.id, proxyMode.id, ephemeralRange.id, reservedPorts.id, suspects.id];
