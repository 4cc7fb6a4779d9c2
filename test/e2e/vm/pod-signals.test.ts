// lab: its images have to be imported on the nodes, and it reads there what the runtime sent
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../src/core/report.ts';
import { labCommand, netdoctor, reportOf } from '../../support/cluster.ts';
import { importImages } from '../../support/pid1/import-images.ts';
import { namespaceOf } from '../../support/pid1/namespace-of.ts';
import { podsOfRows } from '../../support/pid1/pods-of-rows.ts';
import { type Row, rowChecks } from '../../support/pid1/row.ts';
import { rows } from '../../support/pid1/rows.ts';
import { rowsOnVm } from '../../support/pid1/rows-on-vm.ts';
import { deleteAndMeasure, removePods, type Shutdown, startPods } from '../../support/pid1/shutdown.ts';
import { verdictOf } from '../../support/pid1/verdict-of.ts';

/** node1 has the machine's kernel and cgroups; vm1 has Linux 6.1 and cgroup v2, and is so slow that its times say nothing. */
const nodes = [
  { node: 'node1', pods: podsOfRows(rows, false), timed: true },
  { node: 'vm1', pods: podsOfRows(rowsOnVm, true), timed: false },
];
/** Long beside what it takes to signal 70 pods at once on a busy machine. */
const graceSeconds = 20;

/** What was said of a node's pods while they ran, and what became of them afterwards. */
interface Outcome {
  readonly report: Report;
  readonly measured: ReadonlyMap<string, Shutdown>;
}

const tryOut = async ({ node, pods }: (typeof nodes)[number]): Promise<Outcome> => {
  await importImages(node);
  await startPods(node, pods, graceSeconds);
  const chosen = ['--all', '--checks', rowChecks.join(), '--window', '0'];
  const said = await netdoctor(['pod', '-n', namespaceOf(node), ...chosen, '--timeout', '180s', '-o', 'json'], {
    timeoutMs: 400_000,
  });
  return { report: reportOf(said, 2), measured: await deleteAndMeasure(node) };
};

const outcomes = new Map<string, Outcome>();
const outcomeOf = (node: string): Outcome => {
  const outcome = outcomes.get(node);
  if (!outcome) throw new Error(`${node} was not tried out`);
  return outcome;
};
const shutdownOf = (node: string, row: Row): Shutdown => {
  const shutdown = outcomeOf(node).measured.get(row.name);
  if (!shutdown) throw new Error(`${row.name} was not measured on ${node}`);
  return shutdown;
};

describe('who gets the stop signal, as it is said and as it happens', () => {
  beforeAll(async () => {
    await labCommand('node', 'vm1', '--mode', 'ipvs');
    await Promise.all(nodes.map(async (n) => outcomes.set(n.node, await tryOut(n))));
    // the VM's containers take most of five minutes, and twice that on a busy machine
  }, 1_200_000);
  afterAll(() => Promise.all(nodes.map(({ node }) => removePods(node))));

  describe.each(nodes)('on $node', ({ node, pods, timed }) => {
    const all = pods.flatMap((pod) => pod.rows.map((row) => ({ name: row.name, pod, row })));

    it.each(all)('$name ends as the table has it', ({ row }) => {
      const measured = shutdownOf(node, row);
      expect(measured).toMatchObject({
        fate: row.fate,
        exitCode: row.exitCode,
        signal: row.image === 'quit' ? 'quit' : 'terminated',
      });
      // who got it: nobody behind a shell, unless it was killed at once
      const signalled = measured.record.some((e) => e.what.startsWith('SIG'));
      if (row.records && !row.raced) expect(signalled).toBe(row.fate === 'finishes');
      if (!timed) return;
      if (row.fate === 'hangs') expect(measured.seconds).toBeGreaterThan(graceSeconds - 1);
      else expect(measured.seconds).toBeLessThan(graceSeconds - 1);
    });

    it.each(all)('$name is judged so', ({ pod, row }) => {
      for (const check of rowChecks)
        expect(verdictOf(outcomeOf(node).report, pod, row, check), check).toBe(row.verdicts[check]);
    });

    it('nothing that was called good was lost, and nothing that was called bad ended well', () => {
      const wrong = all.filter(({ pod, row }) => {
        const { report } = outcomeOf(node);
        const verdicts = rowChecks.map((check) => verdictOf(report, pod, row, check));
        const well = ['finishes', 'dies'].includes(shutdownOf(node, row).fate);
        const good = verdicts.every((v) => v === 'pass' || v === 'not-applicable');
        return well ? verdicts.includes('fail') : good;
      });
      expect(wrong.map(({ name }) => name)).toEqual([]);
    });
  });
});
