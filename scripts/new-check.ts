/** `npm run new:check ports/xyz`: a check and its test to fill in. The test fails until that is done. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { camelCase } from './lib/camel-case.ts';

const root = join(import.meta.dirname, '..');

const refuse = (why: string): never => {
  console.error(`${why}\nusage: npm run new:check AREA/NAME   (for example ports/nodeport-overlap)`);
  process.exit(1);
};

const [id = refuse('which check?'), ...more] = process.argv.slice(2);
if (more.length > 0) refuse('one check at a time');
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*\/[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
  refuse(`"${id}" is no id: an area and a noun, lower case, words joined by "-"`);
}
const source = `src/checks/${id}.ts`;
const test = `test/checks/${id}.test.ts`;
for (const file of [source, test]) if (existsSync(join(root, file))) refuse(`${file} is there already`);

const name = camelCase(id.slice(id.indexOf('/') + 1));

const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  console.log(`wrote ${file}`);
};

write(
  source,
  `import { check, fail, notApplicable, pass } from '../../core/check.ts';
import { kernelRelease } from '../../facts/kernel/release.ts';

/** FILL IN: the failure in the world, and its source. */
export const ${name} = check({
  id: '${id}',
  title: 'FILL IN: the good state, as a statement',
  severity: 'warning',
  per: 'node',
  docs: {
    why: 'FILL IN: what goes wrong, for whom, and why it is hard to find.',
    links: [],
  },
  needs: { kernelRelease },
  wants: {},
  judge: (facts) => {
    // applicability first, from the cheapest fact
    if (facts.kernelRelease === '') return notApplicable('FILL IN: why the question does not arise here');
    if (facts.kernelRelease !== 'FILL IN') return pass('FILL IN: why all is well');
    return fail({
      id: 'fill-in',
      severity: 'warning',
      message: 'FILL IN: what is wrong and what it does',
      data: { observed: facts.kernelRelease, expected: 'FILL IN' },
      evidence: [{ source: '/proc/sys/kernel/osrelease', text: facts.kernelRelease }],
      fix: { say: 'FILL IN: what to do', now: ['FILL IN'], risk: 'none' },
    });
  },
});
`,
);

write(
  test,
  `import { expect, it } from 'vitest';
import { ${name} } from '../../../src/checks/${id}.ts';
import { kernelRelease } from '../../../src/facts/kernel/release.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

// Fails until the check is written; then take it away. A table holds a fail, a pass at both edges, a not-applicable, and each gap.
it('is written', () => {
  expect(JSON.stringify(${name}) + ${name}.judge).not.toContain('FILL IN');
});

testCheck(${name}, [
  { name: 'bad', facts: [given(kernelRelease, 'FILL IN')], expect: { status: 'fail', severity: 'warning' } },
  { name: 'just good', facts: [given(kernelRelease, '6.1')], expect: { status: 'pass' } },
  { name: 'no question here', facts: [given(kernelRelease, '')], expect: { status: 'not-applicable' } },
  { name: 'could not be read', facts: [gap(kernelRelease, 'forbidden')], expect: { status: 'unknown' } },
]);
`,
);

// gen imports every check anew, this one too
await import('./gen.ts');
