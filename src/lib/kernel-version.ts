/** A kernel's version by its release. */
export interface KernelVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Something stands behind the numbers: a distribution's or a cloud's kernel, which may hold fixes of later ones. */
  readonly vendor: boolean;
  /** As it was said: "4.18.0-193.el8.x86_64". */
  readonly text: string;
}

/** Understands what uname -r prints; null for what is none. */
export const kernelVersionOf = (text: string): KernelVersion | null => {
  const [all, major, minor, patch] = /^(\d{1,3})\.(\d{1,4})(?:\.(\d{1,5}))?/.exec(text) ?? [];
  if (all === undefined) return null;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch ?? '0'),
    vendor: all.length < text.length,
    text,
  };
};
