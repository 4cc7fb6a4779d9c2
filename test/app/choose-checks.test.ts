import { describe, expect, it } from 'vitest';
import { chooseChecks } from '../../src/app/choose-checks.ts';
import { allChecks } from '../../src/checks/index.ts';

const ids = (patterns?: readonly string[]): string[] => chooseChecks(allChecks, patterns).map((c) => c.id);

describe('which checks are run', () => {
  it('all, where none is named', () => {
    expect(ids()).toEqual(allChecks.map((c) => c.id));
    expect(ids([])).toEqual(ids());
  });
  it('one by its id', () => expect(ids(['kernel/ip-forward'])).toEqual(['kernel/ip-forward']));
  it('an area, by its name or a pattern', () => {
    expect(ids(['ports'])).toEqual(ids(['ports/*']));
    expect(ids(['ports/nodeport-*'])).toEqual(['ports/nodeport-overlap', 'ports/nodeport-victims']);
  });
  it('several, each once and in their own order', () => {
    const chosen = ids(['ports/*', 'ports/nodeport-victims', 'kernel/*']);
    expect(chosen[0]).toMatch(/^kernel\//);
    expect(new Set(chosen).size).toBe(chosen.length);
  });
  it('a pattern that fits nothing is a mistake, not a pass', () => {
    expect(() => ids(['port/nodeport-overlap'])).toThrow(
      'no check fits "port/nodeport-overlap"; did you mean ports/nodeport-overlap',
    );
    expect(() => ids(['port/*'])).toThrow('no check fits "port/*"; did you mean ports/*');
    expect(() => ids(['kernal'])).toThrow('no check fits "kernal"; did you mean kernel/*');
    expect(() => ids(['ports/*', 'nothing'])).toThrow('"nothing"');
  });
  it('what belongs to another command is told so', () => {
    const of = (area: string) => allChecks.filter((c) => c.id.startsWith(area));
    expect(() => chooseChecks(of('ports/'), ['shutdown/*'], { checks: of('shutdown/'), command: 'pod' })).toThrow(
      'what fits "shutdown/*" belongs to `netdoctor pod`',
    );
  });
});
