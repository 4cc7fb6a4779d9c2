import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { diagnose } from '../../src/app/diagnose.ts';

const root = join(import.meta.dirname, '../..');
const schema = JSON.parse(readFileSync(join(root, 'docs/report.schema.json'), 'utf8')) as object;

it.each(['i1-ipvs-kubelet-victim', 'i1-ipvs-emitted', 'healthy-iptables'])(
  'a real report keeps to the schema: %s',
  async (name) => {
    const report = await diagnose(
      {
        about: 'nodes',
        source: { kind: 'bundle', path: join(root, `test/bundles/${name}.bundle`) },
        windowSeconds: 0,
      },
      {
        program: 'netdoctor',
        env: {},
        signal: new AbortController().signal,
        onProgress: () => {},
        onLeftBehind: () => {},
      },
    );
    const validate = new Ajv2020({ strict: true, allErrors: true, formats: { 'date-time': true } }).compile(schema);
    validate(JSON.parse(JSON.stringify(report)));
    expect(validate.errors).toBeNull();
  },
);
