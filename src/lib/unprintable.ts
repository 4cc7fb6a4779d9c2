/**
 * Characters that must not reach a terminal as they are: controls (C0, DEL, C1, so ESC and CSI), formats (bidi marks and isolates,
 * zero-width and soft characters, tags), line and paragraph separators, lone surrogates.
 */
export const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
