/** A version of Kubernetes, without its vendor's suffix. */
export interface KubernetesVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** As it was said: "v1.34.4-gke.100". */
  readonly text: string;
}

/** Understands "v1.34.4", with a vendor's suffix behind it or not; null for what is no version. */
export const kubernetesVersionOf = (text: string): KubernetesVersion | null => {
  const [, major, minor, patch] = /^v?(\d{1,3})\.(\d{1,3})\.(\d{1,4})(?![\d.])/.exec(text) ?? [];
  if (major === undefined) return null;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), text };
};
