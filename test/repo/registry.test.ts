import { describe, expect, it } from 'vitest';
import { registryText } from '../../scripts/lib/registry.ts';

const textOf = (...files: readonly [file: string, name: string][]): string =>
  registryText({
    folder: 'checks',
    type: 'AnyCheck',
    typeFrom: '../core/check.ts',
    doc: 'All.',
    entries: files.map(([file, name]) => ({ file, name })),
  });

describe('a registry', () => {
  it('imports and lists each entry, in the order given', () => {
    const text = textOf(['src/checks/b/x.ts', 'x'], ['src/checks/a/y.ts', 'y']);
    expect(text).toContain("import { x } from './b/x.ts';");
    expect(text).toMatch(/= \[\s*x,\s*y,\s*\]/);
  });

  it('keeps apart what has one name in two areas', () => {
    const text = textOf(['src/checks/dns/failing.ts', 'failing'], ['src/checks/kube-proxy/failing.ts', 'failing']);
    expect(text).toContain("import { failing as dnsFailing } from './dns/failing.ts';");
    expect(text).toContain("import { failing as kubeProxyFailing } from './kube-proxy/failing.ts';");
    expect(text).toMatch(/= \[\s*dnsFailing,\s*kubeProxyFailing,\s*\]/);
  });
});
