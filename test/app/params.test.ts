import { describe, expect, it } from 'vitest';
import { paramsOf } from '../../src/app/params.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { Lookup } from '../../src/core/facts-table.ts';
import { known, missing, type Reading } from '../../src/core/gap.ts';
import { type AnyProbe, params, probe } from '../../src/core/probe.ts';
import { subjects } from '../../src/facts/workloads/subjects.ts';
import { allProbes } from '../../src/probes/index.ts';
import { digest, idOf, podOf } from '../support/pods.ts';

const lookup =
  (id: string, reading: Reading<unknown>): Lookup =>
  <T>(fact: Fact<T>) =>
    (fact.id === id ? reading : missing('not-collected', 'no')) as Reading<T>;
const nothing = lookup('', missing('absent', 'no'));

/** A probe that wants none. */
const plain: AnyProbe = probe({ yields: subjects, via: 'test', reads: {}, parse: () => missing('absent', 'no') });

/** A probe with these variables. */
const saying = (vars: Readonly<Record<string, string>>): AnyProbe => ({
  ...plain,
  params: params({ from: { subjects }, vars: () => vars }),
});

describe('variables of the program', () => {
  it('of all probes that have some', () =>
    expect(paramsOf([saying({ a: '1' }), saying({ b: '2 3:x' }), plain], nothing, 'n1')).toEqual({
      a: '1',
      b: '2 3:x',
    }));
  it.each(['$(id)', '`id`', "'", '"', '\\', 'a\nb', ';', 'é', '{x}', '*'])('%j is left out', (value) =>
    expect(paramsOf([saying({ a: value, b: 'ok' })], nothing, 'n1')).toEqual({ b: 'ok' }),
  );
});

it('of the chosen pods on this node: containers, hooks, images', () => {
  const here = podOf({
    containers: podOf().containers.map((c) => ({ ...c, preStop: { kind: 'exec', command: ['sleep', '5'] } })),
  });
  const vars = paramsOf(allProbes, lookup(subjects.id, known([here, podOf({ node: 'n2' })])), 'n1');
  expect(vars).toMatchObject({
    containers: idOf('app').slice(0, 16),
    hooks: `${idOf('app').slice(0, 16)}:sleep`,
    images: digest,
  });
  expect(paramsOf(allProbes, lookup(subjects.id, known([here])), 'n2')).toMatchObject({
    containers: '',
    hooks: '',
    images: '',
  });
  expect(paramsOf(allProbes, nothing, 'n1')).not.toHaveProperty('containers');
});
