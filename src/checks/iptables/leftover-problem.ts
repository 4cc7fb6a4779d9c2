import type { Evidence, Problem } from '../../core/check.ts';
import { backendName } from './backend-name.ts';
import { rulesIn } from './rules-in.ts';
import type { Side } from './sides.ts';

/** kube-proxy's chains; kubelet before 1.28 has KUBE-MARK-MASQ and KUBE-POSTROUTING too. */
const proxyChains = (side: Side): string => {
  const own =
    'SERVICES|EXTERNAL-SERVICES|NODEPORTS|NODE-PORT|SVC-|SVL-|SEP-|EXT-|XLB-|FW-|FORWARD|PROXY-|IPVS-|LOAD-BALANCER|SOURCE-RANGES-FIREWALL';
  return `KUBE-(${own}${side.kubelet ? '' : '|POSTROUTING|MARK-'})`;
};

/** Rules of kube-proxy in a backend in which it does not write now. `live` says in words where it does. */
export const leftoverProblem = (side: Side, live: string): Problem => {
  const filled = side.sets.filter((s) => rulesIn(s, /^KUBE-(SERVICES|SVC-\*)$/, 'nat') > 0);
  const evidence = filled.map(
    (s): Evidence => ({
      source: s.tool,
      text: s.chains
        .filter((c) => c.table === 'nat' && /^KUBE-(SERVICES|SVC-\*|SEP-\*)$/.test(c.name))
        .map(
          (c) =>
            `nat ${c.name}: ${c.chains} ${c.chains === 1 ? 'chain' : 'chains'}, ${c.rules} ${c.rules === 1 ? 'rule' : 'rules'}`,
        )
        .join('; '),
    }),
  );
  const [first = { source: backendName(side.backend), text: `${side.services} rules` }, ...rest] = evidence;
  return {
    id: 'leftovers',
    severity: side.endpoints > 0 ? 'error' : 'warning',
    message: `Leftovers: ${backendName(side.backend)} holds ${side.endpoints} rules that send Service traffic to endpoints, and nobody keeps them up to date: ${live}. The kernel still obeys both; where an old rule is first, a Service's connections go to pods that are gone.`,
    data: { backend: side.backend, serviceRules: side.services, endpointRules: side.endpoints },
    evidence: [first, ...rest],
    fix: {
      say: `Take kube-proxy's old chains out of ${backendName(side.backend)}; all other rules stay.`,
      now: filled.map((s) => {
        const tool = s.tool.replace(/-save$/, '');
        return `${tool}-save | grep -vE '${proxyChains(side)}' | ${tool}-restore`;
      }),
      risk: 'disruptive',
      covers:
        'What others write into the same tables in that moment is lost; rebooting the node clears the old rules as well.',
    },
  };
};
