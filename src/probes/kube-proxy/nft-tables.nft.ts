import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type NftTable, nftTables } from '../../facts/kube-proxy/nft-tables.ts';
import { serviceLines } from './service-lines.ts';
import { serviceTablesRead } from './service-tables.ts';

/** A kernel without nf_tables has no tables, and that is known. */
export const nftTablesNft = probe({
  yields: nftTables,
  via: 'nft',
  reads: { tables: serviceTablesRead },
  parse: ({ tables }) => {
    const lines = serviceLines(tables);
    if (!lines.ok) return lines;
    const found: NftTable[] = [];
    for (const { head, ips } of lines.value) {
      const [tag, family, services = '', masquerades, hooked] = head;
      if (tag !== 'nft') continue;
      if (family === 'failed') {
        if (/not found|No such file|can't execute/.test(services))
          return missing('tool-missing', `no nft on the node: ${services}`);
        return missing(/permi/i.test(services) ? 'forbidden' : 'failed', `nft list: ${services || 'no answer'}`);
      }
      if (!/^\d+$/.test(services))
        return missing('unparsable', 'the list of the nftables table is not as it should be');
      found.push({
        family: family === 'ip6' ? 'ipv6' : 'ipv4',
        services: Number(services),
        ips,
        masquerades: masquerades === '1',
        hooked: hooked === '1',
      });
    }
    return known(found);
  },
});
