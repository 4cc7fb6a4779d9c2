import ipaddr from 'ipaddr.js';

const parsed = (text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | null =>
  ipaddr.isValidCIDR(text)
    ? ipaddr.parseCIDR(text)
    : ipaddr.isValid(text)
      ? ipaddr.parseCIDR(`${text}/${text.includes(':') ? 128 : 32}`)
      : null;

/** Whether two networks (or addresses) have addresses in common; false where one of them is none. */
export const cidrsOverlap = (a: string, b: string): boolean => {
  const [x, y] = [parsed(a), parsed(b)];
  if (!x || !y || x[0].kind() !== y[0].kind()) return false;
  const length = Math.min(x[1], y[1]);
  return x[0].match(y[0] as never, length);
};
