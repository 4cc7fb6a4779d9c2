import { fact } from '../../core/fact.ts';

/** Where tracefs is mounted in the namespace of PID 1, in order; none where it is not. systemd mounts it at /sys/kernel/tracing. */
export const tracefs = fact<readonly string[]>(
  'kernel/tracefs',
  'node',
  "where the kernel's tracing can be reached: mounts of tracefs",
);
