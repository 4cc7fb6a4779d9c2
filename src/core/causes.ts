import type { AnyCheck } from './check.ts';
import type { Finding } from './finding.ts';
import { targetKey } from './target.ts';

/** A note brings nothing about. */
const isCause = (f: Finding): boolean => f.status === 'fail' && f.severity !== 'info';

/** Says of each problem which others on the same target bring it about, by what the checks say of each other. */
export const withCauses = (findings: readonly Finding[], checks: readonly AnyCheck[]): readonly Finding[] => {
  const failed = new Set(findings.filter(isCause).map((f) => `${targetKey(f.target)} ${f.check}`));
  const causes = new Map(checks.map((c) => [c.id, c.causes ?? []]));
  return findings.map((f) => {
    if (!isCause(f)) return f;
    const because = (causes.get(f.check as AnyCheck['id']) ?? []).filter((id) =>
      failed.has(`${targetKey(f.target)} ${id}`),
    );
    return because.length === 0 ? f : { ...f, because };
  });
};
