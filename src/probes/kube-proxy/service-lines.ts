import { missing, type Reading } from '../../core/gap.ts';
import type { Raw } from '../../core/read.ts';
import { ip } from '../../parsers/ip.ts';

/** A table of the script, and the addresses in it. */
export interface ServiceLines {
  readonly head: readonly string[];
  readonly ips: readonly string[];
}

/** The tables that the script told of; a gap where it has no end, or one of them is more than it takes. */
export const serviceLines = (raw: Raw): Reading<readonly ServiceLines[]> => {
  if (!raw.ok) return raw;
  const lines = raw.outputs[0].stdout.split('\n');
  if (!lines.includes('end')) return missing('unparsable', "the list of kube-proxy's tables has no end");
  if (lines.includes('cut')) return missing('truncated', 'there are more than 20000 Service addresses');
  const found: { head: readonly string[]; ips: string[] }[] = [];
  for (const line of lines) {
    const [tag, ...rest] = line.split('\t');
    if (tag === 'in') found.at(-1)?.ips.push(...(rest[0] ?? '').split(' ').flatMap((a) => ip(a) ?? []));
    else if (tag === 'ipset' || tag === 'ipsets' || tag === 'nft') found.push({ head: [tag, ...rest], ips: [] });
  }
  return { ok: true, value: found };
};
