import type { Reading } from '../../core/gap.ts';
import type { Space } from '../../facts/network/spaces.ts';
import type { Owner } from '../../facts/sockets/owner.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { podOf } from '../pod-of.ts';
import { podOfSpace } from '../pod-of-space.ts';
import { spaceText } from '../space-text.ts';

/** A socket of some namespace. */
interface Socket {
  readonly ip: string;
  readonly port: number;
  readonly owner: Owner | null;
}

/** Who holds a socket, for machines and for people. */
export interface Holder {
  readonly ip: string;
  readonly port: number;
  readonly process: string | null;
  readonly pid: number | null;
  readonly pod: string | null;
  readonly unit: string | null;
  /** "0.0.0.0:8080 of httpd (pod shop/web-0, pid 812)". */
  readonly text: string;
}

/** The process by the socket's inode, the pod by that process or by the network namespace. */
export const holderOf = (socket: Socket, space: Space | undefined, pods: Reading<readonly Pod[]>): Holder => {
  const { ip, port, owner } = socket;
  const pod = podOf(owner, pods) ?? (space ? podOfSpace(space, pods) : null);
  const of = owner ? owner.process : 'a process that could not be seen';
  const place = pod ? `pod ${pod}` : (owner?.unit ?? spaceText(space, pods));
  return {
    ip,
    port,
    process: owner?.process ?? null,
    pid: owner?.pid ?? null,
    pod,
    unit: owner?.unit ?? null,
    text: `${ip.includes(':') ? `[${ip}]` : ip}:${port} of ${of} (${place}${owner ? `, pid ${owner.pid}` : ''})`,
  };
};
