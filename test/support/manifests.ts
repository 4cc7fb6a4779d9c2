/** Everything that the tests make lives here. */
export const namespace = 'e2e';

const meta = (name: string, labels: Record<string, string> = { app: name }) => ({ name, namespace, labels });

/** The namespace itself. */
export const namespaceObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };

/** What every container has in its environment, and no bundle may hold. */
export const secret = 's3cr3t-of-a-container';

interface ServerOptions {
  readonly node: string;
  readonly port?: number;
  readonly readinessProbe?: object;
  readonly hostNetwork?: boolean;
}

/** A pod with a small HTTP server (busybox httpd), bound to a node. */
export const server = (name: string, o: ServerOptions) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta(name, { app: name.replace(/-\d+$/, '') }),
  spec: {
    nodeName: o.node,
    terminationGracePeriodSeconds: 0,
    ...(o.hostNetwork ? { hostNetwork: true } : {}),
    containers: [
      {
        name: 'httpd',
        image: 'busybox:1.36',
        imagePullPolicy: 'IfNotPresent',
        env: [{ name: 'PASSWORD', value: secret }],
        command: ['sh', '-c', `echo ok >/tmp/index.html; exec httpd -f -p ${o.port ?? 8080} -h /tmp`],
        ...(o.readinessProbe ? { readinessProbe: o.readinessProbe } : {}),
      },
    ],
  },
});

/** kubelet's default probe: one second, one chance a second. */
export const probeOf = (port: number) => ({
  httpGet: { path: '/index.html', port },
  timeoutSeconds: 1,
  periodSeconds: 1,
  failureThreshold: 3,
});

/** A Service of type NodePort. */
export const nodePortService = (name: string, app: string, nodePort: number, targetPort = 8080) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(name),
  spec: { type: 'NodePort', selector: { app }, ports: [{ port: 80, targetPort, nodePort }] },
});
