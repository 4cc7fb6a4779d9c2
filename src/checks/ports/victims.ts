import type { IpvsConnection, LocalTuple, Suspects } from '../../facts/ipvs/suspects.ts';

/** A connection of this node whose reply IPVS took, and the row that shows it. */
export interface Victim {
  readonly tuple: LocalTuple;
  readonly mirror: IpvsConnection;
}

/**
 * A victim is a tuple S:P → D:d from a local address, with a virtual server on S:P, whose mirror D:d → S:P stands in ip_vs_conn. An
 * ordinary client of a NodePort has no such mirror (facts, last section).
 */
export const victimsOf = (s: Suspects): Victim[] =>
  s.tuples.flatMap((tuple) => {
    const served = s.servers.some(
      (v) => v.protocol === tuple.protocol && v.end.ip === tuple.source.ip && v.end.port === tuple.source.port,
    );
    const mirror = s.connections.find(
      (c) =>
        c.protocol === tuple.protocol &&
        c.virtual.ip === tuple.source.ip &&
        c.virtual.port === tuple.source.port &&
        c.client.ip === tuple.destination.ip &&
        c.client.port === tuple.destination.port,
    );
    return served && mirror ? [{ tuple, mirror }] : [];
  });
