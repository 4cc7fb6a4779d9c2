import type { PodRef } from '../app/request.ts';
import { isDnsLabel, isDnsSubdomain } from '../lib/dns-name.ts';
import { podKind } from './pod-kind.ts';
import { UsageError } from './usage-error.ts';

/** Throws {@link UsageError} for a name that would be another path of the API. */
const refOf = (kind: PodRef['kind'], name: string): PodRef => {
  if (isDnsSubdomain(name)) return { kind, name };
  throw new UsageError(`"${name}" is not a name that a ${kind} can have`);
};

/** Why there is no such kind, and what was meant perhaps. */
const unknownKind = (text: string, word: string, name: string): string => {
  if (/^(no|nodes?)$/i.test(word)) return `"${text}" is a node: it is diagnosed by the command node`;
  if (/^(cj|cronjobs?)(\.|$)/i.test(word))
    return `"${text}": a CronJob has no pods but through its Jobs: name one of these (job/…)`;
  const kinds = 'pod, deployment, statefulset, daemonset, replicaset, job and service';
  const elsewhere =
    isDnsLabel(word) && isDnsSubdomain(name) ? `; a pod of namespace ${word} is ${name} -n ${word}` : '';
  return `"${text}": there is no kind "${word}" among ${kinds}${elsewhere}`;
};

const parse = (text: string): PodRef => {
  const slash = text.indexOf('/');
  if (slash < 0) return refOf('pod', text);
  const [word, name] = [text.slice(0, slash), text.slice(slash + 1)];
  const kind = podKind(word);
  if (kind === null) throw new UsageError(unknownKind(text, word, name));
  return refOf(kind, name);
};

/** Kind and names as separate words: `deploy web`, `pods web-0 web-1`. */
const parseWords = (word: string, kind: PodRef['kind'], names: readonly string[]): readonly PodRef[] => {
  if (names.length === 0)
    throw new UsageError(`which ${kind}? Give its name: ${word}/web (a pod of that name: pod/${word})`);
  const whole = names.find((n) => n.includes('/'));
  if (whole !== undefined) throw new UsageError(`"${whole}" has a kind of its own: "${word}" before it says another`);
  return names.map((name) => refOf(kind, name));
};

/** What is named, as kubectl lets it be named: `web-0`, `deploy/web`, `service/web`, `deploy web`. Each once. Throws {@link UsageError}. */
export const podRefs = (names: readonly string[]): readonly PodRef[] => {
  const [first, ...others] = names;
  const kind = first === undefined ? null : podKind(first);
  const refs = first === undefined || kind === null ? names.map(parse) : parseWords(first, kind, others);
  return [...new Map(refs.map((r) => [`${r.kind}/${r.name}`, r])).values()];
};
