/** The bytes of a string of hex digits; null if it is none. */
export const hexBytes = (hex: string): number[] | null =>
  /^([0-9A-Fa-f]{2})+$/.test(hex) ? (hex.match(/../g) ?? []).map((b) => Number.parseInt(b, 16)) : null;

/** A port in four hex digits; null if it is none. */
export const hexPort = (hex: string): number | null => (/^[0-9A-Fa-f]{4}$/.test(hex) ? Number.parseInt(hex, 16) : null);
