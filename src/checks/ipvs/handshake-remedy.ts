import type { Remedy } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import type { Agent } from '../../facts/node/agents.ts';
import type { HandshakeGroup } from './handshake-groups.ts';

/** What to do about it. */
export const handshakeRemedy = (g: HandshakeGroup, running: Reading<readonly Agent[]>): Remedy => {
  const { backend } = g.first;
  const proxy = running.ok ? running.value.find((a) => a.name === 'kube-proxy') : undefined;
  if (g.masqueraded === false)
    return {
      say: `Let kube-proxy write its rules anew: a new start does that${proxy ? ' (what started it starts it again)' : ''}. If they do not stay, read its log: it cannot write them, or another program flushes them.`,
      ...(proxy ? { now: [`kill ${proxy.pid}`] } : {}),
      risk: 'disruptive',
      covers: 'Connections begun before it: their entries stay until their time is over (about two minutes).',
    };
  return {
    say: `Connect to ${backend.ip}:${backend.port} from this node without the Service. If that answers, the rules of kube-proxy are at fault; if not, the backend, a firewall or the network between.`,
    risk: 'none',
  };
};
