import { ip } from './ip.ts';

/** A network in CIDR notation, its address in canonical text; a bare address gets its full length. Null if it is neither. */
export const cidr = (text: string): string | null => {
  const [address = '', length, more] = text.split('/');
  const canonical = ip(address);
  if (canonical === null || more !== undefined) return null;
  const most = canonical.includes(':') ? 128 : 32;
  if (length === undefined) return `${canonical}/${most}`;
  return /^\d{1,3}$/.test(length) && Number(length) <= most ? `${canonical}/${Number(length)}` : null;
};
