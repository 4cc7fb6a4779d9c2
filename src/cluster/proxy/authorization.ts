const plain = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** User and password of a proxy's URL, decoded, or null where it has none. */
export const proxyUser = (url: URL): { readonly user: string; readonly password: string } | null =>
  url.username === '' && url.password === '' ? null : { user: plain(url.username), password: plain(url.password) };

/** The Proxy-Authorization header for a proxy's URL, or none. */
export const proxyAuthorization = (url: URL): Readonly<Record<string, string>> => {
  const who = proxyUser(url);
  if (!who) return {};
  return { 'Proxy-Authorization': `Basic ${Buffer.from(`${who.user}:${who.password}`).toString('base64')}` };
};
