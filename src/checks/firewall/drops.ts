import { cannotTell, check, fail, notApplicable, type Problem, pass } from '../../core/check.ts';
import { dropRules } from '../../facts/firewall/drop-rules.ts';
import { spaces } from '../../facts/network/spaces.ts';
import { unanswered } from '../../facts/sockets/unanswered.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { spaceText } from '../space-text.ts';
import { deleteRule } from './delete-rule.ts';
import { dropsFlow } from './drops-flow.ts';
import { hiddenRules } from './hidden-rules.ts';
import { type RisenRule, risenRules } from './risen-rules.ts';

const evidence = (r: RisenRule) => ({ source: r.source, text: `${r.rule.text}  (+${r.packets} packets)` });

/** Incident I3.1: a rule of the firewall drops packets, and nobody knows of it. */
export const drops = check({
  id: 'firewall/drops',
  title: 'No firewall rule drops packets',
  severity: 'error',
  per: 'node',
  docs: {
    why:
      'A rule that drops says nothing to either end: connections hang until they time out. Rules come from kube-proxy, NetworkPolicies, the CNI, ufw, firewalld, ' +
      'hardening scripts and people. Told are those whose counters rose while netdoctor looked; an error is one that matches a connection which waits for its ' +
      "answer at that time. Rules in pods' own network namespaces are not looked at, nor are verdicts within sets and maps of nftables.",
    links: ['https://kubernetes.io/docs/reference/networking/virtual-ips/', 'https://wiki.nftables.org/'],
  },
  needs: { dropRules },
  wants: { unanswered, spaces, pods },
  judge: (facts, maybe) => {
    const { rules, seconds, seen, blind, cut, hints } = facts.dropRules;
    if (seen.length === 0 && blind.length === 0)
      return notApplicable('this node has no tables of iptables or nftables');
    const within = `within ${spanText(seconds)}`;
    const node = maybe.spaces.ok ? maybe.spaces.value.find((s) => s.host) : undefined;
    const waiting = (r: RisenRule) =>
      node && maybe.unanswered.ok
        ? maybe.unanswered.value.flows.filter((flow) => dropsFlow(r.rule, flow, node.id))
        : [];
    const unseen = maybe.unanswered.ok ? maybe.unanswered.value.unseenSpaces : 0;
    const noFlow =
      node && maybe.unanswered.ok
        ? `no connection that waits for its answer here is certainly of them${unseen > 0 ? ` (in ${unseen} network namespaces there was no time to look)` : ''}`
        : 'which connections wait for an answer is not known';
    const risen = risenRules(rules, hints).map((r) => ({ ...r, flows: waiting(r) }));
    const tied = risen.flatMap((r): Problem[] => {
      const [flow] = r.flows;
      if (!flow) return [];
      const who = spaceText(
        maybe.spaces.ok ? maybe.spaces.value.find((s) => s.id === flow.space) : undefined,
        maybe.pods,
      );
      const gone = r.owner.name === null ? deleteRule(r.rule) : null;
      return [
        {
          id: 'drops-flow',
          severity: 'error',
          message: `A firewall rule ${r.whose} dropped ${r.packets} packets ${within}, and ${who} waits for an answer from ${flow.destination.ip} port ${flow.destination.port}, which it matches: ${r.typed}`,
          data: { rule: r.typed, owner: r.owner.name, packets: r.packets, seconds, who, flows: r.flows.slice(0, 10) },
          evidence: [
            evidence(r),
            {
              source: 'ss -Htn state syn-sent',
              text: `${flow.source.ip}:${flow.source.port} ${flow.destination.ip}:${flow.destination.port}`,
            },
          ],
          fix: {
            say: r.owner.policy
              ? `Allow this connection in a NetworkPolicy (${r.owner.name} makes the rule from them).`
              : `If this connection should be, take the rule away${gone ? '' : ` where it comes from (${r.owner.name ?? 'nothing tells'})`}.`,
            ...(gone ? { now: [gone] } : {}),
            risk: 'disruptive',
            covers:
              'Whoever wrote the rule may write it again, at the next boot at the latest: look in /etc/iptables, /etc/sysconfig/iptables, /etc/nftables.conf and in DaemonSets. It may protect something.',
          },
        },
      ];
    });
    const loose = risen.filter((r) => r.flows.length === 0);
    const [first] = loose;
    const notSeen = [...blind, ...(cut ? ['there are more than 500 rules that drop'] : [])];
    const others = first
      ? [
          {
            id: 'dropped',
            severity: 'info' as const,
            message: `${loose.length === 1 ? 'A firewall rule' : `${loose.length} firewall rules`} dropped packets ${within}: ${loose
              .slice(0, 3)
              .map((r) => `${r.packets} by ${r.typed} (${r.whose})`)
              .join(
                '; ',
              )}${loose.length > 3 ? '; …' : ''}. That may be as it should be: ${noFlow}.${notSeen.length > 0 ? ` Not seen: ${notSeen.join('; ')}.` : ''}`,
            data: { seconds, rules: loose.map((r) => ({ rule: r.typed, owner: r.owner.name, packets: r.packets })) },
            evidence: [evidence(first), ...loose.slice(1, 10).map(evidence)] as const,
          },
        ]
      : [];
    const [worst, ...more] = [...tied, ...others];
    if (worst) return fail(worst, ...more);
    if (notSeen.length > 0) return cannotTell(dropRules, notSeen.join('; '));
    const hidden = hiddenRules(rules, hints);
    if (hidden) return cannotTell(dropRules, hidden);
    const counted = rules.filter((r) => r.packets !== null).length;
    return pass(
      `${counted} rules that drop counted nothing ${within}${counted < rules.length ? `; ${rules.length - counted} of known programs have no counters` : ''}`,
    );
  },
});
