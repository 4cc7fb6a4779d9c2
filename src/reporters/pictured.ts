import { type Finding, isProblem } from '../core/finding.ts';
import type { NodeSummary } from '../core/report.ts';
import type { Canvas } from './canvas.ts';
import { portSpace } from './port-space.ts';

const checks = new Set(['ports/nodeport-overlap', 'ports/nodeport-victims']);

/** The picture of a node's port space, where it makes a problem plain (or with -v). */
export const pictured = (node: NodeSummary, findings: readonly Finding[], c: Canvas): readonly string[] =>
  node.portSpace !== null && (c.verbose || findings.some((f) => isProblem(f) && checks.has(f.check)))
    ? portSpace(node.portSpace, c)
    : [];
