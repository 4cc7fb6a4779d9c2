import type { Backend } from '../../facts/iptables/rules.ts';

/** "iptables-nft", as people call it. */
export const backendName = (backend: Backend): string => `iptables-${backend}`;
