import type { SnatGroup } from '../../facts/network/snat-use.ts';

/**
 * Ports that NAT chose and that lie densely: so they do where a rule limits it (`--to-ports`). Ports that clients chose are kept as they are, and the
 * kernel's own choice is spread over 1024-65535.
 */
export const isDense = (g: SnatGroup): boolean =>
  g.moved * 2 >= g.entries && g.highest - g.lowest < 32_768 && g.entries >= (g.highest - g.lowest + 1) * 0.9;
