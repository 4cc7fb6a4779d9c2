import type http from 'node:http';
import { arch, platform } from 'node:process';
import { createGunzip } from 'node:zlib';
import { ApiError } from './api-error.ts';
import type { Connection } from './connection.ts';
import { createCredentials } from './credentials.ts';
import type { ExecSurroundings } from './exec-plugin.ts';
import { impersonationHeaders } from './impersonation-headers.ts';
import { networkError } from './network-error.ts';
import { ProxyError } from './proxy/error.ts';
import { type Route, routeTo } from './route.ts';
import { statusError } from './status-error.ts';

/** A JSON answer of the API server. */
export interface Answer {
  readonly body: unknown;
  /** The server's Date header in milliseconds since 1970 (whole seconds); our own clock where it sends none. */
  readonly dateMs: number;
}

/** What bounds one request. */
interface RequestOptions {
  readonly signal?: AbortSignal;
  /** For the whole answer; for streams up to its beginning. */
  readonly timeoutMs?: number;
  /** Of a list only the metadata of its objects, a tenth of the size (kubernetes.io, "Metadata-only fetches"). */
  readonly metadataOnly?: boolean;
}

const metadataList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

/**
 * The Kubernetes API, by paths (`/api/v1/pods?watch=true`). All methods throw {@link ApiError}, or the signal's own reason once it
 * is aborted.
 */
export interface KubeApi {
  /** The URL of the server. */
  readonly server: string;
  get(path: string, options?: RequestOptions): Promise<Answer>;
  post(path: string, body: object, options?: RequestOptions): Promise<Answer>;
  delete(path: string, body?: object, options?: RequestOptions): Promise<Answer>;
  /** Resolves when the server has begun to answer; then text as it comes (a followed log, the lines of a watch). Leaving the loop ends it. */
  stream(path: string, options?: RequestOptions): Promise<AsyncIterable<string>>;
  /** Closes the connections that are kept for further requests. */
  close(): void;
}

/** What createKubeApi can be told. */
export interface KubeApiOptions {
  /** netdoctor's version, for the User-Agent. */
  readonly version: string;
  /** Bound of a request that has none of its own, in milliseconds, 0 for none; kubectl's --request-timeout. 30 s unless told otherwise. */
  readonly timeoutMs?: number;
  /** For exec plugins; this process's environment and terminal unless told otherwise. */
  readonly surroundings?: ExecSurroundings;
}

/**
 * The longest JSON answer that is taken, in bytes. Its bytes, its text and its values are held at once for a moment, and all of netdoctor
 * is to stay below 256 MiB. Long lists are read in pages; one node's 500 pods are some 5 MB.
 */
const bodyLimitBytes = 8 * 1024 * 1024;

/** How long a request may take unless told otherwise, in milliseconds. */
const defaultTimeoutMs = 30_000;

type Headers = Readonly<Record<string, string>>;

interface Channel {
  readonly route: Route;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** The time of one request: it runs anew once the credential is there, since people log in meanwhile. */
interface Clock {
  readonly user: AbortSignal;
  /** The user's abort or the time-out. */
  readonly signal: AbortSignal;
  restart(): void;
}

const staleConnection = new Error('the server closed the connection');
const neverAborted = new AbortController().signal;

const readText = async (response: http.IncomingMessage): Promise<string> => {
  const plain = response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response;
  response.once('error', (error) => plain.destroy(error));
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of plain as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > bodyLimitBytes) {
      response.destroy();
      throw new ApiError('too-large', `the server's answer is longer than ${bodyLimitBytes} bytes`, {
        status: response.statusCode ?? 0,
      });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
};

const parseJson = (text: string, path: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ApiError('unreadable', `Server returned an unexpected response: ${path} is no JSON`, { cause });
  }
};

const dateOf = (response: http.IncomingMessage): number => {
  const date = Date.parse(response.headers.date ?? '');
  return Number.isNaN(date) ? Date.now() : date;
};

/** Text of a response as it comes. A character cut at a broken end is left out, so that what came is a prefix of the whole. */
async function* texts(response: http.IncomingMessage, signal: AbortSignal, toError: (e: unknown) => unknown) {
  const decoder = new TextDecoder();
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      const text = decoder.decode(piece, { stream: true });
      if (text !== '') yield text;
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : toError(error);
  } finally {
    response.destroy();
  }
}

