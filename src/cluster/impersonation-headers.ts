import type { Impersonation } from './connection.ts';

/** client-go's headerKeyEscape: whatever may not stand in a header's name is percent-encoded; the server undoes it. */
const escapeKey = (key: string): string =>
  [...Buffer.from(key, 'utf8')]
    .map((byte) => {
      const c = String.fromCharCode(byte);
      return /[A-Za-z0-9!#$&'*+.^_`|~-]/.test(c) ? c : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** The headers that ask the server to act as somebody else; a list stands for a repeated header. */
export const impersonationHeaders = (i: Impersonation | null): Readonly<Record<string, string | string[]>> => {
  if (!i) return {};
  const headers: Record<string, string | string[]> = { 'Impersonate-User': i.user };
  if (i.uid !== null) headers['Impersonate-Uid'] = i.uid;
  if (i.groups.length > 0) headers['Impersonate-Group'] = [...i.groups];
  for (const [key, values] of Object.entries(i.extra)) headers[`Impersonate-Extra-${escapeKey(key)}`] = [...values];
  return headers;
};
