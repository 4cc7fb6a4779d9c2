import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy on loopback that notes what it is asked for. */
export interface RecordingProxy {
  readonly port: number;
  readonly close: () => void;
}

interface Options {
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly note: (line: string) => void;
  /** What CONNECT is answered instead of 200. */
  readonly refuse?: number;
}

const credentials = (header: string | undefined): string =>
  header === undefined ? '' : ` as ${Buffer.from(header.replace('Basic ', ''), 'base64').toString()}`;

const join = (one: Duplex, other: Duplex): void => {
  one.on('error', () => other.destroy());
  other.on('error', () => one.destroy());
  one.pipe(other).pipe(one);
};

const listen = async (server: net.Server, sockets: Set<Duplex>): Promise<RecordingProxy> => {
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};

/** An http or https proxy that leads every name to 127.0.0.1. */
export const recordingProxy = (o: Options): Promise<RecordingProxy> => {
  const sockets = new Set<Duplex>();
  const forward: http.RequestListener = (request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    o.note(`GET ${url.host}${credentials(request.headers['proxy-authorization'])}`);
    if (o.refuse !== undefined) {
      response.writeHead(o.refuse).end();
      return;
    }
    const onward = http.request(
      { agent: false, host: '127.0.0.1', port: url.port, path: url.pathname, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    onward.end();
  };
  const server = o.tls ? https.createServer(o.tls, forward) : http.createServer(forward);
  server.on('connect', (request, socket: Duplex, head) => {
    socket.on('error', () => undefined);
    o.note(`CONNECT ${request.url}${credentials(request.headers['proxy-authorization'])}`);
    if (o.refuse !== undefined) {
      socket.end(`HTTP/1.1 ${o.refuse} ${http.STATUS_CODES[o.refuse]}\r\n\r\n`);
      return;
    }
    const onward = net.connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      join(socket, onward);
    });
    onward.on('error', () => socket.destroy());
    sockets.add(onward);
  });
  return listen(server, sockets);
};

const addressIn = (request: Buffer): { readonly host: string; readonly port: number } => {
  const kind = request[3];
  const length = kind === 1 ? 4 : kind === 4 ? 16 : (request[4] ?? 0);
  const start = kind === 3 ? 5 : 4;
  const bytes = request.subarray(start, start + length);
  const host = kind === 1 ? bytes.join('.') : kind === 3 ? bytes.toString() : bytes.toString('hex');
  return { host, port: request.readUInt16BE(start + length) };
};

const message = (socket: net.Socket): Promise<Buffer> => new Promise((done) => socket.once('data', done));

/** A SOCKS 5 proxy that leads every name to 127.0.0.1; asks for user and password where the client has them. */
export const recordingSocks = (o: Options): Promise<RecordingProxy> => {
  const sockets = new Set<Duplex>();
  const serve = async (socket: net.Socket): Promise<void> => {
    const methods = (await message(socket)).subarray(2);
    let who = '';
    if (methods.includes(2)) {
      socket.write(Buffer.from([5, 2]));
      const login = await message(socket);
      const user = login[1] ?? 0;
      who = ` as ${login.subarray(2, 2 + user)}:${login.subarray(3 + user)}`;
      socket.write(Buffer.from([1, 0]));
    } else socket.write(Buffer.from([5, 0]));
    const target = addressIn(await message(socket));
    o.note(`SOCKS ${target.host}:${target.port}${who}`);
    const reply = (code: number) => socket.write(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
    if (o.refuse !== undefined) {
      reply(o.refuse);
      return;
    }
    const onward = net.connect(target.port, '127.0.0.1', () => {
      reply(0);
      join(socket, onward);
    });
    onward.on('error', () => socket.destroy());
    sockets.add(onward);
  };
  return listen(
    net.createServer((socket) => {
      socket.on('error', () => undefined);
      serve(socket).catch(() => socket.destroy());
    }),
    sockets,
  );
};
