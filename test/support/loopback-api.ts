import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createKubeApi, type KubeApi } from '../../src/cluster/api.ts';

/** A server on the loopback that plays the API server, can go away and come back at the same port, and a client for it. */
export interface LoopbackApi extends AsyncDisposable {
  readonly api: KubeApi;
  /** Listens again. */
  readonly start: () => Promise<void>;
  /** Goes away; what is under way is cut. */
  readonly stop: () => Promise<void>;
  /** Cuts what is under way, and goes on listening. */
  readonly cut: () => void;
}

/** It is started. */
export const loopbackApi = async (listener: http.RequestListener): Promise<LoopbackApi> => {
  let port = 0;
  let server = http.createServer();
  const start = async (): Promise<void> => {
    server = http.createServer(listener);
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
  };
  await start();
  const api = createKubeApi(
    {
      ...{
        context: null,
        cluster: 'fake',
        server: `http://127.0.0.1:${port}`,
        namespace: 'default',
        impersonate: null,
      },
      ...{ compress: false, execConfig: null, proxy: null, nothingChosen: null },
      tls: { ca: null, insecure: false, serverName: null },
      auth: { certifiedKey: null, token: null, tokenFile: null, basic: null, exec: null },
    },
    { version: 'test' },
  );
  return {
    ...{ api, start, stop },
    cut: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      api.close();
      await stop();
    },
  };
};
