import type { AnyCheck } from '../core/check.ts';
import type { Lookup } from '../core/facts-table.ts';
import type { Finding } from '../core/finding.ts';
import { judge } from '../core/judge.ts';
import type { NodeSummary } from '../core/report.ts';
import { kernelRelease } from '../facts/kernel/release.ts';
import { proxyMode } from '../facts/kube-proxy/mode.ts';
import type { Answered } from './collected.ts';
import { portSpace } from './port-space.ts';

/** Judges one node by what was read of it. */
export const judgeNode = (
  { via, unread }: Answered,
  name: string,
  checks: readonly AnyCheck[],
  lookup: Lookup,
): { readonly targets: readonly NodeSummary[]; readonly findings: readonly Finding[] } => {
  const target = { kind: 'node', name } as const;
  const mode = lookup(proxyMode);
  const kernel = lookup(kernelRelease);
  const summary: NodeSummary = {
    ...target,
    via,
    unread,
    kernel: kernel.ok ? kernel.value : null,
    kubeProxyMode: mode.ok ? mode.value.mode : null,
    portSpace: portSpace(lookup),
  };
  return { targets: [summary], findings: checks.flatMap((check) => judge(check, target, lookup)) };
};
