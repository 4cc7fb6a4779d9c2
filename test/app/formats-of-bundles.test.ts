import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnose } from '../../src/app/diagnose.ts';
import { formatFaults } from '../support/format-faults.ts';

const dir = join(import.meta.dirname, '../bundles');
const ofPods = new Set(['i4-stale-readiness.bundle', 'shutdown-shell-entrypoint.bundle']);
const bundles = readdirSync(dir).filter((name) => name.endsWith('.bundle'));

test.each(bundles)('%s is valid in every format', async (name) => {
  const path = join(dir, name);
  const report = await diagnose(
    { about: ofPods.has(name) ? 'pods' : 'nodes', source: { kind: 'bundle', path }, windowSeconds: 0 },
    {
      ...{ program: 'netdoctor', env: {}, signal: new AbortController().signal },
      onProgress: () => {},
      onLeftBehind: () => {},
    },
  );
  expect(report.findings).not.toEqual([]);
  expect(await formatFaults(report, true)).toEqual([]);
});
