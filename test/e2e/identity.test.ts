// lab: it compares with the lab's kubectl
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { netdoctorArgv, startInLab } from '../support/cluster.ts';
import { compare, type Outcome } from '../support/identity/compare.ts';
import { kubeconfigFiles } from '../support/identity/kubeconfig-files.ts';
import { identityPage } from '../support/identity/page.ts';
import { identityRows } from '../support/identity/rows.ts';
import { startWorld, type World } from '../support/identity/world.ts';

const page = join(import.meta.dirname, '../../docs/kubectl.md');
/** Each lane has servers of its own, so that nobody notes what the other asked. */
const lanes = 3;
let worlds: readonly World[] = [];
let kubectl = '';
let version = '';

beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: lanes }, startWorld));
  kubectl = (await startInLab(['sh', '-c', 'command -v kubectl']).done).stdout.trim();
  version = /Client Version: (\S+)/.exec((await startInLab(['kubectl', 'version', '--client']).done).stdout)?.[1] ?? '';
});
afterAll(() => {
  for (const world of worlds) world.close();
});

it('asks the same server as the same person as kubectl does, or says why not', async () => {
  const outcomes = new Map<string, Outcome>();
  const names: string[] = [];
  const lane = async (world: World, number: number): Promise<void> => {
    const files = kubeconfigFiles(world);
    const tools = { kubectl, netdoctor: netdoctorArgv, kubeconfig: files.main };
    const rows = Object.entries(identityRows(world, files)).flatMap(([group, of]) =>
      of.map((row) => ({ key: `${group}\n${row.name}`, row })),
    );
    if (number === 0) names.push(...rows.map((r) => r.key));
    for (const [i, { key, row }] of rows.entries())
      if (i % lanes === number) outcomes.set(key, await compare(world, row, tools));
  };
  await Promise.all(worlds.map(lane));
  expect(new Set(names).size).toBe(names.length);
  const groups = Map.groupBy(names, (key) => key.split('\n')[0] ?? '');
  const results = [...groups].map(([group, keys]) => [group, keys.flatMap((key) => outcomes.get(key) ?? [])] as const);
  const unexplained = results
    .flatMap(([, of]) => of)
    .filter((o) => (o.verdict !== 'same') !== (o.row.why !== undefined))
    .map((o) => `${o.row.name}: ${o.verdict}\n  kubectl:   ${o.kubectl}\n  netdoctor: ${o.netdoctor}`);
  expect(unexplained.join('\n')).toBe('');
  await expect(identityPage(version, results)).toMatchFileSnapshot(page);
});
