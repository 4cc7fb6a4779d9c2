/**
 * The kubeconfig or the flags cannot be used. The message is kubectl's where kubectl has one, without its `error: ` in front,
 * and says what to do where kubectl does not.
 */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';
}
