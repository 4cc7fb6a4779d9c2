import { fact } from '../../core/fact.ts';

/** "TCP 127.0.0.1 34567": listening sockets whose port the kernel chose (bind to port 0), by the kernel's own word. */
export const autobound = fact<ReadonlySet<string>>(
  'sockets/autobound',
  'node',
  'listening sockets that took an ephemeral port themselves (ss -m autobound)',
);
