import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Deployment about as long as people write them, whose hook takes more than half of its grace. */
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

/** A new folder with so many manifests, each with a problem; whoever makes it removes it. */
export const manifestFolder = (count: number): string => {
  const folder = mkdtempSync(join(tmpdir(), 'netdoctor-manifests-'));
  for (let i = 0; i < count; i += 1) writeFileSync(join(folder, `${i}.yaml`), manifest(i));
  return folder;
};
