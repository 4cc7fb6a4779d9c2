import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Built, built } from '../support/built.ts';

const hook = `
import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(process.env.CPU_FILE, JSON.stringify(process.cpuUsage())));`;

/** About as long as people write them; every hook takes more than half of the grace. */
const manifest = (i: number): string => `# web ${i}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${i}
  namespace: shop
  labels:
    app.kubernetes.io/name: web-${i}
    app.kubernetes.io/version: 1.${i}.0
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: web-${i}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web-${i}
      annotations:
        prometheus.io/scrape: "true"
    spec:
      serviceAccountName: web
      terminationGracePeriodSeconds: 30
      containers:
        - name: web
          image: registry.example.org/shop/web:1.${i}.0
          args: ["--listen", ":8080", "--metrics", ":9090"]
          command:
            - sh
            - -c
            - |
              trap 'exit 0' TERM
              exec web
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: db
                  key: password
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits:
              memory: 256Mi
          lifecycle:
            preStop:
              exec:
                command: ["sleep", "20"]
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: 5
          volumeMounts:
            - name: config
              mountPath: /etc/web
      volumes:
        - name: config
          configMap:
            name: web-${i}
`;

let program: Built;
let dir = '';
beforeAll(async () => {
  program = await built();
  dir = mkdtempSync(join(tmpdir(), 'netdoctor-speed-'));
  writeFileSync(join(dir, 'hook.mjs'), hook);
  mkdirSync(join(dir, 'manifests'));
  for (let i = 0; i < 500; i += 1) writeFileSync(join(dir, `manifests/${i}.yaml`), manifest(i));
}, 60_000);
afterAll(() => {
  program[Symbol.dispose]();
  rmSync(dir, { recursive: true });
});

/** Milliseconds of CPU, the least of three runs: what else runs on the machine must not count. */
const cpu = async (args: readonly string[], code: number): Promise<number> => {
  const file = join(dir, 'cpu');
  const all: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    const env = { NODE_OPTIONS: `--import ${join(dir, 'hook.mjs')}`, CPU_FILE: file };
    expect(await program.run(args, env)).toMatchObject({ code });
    const { user, system } = JSON.parse(readFileSync(file, 'utf8')) as NodeJS.CpuUsage;
    all.push((user + system) / 1000);
  }
  return Math.min(...all);
};

it('500 manifests with a problem each take less than a second of CPU beyond the start', async () => {
  const start = await cpu(['--version'], 0);
  expect((await cpu(['lint', '-f', join(dir, 'manifests')], 2)) - start).toBeLessThan(1000);
}, 60_000);
