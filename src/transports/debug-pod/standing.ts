import { at, listAt, numberAt, textAt } from '../../lib/json.ts';
import { containerName, managedBy, runLabel } from './pod.ts';

/** What a pod that bears netdoctor's label is to somebody who cleans up. */
export type Standing =
  /** It is not of the kind that netdoctor makes, whatever its label says. */
  | { readonly kind: 'foreign' }
  /** It is being deleted, and that takes no longer than it should. */
  | { readonly kind: 'leaving' }
  /** Its run is over, and nobody will delete it. */
  | { readonly kind: 'leftover' }
  /** Its run may still need it; `text` says until when, as a clause. */
  | { readonly kind: 'at-work'; readonly text: string };

/** How long a run may take to delete its pod once that has ended, in milliseconds. */
const endedMs = 30_000;

/** How far behind its time a kubelet may be that ends or deletes a pod, in milliseconds. */
const slackMs = 60_000;

/** What `podName` makes: one DNS label. */
const ourName = /^netdoctor-[a-z0-9](?:[-a-z0-9]{0,51}[a-z0-9])?$/;
const dnsLabel = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** Milliseconds since 1970, or null. */
const timeAt = (data: unknown, ...path: readonly string[]): number | null => {
  const ms = Date.parse(textAt(data, ...path));
  return Number.isNaN(ms) ? null : ms;
};

/** A sidecar that a webhook added is no reason to doubt; a pod that somebody else answers for is. */
const ofOurKind = (pod: unknown): boolean => {
  const spec = at(pod, 'spec');
  const owned = listAt(pod, 'metadata', 'ownerReferences').length > 0;
  return (
    textAt(pod, 'metadata', 'labels', managedBy[0]) === managedBy[1] &&
    textAt(pod, 'metadata', 'labels', runLabel) !== '' &&
    textAt(pod, 'metadata', 'uid') !== '' &&
    ourName.test(textAt(pod, 'metadata', 'name')) &&
    dnsLabel.test(textAt(pod, 'metadata', 'namespace')) &&
    !owned &&
    at(spec, 'hostNetwork') === true &&
    at(spec, 'hostPID') === true &&
    textAt(spec, 'restartPolicy') === 'Never' &&
    listAt(spec, 'containers').some((c) => textAt(c, 'name') === containerName)
  );
};

const lastOf = (times: readonly (number | null)[]): number | null =>
  times.reduce((last, t) => (t !== null && (last === null || t > last) ? t : last), null);

/** When a pod that has ended did so, as far as it says: one that was evicted has no containers to tell. */
const endOf = (pod: unknown): number | null =>
  lastOf(listAt(pod, 'status', 'containerStatuses').map((c) => timeAt(c, 'state', 'terminated', 'finishedAt'))) ??
  lastOf(listAt(pod, 'status', 'conditions').map((c) => timeAt(c, 'lastTransitionTime')));

const seconds = (ms: number): string => `${Math.max(0, Math.ceil(ms / 1000))}s`;

/**
 * Judges a pod by what the API holds of it and the API server's clock; pure and total. The kubelet counts the deadline from the pod's
 * `startTime`, which it sets itself when it takes the pod up. Both this and the time of the end are told by the node's clock, which may
 * be wrong, so a pod that has ended also counts from its creation.
 */
export const standing = (pod: unknown, nowMs: number): Standing => {
  const created = timeAt(pod, 'metadata', 'creationTimestamp');
  const deadlineSeconds = numberAt(pod, 'spec', 'activeDeadlineSeconds');
  if (!ofOurKind(pod) || created === null || deadlineSeconds === null) return { kind: 'foreign' };
  // the time by which it is to be gone: that of the request and the grace
  const leaving = timeAt(pod, 'metadata', 'deletionTimestamp');
  if (leaving !== null) return { kind: nowMs > leaving + slackMs ? 'leftover' : 'leaving' };
  const ended = ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));
  const endsMs = ((ended ? null : timeAt(pod, 'status', 'startTime')) ?? created) + deadlineSeconds * 1000;
  if (nowMs > endsMs + slackMs) return { kind: 'leftover' };
  if (!ended)
    return { kind: 'at-work', text: `its run may be at work, and it ends by itself in ${seconds(endsMs - nowMs)}` };
  const age = nowMs - Math.max(created, endOf(pod) ?? created);
  if (age > endedMs) return { kind: 'leftover' };
  return { kind: 'at-work', text: `it ended only ${seconds(age)} ago, and its run may still read its log` };
};
