import { at, listAt, numberAt, textAt } from '../../lib/json.ts';

/** How far a debug pod is. */
export type PodState =
  /** `text` says what it waits for. */
  | { readonly kind: 'waiting'; readonly text: string }
  /** Its container runs or ran: there is a log. `ended` says how it ended, null while it runs or when it ended well. */
  | { readonly kind: 'started'; readonly ended: string | null }
  /** It will never start. `image`: because of its image. `text` says why, with the kubelet's own message. */
  | { readonly kind: 'failed'; readonly because: 'image' | 'container' | 'node' | 'deleted'; readonly text: string };

const imageReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

const containerReasons = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreStartHookError',
  'StartError',
  'ContainerCannotRun',
]);

const join = (...parts: readonly string[]): string => parts.filter((p) => p !== '').join(': ');

const terminated = (state: unknown): PodState => {
  const reason = textAt(state, 'reason');
  const message = textAt(state, 'message').trim();
  if (containerReasons.has(reason)) return { kind: 'failed', because: 'container', text: join(reason, message) };
  const exit = numberAt(state, 'exitCode');
  return { kind: 'started', ended: exit === 0 ? null : join(reason || 'ended', `exit ${exit ?? '?'}`, message) };
};

/** Reads the state off a Pod object; pure and total. */
export const podState = (pod: unknown): PodState => {
  const status = at(pod, 'status');
  const phase = textAt(status, 'phase');
  const container = at(status, 'containerStatuses', 0, 'state');
  const overall = join(textAt(status, 'reason'), textAt(status, 'message'));
  const dead = at(container, 'terminated');
  if (dead) {
    const state = terminated(dead);
    return state.kind === 'started' && overall !== '' ? { kind: 'started', ended: overall } : state;
  }
  if (phase === 'Failed') return { kind: 'failed', because: 'node', text: overall || 'the pod failed' };
  if (textAt(pod, 'metadata', 'deletionTimestamp') !== '') {
    return { kind: 'failed', because: 'deleted', text: 'somebody or something deleted the pod' };
  }
  if (at(container, 'running')) return { kind: 'started', ended: null };
  const waiting = at(container, 'waiting');
  const reason = textAt(waiting, 'reason');
  const text = join(reason, textAt(waiting, 'message'));
  if (imageReasons.has(reason)) return { kind: 'failed', because: 'image', text };
  if (containerReasons.has(reason)) return { kind: 'failed', because: 'container', text };
  const conditions = listAt(status, 'conditions')
    .filter((c) => textAt(c, 'status') === 'False' && textAt(c, 'message') !== '')
    .map((c) => `${textAt(c, 'type')}=False: ${textAt(c, 'message')}`);
  return { kind: 'waiting', text: join(phase || 'no phase', text, conditions[0] ?? '') };
};
