import { fact } from '../../core/fact.ts';

/** The kernel's random name of this boot (a UUID): counters of two runs are comparable within one. */
export const bootId = fact<string>('kernel/boot-id', 'node', 'the id that the kernel gave this boot');
