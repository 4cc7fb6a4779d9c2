import { dirname } from 'node:path';
import type { RowPod } from './pods-of-rows.ts';

/** Where records are on a node, a file for each container or pod. */
export const recordsOnNode = '/run/netdoctor-pid1';

/** Where those of the rows' containers are. */
export const rowRecordsOnNode = '/run/netdoctor-pid1-rows';

/** Keeps a deleted pod in the API until its end was read. */
export const finalizer = 'netdoctor.test/hold';

/** The pod itself. Its images must be on the node (test/lab/images/import); Node is the one that runs the tests, which the lab's nodes see. */
export const manifest = (pod: RowPod, node: string, namespace: string, graceSeconds: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: pod.name, namespace, finalizers: [finalizer] },
  spec: {
    nodeName: node,
    // what has nothing to do with signals and takes time is left out
    hostNetwork: true,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: graceSeconds,
    ...pod.rows[0]?.spec,
    containers: pod.rows.map((row) => ({
      name: row.name,
      image: `docker.io/library/pid1:${row.image}`,
      imagePullPolicy: 'Never',
      command: row.command,
      env: [{ name: 'WITNESS_LOG', value: `/log/${row.name}` }],
      volumeMounts: [
        { name: 'log', mountPath: '/log' },
        { name: 'node', mountPath: '/node', readOnly: true },
      ],
    })),
    volumes: [
      { name: 'log', hostPath: { path: rowRecordsOnNode, type: 'DirectoryOrCreate' } },
      { name: 'node', hostPath: { path: dirname(process.execPath), type: 'Directory' } },
    ],
  },
});
