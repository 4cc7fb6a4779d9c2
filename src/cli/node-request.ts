import type { DiagnoseRequest, NodeChoice, Source } from '../app/request.ts';
import { defined } from '../lib/defined.ts';
import { clusterSource } from './cluster-source.ts';
import { type NodeFlag, refuseConflicts } from './node-conflicts.ts';
import { nodeName } from './node-name.ts';
import { runOptions } from './run-options.ts';
import type { Values } from './values.ts';

/** Names count once: two pods would say the same. */
const nodesOf = (v: Values<NodeFlag>, names: readonly string[]): NodeChoice => {
  const selector = v.text('selector');
  if (selector !== undefined) return { by: 'selector', selector };
  return v.on('all') ? { by: 'all' } : { by: 'name', names: [...new Set(names.map(nodeName))] };
};

const sourceOf = (v: Values<NodeFlag>, names: readonly string[]): Source => {
  const path = v.text('from');
  if (path !== undefined) return { kind: 'bundle', path };
  return v.on('local') || v.on('emit-collector') ? { kind: 'local' } : clusterSource(v, nodesOf(v, names), true);
};

/** What `netdoctor node` is asked, from its flags and the names. With --emit-collector only the window and the checks count. Throws UsageError. */
export const nodeRequest = (v: Values<NodeFlag>, names: readonly string[]): DiagnoseRequest => {
  refuseConflicts(v, names);
  return {
    ...{ about: 'nodes', source: sourceOf(v, names) },
    ...runOptions(v),
    ...defined({ since: v.text('since') }),
  };
};
