import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reserveRemedy } from '../../../src/checks/ports/reserve-remedy.ts';
import { countPorts, formatRanges, inRanges, mergeRanges, subtractRanges } from '../../../src/lib/port-ranges.ts';

const range = fc
  .tuple(fc.integer({ min: 1024, max: 65535 }), fc.integer({ min: 1024, max: 65535 }))
  .map(([a, b]): readonly [number, number] => (a < b ? [a, b] : [b, a]));

it('whatever the node has: the ports are reserved afterwards, what was reserved stays, and ports remain', () => {
  fc.assert(
    fc.property(
      range,
      fc.array(range, { maxLength: 4 }),
      fc.array(range, { minLength: 1, maxLength: 2 }),
      (ephemeral, reserved, ports) => {
        const list = mergeRanges([...reserved, ...ports]);
        fc.pre(countPorts(subtractRanges([[10240, 65535]], list)) > 35000);
        const { now, persist } = reserveRemedy(ephemeral, reserved, ports);
        const m =
          /^sysctl -w (?:net\.ipv4\.ip_local_port_range="(\d+) (\d+)" )?net\.ipv4\.ip_local_reserved_ports=([0-9,-]+)$/.exec(
            now?.[0] ?? '',
          );
        expect(m?.[3]).toBe(formatRanges(list));
        const after: readonly [number, number] = m?.[1] ? [Number(m[1]), Number(m[2])] : ephemeral;
        const left = subtractRanges([after], list);
        expect(countPorts(left)).toBeGreaterThanOrEqual(4096);
        for (const [from, to] of ports) expect(inRanges(from, left) || inRanges(to, left)).toBe(false);
        expect(persist?.content).toContain(`net.ipv4.ip_local_reserved_ports = ${formatRanges(list)}\n`);
        expect(persist?.content.includes('ip_local_port_range')).toBe(m?.[1] !== undefined);
      },
    ),
  );
});
