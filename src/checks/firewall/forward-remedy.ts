import type { Remedy } from '../../core/check.ts';
import type { ForwardChain } from '../../facts/firewall/forward-chains.ts';
import { shellWord } from '../../lib/shell-word.ts';

/** Accept what comes from and goes to the node's pods; behind the rules that are there, so that NetworkPolicies go on to count, unless one of them drops all. */
export const forwardRemedy = (chain: ForwardChain, networks: readonly string[] | null, stops: boolean): Remedy => {
  const mine = (networks ?? []).filter((n) => chain.family === 'inet' || n.includes(':') === (chain.family === 'ip6'));
  const place = [chain.family, chain.table, chain.chain].map(shellWord).join(' ');
  const rules = mine.flatMap((n) =>
    chain.backend === 'nft'
      ? ['saddr', 'daddr'].map(
          (end) => `nft ${stops ? 'insert' : 'add'} rule ${place} ${n.includes(':') ? 'ip6' : 'ip'} ${end} ${n} accept`,
        )
      : ['-s', '-d'].map(
          (end) => `${chain.tool} ${stops ? '-I' : '-A'} ${shellWord(chain.chain)} ${end} ${n} -j ACCEPT`,
        ),
  );
  const open =
    chain.backend === 'nft'
      ? `nft chain ${place} '{ policy accept ; }'`
      : `${chain.tool} -P ${shellWord(chain.chain)} ACCEPT`;
  return {
    say: "Let the packets of this node's pods through. Then find out why the CNI's own rules are missing: restart its agent, which writes them.",
    ...(rules.length > 0 ? { now: rules } : stops ? {} : { now: [open] }),
    risk: stops ? 'disruptive' : 'none',
    covers: `It does not last: a reboot, and whoever loads rules anew, takes it away. Docker sets the policy each time it starts (from 28 on "ip-forward-no-drop": true in daemon.json keeps it from that); ufw has DEFAULT_FORWARD_POLICY in /etc/default/ufw.${stops ? ' The rules come first, so NetworkPolicies behind them do not count for pods.' : ''}`,
  };
};
