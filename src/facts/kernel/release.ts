import { fact } from '../../core/fact.ts';

/** The kernel's release as uname -r prints it. */
export const kernelRelease = fact<string>('kernel/release', 'node', "the kernel's release (uname -r)");
