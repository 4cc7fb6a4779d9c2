import type { BundledPackage } from './bundled-packages.ts';
import type { NodePackage } from './release-platforms.ts';

/** What the list of parts is made of. */
export interface Parts {
  readonly version: string;
  readonly madeAt: Date;
  readonly packages: readonly BundledPackage[];
  /** package-lock.json's sums, by path. */
  readonly integrity: (path: string) => string | undefined;
  readonly nodes: readonly { readonly platform: string; readonly node: NodePackage }[];
}

const hashes = (integrity: string | undefined) => {
  const [, sum] = /^sha512-(.+)$/.exec(integrity ?? '') ?? [];
  if (sum === undefined) throw new Error(`no sum of SHA-512: ${integrity}`);
  return [{ alg: 'SHA-512', content: Buffer.from(sum, 'base64').toString('hex') }];
};

const npm = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** A software bill of materials (CycloneDX 1.6, JSON): what is bundled, and the Node of each archive. The same parts give the same bytes. */
export const sbom = ({ version, madeAt, packages, integrity, nodes }: Parts): string => {
  const self = npm('kubectl-netdoctor', version);
  const components = [
    ...packages.map((p) => ({
      type: 'library',
      'bom-ref': npm(p.name, p.version),
      name: p.name,
      version: p.version,
      hashes: hashes(integrity(p.path)),
      licenses: [{ expression: p.license }],
      purl: npm(p.name, p.version),
    })),
    ...nodes.map(({ platform, node }) => ({
      type: 'platform',
      'bom-ref': npm(node.name, node.version),
      name: 'Node.js',
      version: node.version,
      description: `the runtime in the archive for ${platform}`,
      hashes: hashes(node.integrity),
      licenses: [{ expression: 'MIT' }],
      cpe: `cpe:2.3:a:nodejs:node.js:${node.version}:*:*:*:*:*:*:*`,
      purl: npm(node.name, node.version),
    })),
  ];
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: madeAt.toISOString(),
      component: {
        type: 'application',
        'bom-ref': self,
        name: 'kubectl-netdoctor',
        version,
        licenses: [{ expression: 'Apache-2.0' }],
        purl: self,
      },
    },
    components,
    dependencies: [{ ref: self, dependsOn: components.map((c) => c['bom-ref']) }],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
};
