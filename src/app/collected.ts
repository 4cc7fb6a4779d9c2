import type { Raws } from '../core/facts-table.ts';
import type { Plan } from '../core/plan.ts';
import type { NodeSummary, Report } from '../core/report.ts';
import type { DiagnoseRequest, RunContext } from './request.ts';

/** What one way of reading a node gives: all answers, and what the report's header and a saved bundle need. */
export interface Answered {
  readonly raws: Raws;
  /** Those answers that are not in the stream. */
  readonly aside: Raws;
  readonly stream: string;
  readonly via: NodeSummary['via'];
  /** Why only the API was asked; null where the node was read. */
  readonly unread: string | null;
  /** When it was read, where that was not now. */
  readonly readAt?: Date;
}

/** One node: its answers, or why there are none at all. `node` is null for pods that are on none. */
export type Collected = { readonly context: Report['context'] } & (
  | ({ readonly ok: true; readonly node: string | null } & Answered)
  | { readonly ok: false; readonly node: string; readonly error: Error }
);

/** What the ways of reading are given. */
export type Collect = (request: DiagnoseRequest, plan: Plan, context: RunContext) => AsyncIterable<Collected>;
