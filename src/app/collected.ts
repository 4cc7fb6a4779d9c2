import type { Raws } from '../core/facts-table.ts';
import type { Plan } from '../core/plan.ts';
import type { Report, TargetSummary } from '../core/report.ts';
import type { NodeRequest, RunContext } from './request.ts';

/** What one way of reading a node gives: all answers, and what the report's header and a saved bundle need. */
export interface Collected {
  readonly raws: Raws;
  /** Those answers that are not in the stream. */
  readonly aside: Raws;
  readonly stream: string;
  readonly node: string;
  readonly via: TargetSummary['via'];
  readonly context: Report['context'];
}

/** What the ways of reading are given. */
export type Collect = (request: NodeRequest, plan: Plan, context: RunContext) => Promise<Collected>;
