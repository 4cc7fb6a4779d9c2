/** Where to connect to. */
export interface Endpoint {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

const ports: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'socks5:': 1080, 'socks5h:': 1080 };

/** Host and port of a URL, with the port of its scheme where it names none. */
export const endpointOf = (url: URL): Endpoint => ({
  host: url.hostname.replace(/^\[|\]$/g, ''),
  port: Number(url.port) || (ports[url.protocol] ?? 80),
});

/** As it stands in a request: `host:port`, `[address]:port`. */
export const authority = ({ host, port }: Endpoint): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
