import type { V1Pod } from '@kubernetes/client-node';
import type { KubeApi } from '../../cluster/api.ts';
import { ApiError } from '../../cluster/api-error.ts';
import { grantAdvice } from '../../cluster/grant.ts';
import { TransportError } from '../../core/transport.ts';
import { at, textAt } from '../../lib/json.ts';
import { createAdvice, type Place } from './advice.ts';

/** The cluster lets no debug pod be made, read and deleted, on whichever node. */
export class Refused extends TransportError {}

/** A right in the namespace of the debug pod, and what becomes of a run without it. */
interface Right {
  readonly verb: string;
  readonly resource: 'pods';
  readonly subresource?: 'log';
  /** Null: nothing can be done without it. */
  readonly without: string | null;
}

const rights: readonly Right[] = [
  { verb: 'create', resource: 'pods', without: null },
  { verb: 'delete', resource: 'pods', without: null },
  { verb: 'get', resource: 'pods', subresource: 'log', without: null },
  { verb: 'get', resource: 'pods', without: 'why a debug pod does not start will not be seen' },
  { verb: 'watch', resource: 'pods', without: 'the debug pod is looked at twice a second instead' },
];

const words = ({ verb, resource, subresource }: Right, place: Place): string =>
  `cannot ${verb} resource "${resource}${subresource ? `/${subresource}` : ''}" in API group "" in the namespace "${place.namespace}"`;

/** What the server says of a right. */
interface Review {
  readonly right: Right;
  readonly denied: boolean;
  /** Its own words: of a cloud's authorizer, which right of its own would be needed. */
  readonly why: string;
}

/** Asks for one right; a server that does not decide denies nothing. */
const reviewOf = async (api: KubeApi, right: Right, namespace: string, signal: AbortSignal): Promise<Review> => {
  const { verb, resource, subresource } = right;
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { namespace, verb, resource, ...(subresource ? { subresource } : {}) } },
  };
  try {
    const { body } = await api.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review, { signal });
    const why = ['reason', 'evaluationError'].map((field) => textAt(body, 'status', field)).filter((t) => t !== '');
    return { right, denied: at(body, 'status', 'allowed') === false, why: why.join('; ') };
  } catch (error) {
    if (error instanceof ApiError && error.status !== 0 && error.status !== 401)
      return { right, denied: false, why: '' };
    throw error;
  }
};

/** Who the server takes us for; empty where it does not say (before Kubernetes 1.28). */
const userName = async (api: KubeApi, signal: AbortSignal): Promise<string> => {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  try {
    const { body } = await api.post('/apis/authentication.k8s.io/v1/selfsubjectreviews', review, { signal });
    return textAt(body, 'status', 'userInfo', 'username');
  } catch (error) {
    if (error instanceof ApiError) return '';
    throw error;
  }
};

/** What admission (PodSecurity, quota, webhooks, policies) says of such a pod; it is not made. */
const tryPod = async (api: KubeApi, pod: V1Pod, place: Place, signal: AbortSignal): Promise<void> => {
  try {
    await api.post(`/api/v1/namespaces/${place.namespace}/pods?dryRun=All`, pod, { signal });
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== 'status' || error.status === 401) throw error;
    // webhooks that have side effects refuse to be tried; a server that is busy says so again when it counts
    const undecided = /dry.?run/i.test(error.message) || error.status === 429 || error.status >= 500;
    if (undecided && !/webhook "[^"]*" denied/.test(error.message)) return;
    throw new Refused(`${error.message}\n${createAdvice(error.serverMessage ?? '', place)}`, { cause: error });
  }
};

const nothing = (): string => '';

/** The server's own words on the trial, without advice; empty where it failed in another way. */
const refusalOf = (error: unknown): string =>
  error instanceof Refused && error.cause instanceof ApiError ? error.cause.message : '';

/**
 * Finds out before a pod is made whether it may be made, read and deleted: by SelfSubjectAccessReview (kubernetes.io, "Checking API
 * access") and by a creation with dryRun=All, which runs admission too. All requests go out at once. Gives notes on what is worse without
 * a right that is only useful. `instead`: what else one may do, a clause for the end of a refusal. Throws {@link Refused} with what is missing, all of it, and what to do; ApiError where the server is out of reach.
 */
export const preflight = async (
  api: KubeApi,
  pod: V1Pod,
  place: Place & { readonly instead: string },
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const reviews = Promise.all(rights.map((right) => reviewOf(api, right, place.namespace, signal)));
  const trial = tryPod(api, pod, place, signal);
  trial.catch(() => undefined);
  const denied = (await reviews).filter((r) => r.denied);
  const vain = denied.some((r) => r.right.without === null);
  // where the server refuses the trial it does so in its own words, and these come first
  const refusal = vain ? await trial.then(nothing, refusalOf) : await trial.then(nothing);
  const user = denied.length === 0 ? '' : /User "([^"]*)"/.exec(refusal)?.[1] || (await userName(api, signal));
  const who = user === '' ? 'you' : `User "${user}"`;
  const said = denied.map((r) => ({ ...r, text: words(r.right, place) }));
  const full = said.map((r) => `${who} ${r.text}${r.why === '' ? '' : ` (${r.why})`}`);
  if (!vain) return said.map((r, i) => `${full[i]}: ${r.right.without}`);
  const lacks = full.filter((_, i) => said[i]?.why !== '' || !refusal.includes(said[i]?.text ?? ''));
  const advice = grantAdvice(
    said.map((r) => `User "${user}" ${r.text}`),
    place.kubectl,
  );
  throw new Refused(
    [
      refusal,
      lacks.length === 0 ? '' : `A run needs more than the server grants:\n${lacks.join('\n')}`,
      advice ?? '',
      place.instead,
    ]
      .filter((part) => part !== '')
      .join('\n'),
  );
};
