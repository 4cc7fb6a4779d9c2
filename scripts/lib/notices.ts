import type { BundledPackage } from './bundled-packages.ts';

const rule = `\n\n${'='.repeat(80)}\n\n`;

/** The text that goes with every copy: whose code is in it, and under what licence. `node`: Node's own LICENSE, where Node is in it. */
export const notices = (
  packages: readonly BundledPackage[],
  node: { readonly version: string; readonly license: string } | null,
): string => {
  const about = `kubectl-netdoctor is under the Apache License 2.0 (see LICENSE). In it is code of others, under their own licences:

${packages.map((p) => `  ${p.name} ${p.version} (${p.license})`).join('\n')}
${node ? `  Node.js ${node.version} (its licence, and those of what is in it, come last)\n` : ''}`;
  const texts = packages.map((p) => `${p.name} ${p.version}\n\n${p.texts.join('\n\n')}`);
  return `${[about.trimEnd(), ...texts, ...(node ? [`Node.js ${node.version}\n\n${node.license.trim()}`] : [])].join(rule)}\n`;
};
