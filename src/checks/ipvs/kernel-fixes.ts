/** Whether a kernel has a fix: `unknown` for vendors' kernels, which carry patches that their release does not tell, and where it was not verified. */
export type HasFix = 'yes' | 'no' | 'unknown';

interface Backport {
  readonly series: string;
  /** From this patch level on; null where it is not known whether and from when on. */
  readonly from: number | null;
}

/** A commit and where it is. */
interface KernelFix {
  readonly mainline: readonly [major: number, minor: number];
  readonly backports: readonly Backport[];
}

/**
 * "ipvs: allow connection reuse for unconfirmed conntrack" (f0a5e4d7a594): without it the first SYN of a reused source port is dropped.
 * Facts G: 4.19.140 and 5.7.16 were seen, the others are inferred or not looked up.
 */
export const delayFix: KernelFix = {
  mainline: [5, 9],
  backports: [
    { series: '5.7', from: 16 },
    { series: '4.19', from: 140 },
    ...['4.4', '4.9', '4.14', '5.4', '5.8'].map((series) => ({ series, from: null })),
  ],
};

/**
 * "netfilter: ipvs: Fix reuse connection if RS weight is 0" (c95c07836fa4): without it expire_nodest_conn does nothing with conn_reuse_mode=0.
 * Facts G: 4.14.257 and 4.19.219 were seen, the others are inferred or not looked up.
 */
export const weightFix: KernelFix = {
  mainline: [5, 16],
  backports: [
    { series: '4.14', from: 257 },
    { series: '4.19', from: 219 },
    ...['4.4', '4.9', '5.4', '5.10', '5.15'].map((series) => ({ series, from: null })),
  ],
};

/**
 * Of releases below the mainline version only kernel.org's own, without a suffix, say what is in them: Debian's 5.10.0-28-amd64, say, is
 * 5.10.209, and Red Hat's 4.18 has hundreds of later patches.
 */
export const hasFix = (release: string, fix: KernelFix): HasFix => {
  const m = /^(\d+)\.(\d+)(?:\.(\d+))?(.*)$/.exec(release);
  if (!m) return 'unknown';
  const [major, minor, patch] = [Number(m[1]), Number(m[2]), Number(m[3] ?? 0)];
  if (major > fix.mainline[0] || (major === fix.mainline[0] && minor >= fix.mainline[1]))
    return /^-rc/.test(m[4] ?? '') ? 'unknown' : 'yes';
  if (m[4] !== '') return 'unknown';
  const backport = fix.backports.find((b) => b.series === `${major}.${minor}`);
  if (!backport) return 'no';
  if (backport.from === null) return 'unknown';
  return patch >= backport.from ? 'yes' : 'no';
};
