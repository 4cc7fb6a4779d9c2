import ipaddr from 'ipaddr.js';

/** Canonical text of an address (RFC 5952; IPv4-mapped IPv6 becomes IPv4); null if it is none. */
export const ip = (text: string): string | null => {
  // No leading zeros in dotted decimals: some read them as octal, and nothing that we read prints them.
  const dotted = text.slice(text.lastIndexOf(':') + 1);
  if (
    !ipaddr.isValid(text) ||
    ((dotted.includes('.') || dotted === text) && !ipaddr.IPv4.isValidFourPartDecimal(dotted))
  )
    return null;
  const a = ipaddr.process(text);
  return a.kind() === 'ipv6' ? (a as ipaddr.IPv6).toRFC5952String() : a.toString();
};

/** The same from its bytes, 4 or 16 of them, in network order; null if there are not. */
export const ipFromBytes = (bytes: readonly number[]): string | null => {
  if ((bytes.length !== 4 && bytes.length !== 16) || bytes.some((b) => !(b >= 0 && b <= 255))) return null;
  return ip(ipaddr.fromByteArray([...bytes]).toString());
};
