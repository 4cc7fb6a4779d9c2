import { allChecks } from '../checks/index.ts';
import type { AnyCheck } from '../core/check.ts';
import { judge } from '../core/judge.ts';
import type { ManifestSummary, Report } from '../core/report.ts';
import type { Suppressions } from '../core/suppression.ts';
import { at, listAt, textAt } from '../lib/json.ts';
import { chooseChecks } from './choose-checks.ts';
import type { Fault } from './lint/fault.ts';
import { located } from './lint/located.ts';
import { lookupOf } from './lint/lookup-of.ts';
import type { ManifestObject } from './lint/manifest-object.ts';
import { type ObjectsRequest, readObjects } from './lint/read-objects.ts';
import { subjectOf } from './lint/subject-of.ts';
import { type Template, templateOf } from './lint/template-of.ts';
import { suppressor } from './suppressor.ts';

/** What `netdoctor lint` was asked. */
export interface LintRequest extends ObjectsRequest {
  /** Ids or patterns; all checks that a text can decide where there are none. */
  readonly checks?: readonly string[];
  /** Problems that are not to count. */
  readonly suppress?: Suppressions;
}

/** What a run is given by the program around it. */
export interface LintContext {
  readonly stdin: () => AsyncIterable<Uint8Array>;
}

const keyOf = (kind: string, namespace: string, name: string): string => `${kind}/${namespace}/${name}`;

/** What a controller among the same objects has made is judged there, once. */
const isMade = ({ value, namespace }: ManifestObject, keys: ReadonlySet<string>): boolean =>
  listAt(value, 'metadata', 'ownerReferences').some(
    (o) => at(o, 'controller') === true && keys.has(keyOf(textAt(o, 'kind'), namespace, textAt(o, 'name'))),
  );

/** Why an object that has a pod template cannot be judged; null where it can. */
const incomplete = ({ kind, name }: ManifestObject, template: Template): string | null => {
  if (name === '') return `${kind} has no name`;
  if (template.isWhole) return null;
  return `${kind} ${name} has no containers. If it is a patch of Kustomize, pipe what \`kubectl kustomize\` makes of all into \`lint -f -\`.`;
};

const faultText = ({ file, line, message }: Fault): string => `${file}${line === null ? '' : `:${line}`}: ${message}`;

/** The checks that a text can decide, chosen among all others by their patterns. */
const checksOf = (all: readonly AnyCheck[], patterns: readonly string[] | undefined): readonly AnyCheck[] => {
  const chosen = chooseChecks(all, patterns).filter((c) => c.fromText);
  if (patterns && patterns.length > 0 && chosen.length === 0)
    throw new Error(`none of the chosen checks (${patterns.join(', ')}) can be decided by a manifest alone`);
  return chosen;
};

/**
 * Judges manifests by what their text alone can decide. Throws UnknownCheck for a pattern that fits no check, and for checks that no text can
 * decide; what is wrong with the files is told in the report.
 */
export const lint = async (
  request: LintRequest,
  { stdin }: LintContext,
  all: readonly AnyCheck[] = allChecks,
): Promise<Report> => {
  const startedAt = new Date();
  const began = performance.now();
  const checks = checksOf(all, request.checks);
  const suppressed = suppressor(request.suppress, all);
  const { objects, faults } = await readObjects(request, stdin);
  const broken = faults.map(faultText);
  const lookup = lookupOf(objects);
  const keys = new Set(objects.map((o) => keyOf(o.kind, o.namespace, o.name)));
  const results = objects.flatMap((object) => {
    const template = templateOf(object);
    if (template === null || isMade(object, keys)) return [];
    const why = incomplete(object, template);
    if (why !== null) {
      broken.push(faultText({ file: object.file, line: object.line, message: why }));
      return [];
    }
    const { namespace, file, line } = object;
    const target: ManifestSummary = { kind: 'manifest', namespace, name: `${object.kind}/${object.name}`, file, line };
    const known = lookup(subjectOf(object, template.value));
    const findings = checks.flatMap((check) => judge(check, target, known)).map((f) => located(f, object, template));
    return [{ target, findings }];
  });
  return {
    apiVersion: 'netdoctor/v1',
    kind: 'Report',
    context: null,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - began),
    targets: results.map((r) => r.target),
    findings: suppressed(results.flatMap((r) => r.findings)),
    ...(broken.length > 0 ? { broken } : {}),
  };
};
