import type { Problem } from '../../core/check.ts';
import type { ProxySync } from '../../facts/kube-proxy/sync.ts';
import type { SyncState } from './sync-state.ts';

/** A kube-proxy that is stopped (SIGSTOP, a debugger, a frozen cgroup) or answers nobody. */
export const hungProblem = ({ pid, state }: Extract<SyncState, { kind: 'hung' }>, sync: ProxySync): Problem => {
  const stopped = /^[Tt]$/.test(state);
  const what = stopped
    ? `is stopped (state ${state})`
    : `does not answer: neither its metrics at ${sync.metricsAddress} nor its /livez came in time`;
  return {
    id: 'hung',
    severity: 'error',
    message: `kube-proxy, pid ${pid}, ${what}. The rules that are there stay; changes of Services and their pods do not reach this node.`,
    data: { pid, state },
    evidence: [
      { source: `/proc/${pid}/status`, text: `State: ${state}` },
      ...(stopped ? [] : [{ source: `http://${sync.metricsAddress}/metrics`, text: 'timed out' }]),
    ],
    fix: stopped
      ? {
          say: 'Let it go on, and find out who stopped it (a debugger, a frozen cgroup, somebody by hand).',
          now: [`kill -CONT ${pid}`],
          risk: 'none',
        }
      : {
          say: 'Have a new one: what runs it (kubelet, systemd) starts it again when it is killed. The rules that are there stay meanwhile.',
          now: [`kill -9 ${pid}`],
          risk: 'disruptive',
          covers: 'What made it hang: little CPU or memory, a kernel call that does not come back.',
        },
  };
};