/** The value, or the signal's reason as soon as it is aborted. */
const unlessAborted = async <T>(value: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

/**
 * A thin client of the Kubernetes API on node:https with one pool of kept connections. Authenticates as the connection says; when
 * the server answers 401, gets a new credential once where there can be one, and asks again. Opens nothing before the first request.
 */
export const createKubeApi = (connection: Connection, options: KubeApiOptions): KubeApi => {
  const around = options.surroundings ?? { env: process.env, interactive: process.stdin.isTTY === true };
  const credentials = createCredentials(connection, around);
  const base = new URL(connection.server);
  const prefix = base.pathname.replace(/\/+$/, '');
  const agents = new Set<http.Agent>();
  const closing = new AbortController();
  let channel: Promise<Channel> | null = null;

  const open = async (signal: AbortSignal): Promise<Channel> => {
    const credential = await credentials.current(signal);
    const route = routeTo(connection, credential, closing.signal);
    agents.add(route.agent);
    return {
      route,
      headers: {
        ...route.headers,
        Accept: 'application/json',
        'User-Agent': `kubectl-netdoctor/${options.version} (${platform}/${arch})`,
        ...impersonationHeaders(connection.impersonate),
        ...(credential.authorization === null ? {} : { Authorization: credential.authorization }),
      },
    };
  };

  const forget = (used: Promise<Channel>): boolean => {
    if (channel !== used) return true;
    channel = null;
    return credentials.forget();
  };

  const once = async (method: string, path: string, body: string | null, clock: Clock, more: Headers) => {
    // opened for all requests: that one of them is given up must not end it for the others
    const used = channel ?? open(closing.signal);
    channel = used;
    used.catch(() => forget(used));
    const { route, headers } = await unlessAborted(used, clock.user);
    clock.restart();
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    const { request, agent, host, port, before, blame } = route;
    const req = request({
      method,
      host,
      port,
      path: before + prefix + path,
      agent,
      signal: clock.signal,
      headers: {
        ...headers,
        ...more,
        ...(body === null ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
      },
    });
    // a request without a socket does not end by itself: a tunnel may still be in the making
    clock.signal.addEventListener('abort', () => reject(clock.signal.reason), { once: true });
    req.once('response', resolve);
    req.once('error', (error) => {
      const stale = req.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
      reject(stale && method === 'GET' ? staleConnection : blame(error, clock.signal));
    });
    req.end(body ?? undefined);
    return { response: await promise, used, route };
  };

  const send = async (method: string, path: string, body: string | null, clock: Clock, more: Headers) => {
    for (let attempt = 0; ; attempt++) {
      try {
        const { response, used, route } = await once(method, path, body, clock, more);
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) return response;
        const failure = statusError(status, response.statusMessage ?? '', await readText(response));
        if (status === 407 && route.before !== '')
          throw route.blame(new ProxyError(`${response.statusMessage}: ${failure.message}`, '407'), clock.signal);
        if (status !== 401 || attempt > 0 || !forget(used)) throw failure;
      } catch (error) {
        if (error !== staleConnection || attempt > 1) throw error;
      }
    }
  };

  /** Runs with a bound on its time; tells the user's abort, the time-out and the network's errors apart. */
  const bounded = async <T>(what: string, o: RequestOptions, work: (clock: Clock) => Promise<T>): Promise<T> => {
    const user = o.signal ?? neverAborted;
    user.throwIfAborted();
    const limit = o.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs;
    const timer = new AbortController();
    let handle: NodeJS.Timeout | undefined;
    const restart = (): void => {
      clearTimeout(handle);
      if (limit > 0) handle = setTimeout(() => timer.abort(), limit);
    };
    try {
      return await work({ user, signal: AbortSignal.any([user, timer.signal]), restart });
    } catch (error) {
      if (user.aborted) throw user.reason;
      if (timer.signal.aborted) {
        const words = `Unable to connect to the server: no answer from ${base.host} within ${limit / 1000}s (${what})`;
        throw new ApiError('timeout', words, { cause: error });
      }
      throw networkError(error, connection);
    } finally {
      clearTimeout(handle);
    }
  };

  const json = (method: string, path: string, body: object | null, o: RequestOptions = {}): Promise<Answer> =>
    bounded(`${method} ${path}`, o, async (clock) => {
      const more = {
        ...(connection.compress ? { 'Accept-Encoding': 'gzip' } : {}),
        ...(o.metadataOnly ? { Accept: metadataList } : {}),
      };
      const response = await send(method, path, body && JSON.stringify(body), clock, more);
      return { body: parseJson(await readText(response), path), dateMs: dateOf(response) };
    });

  return {
    server: connection.server,
    get: (path, o) => json('GET', path, null, o),
    post: (path, body, o) => json('POST', path, body, o),
    delete: (path, body, o) => json('DELETE', path, body ?? null, o),
    stream: async (path, o = {}) => {
      const user = o.signal ?? neverAborted;
      let response: http.IncomingMessage | undefined;
      const end = (): void => {
        response?.destroy();
      };
      await bounded(`GET ${path}`, o, async (clock) => {
        response = await send('GET', path, null, clock, {});
      });
      if (!response) throw new ApiError('network', 'no response');
      user.addEventListener('abort', end, { once: true });
      const opened = response;
      return (async function* () {
        try {
          yield* texts(opened, user, (error) => networkError(error, connection));
        } finally {
          user.removeEventListener('abort', end);
        }
      })();
    },
    close: () => {
      closing.abort();
      for (const agent of agents) agent.destroy();
    },
  };
};
