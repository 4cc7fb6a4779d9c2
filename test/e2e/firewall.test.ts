// lab: it changes a node's firewall, and the kernel's limit of tracked connections for some seconds
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyFix, diagnose, failureOf, findingOf, netdoctorOn, onNode, reportOf } from '../support/cluster.ts';

const node = 'node2';
const limit = '/proc/sys/net/netfilter/nf_conntrack_max';
const sh = (script: string): Promise<string> => onNode(node, ['sh', '-s'], { input: script });
const background = (python: string): Promise<string> => sh(`python3 -c '${python}' >/dev/null 2>&1 </dev/null &`);

/** Connects again and again to what the rules drop. */
const connects = `
import socket, time
end = time.time() + 240
keep = []
while time.time() < end:
    for to in (("10.123.0.1", 4444), ("127.0.0.1", 4445), ("10.123.0.1", 4446), ("10.123.0.1", 4447)):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex(to)
        keep = keep[-40:] + [s]
    time.sleep(0.2)
`;

/** In a network namespace of its own: 20 connections a second that SNAT gives one port for one destination, and 3500 flows again and again. */
const flows = `
iptables-legacy -t nat -A POSTROUTING -p tcp -d 10.77.0.9 -j SNAT --to-source 10.77.0.1:5000
exec python3 -c '
import socket, time
end = time.time() + 120
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
keep = []
while time.time() < end:
    s = socket.socket()
    s.setblocking(False)
    s.connect_ex(("10.77.0.9", 80))
    keep = keep[-200:] + [s]
    for port in range(1000, 4500):
        try: udp.sendto(b"x", ("10.77.0.9", port))
        except OSError: pass
    time.sleep(0.05)
'
`;

const clean = `
nft delete table inet hard
# by number, from the last one on: -S has the policy in its first line
without() {
  iptables-nft -S "$1" | grep -n -- "$2" | sort -rn | while IFS=: read -r n rule; do iptables-nft -D "$1" $((n - 1)); done
}
without OUTPUT 'dport 4444\\|KUBE-NWPLCY-T'
without FORWARD '-[sd] 10\\.244\\.[0-9.]*/24 -j ACCEPT'
iptables-nft -F KUBE-NWPLCY-T
iptables-nft -X KUBE-NWPLCY-T
iptables-nft -P FORWARD ACCEPT
while iptables-legacy -D INPUT -p tcp --dport 4445 -j DROP; do :; done
`;

describe('firewall and connection tracking', () => {
  afterAll(() => sh(`{ pkill -f '"127[.]0.0.1", 4445'; ${clean} } 2>/dev/null; true`), 60_000);

  describe('rules that drop, of all three kinds, and the policy of FORWARD', () => {
    beforeAll(async () => {
      await sh(`set -e
iptables-nft -A OUTPUT -d 10.123.0.1/32 -p tcp --dport 4444 -m comment --comment 'it'"'"'s $(touch /run/owned) "x"' -j DROP
iptables-legacy -A INPUT -p tcp --dport 4445 -j DROP
nft -f - <<'end'
table inet hard {
  chain out {
    type filter hook output priority 0; policy accept;
    ip daddr 10.123.0.1 tcp dport 4446 counter drop comment "mine"
  }
}
end
iptables-nft -N KUBE-NWPLCY-T
iptables-nft -A KUBE-NWPLCY-T -p tcp --dport 4447 -j REJECT
iptables-nft -A OUTPUT -j KUBE-NWPLCY-T
iptables-nft -P FORWARD DROP
`);
      await background(connects);
    });

    it('are found, with what waits because of them, and the printed fixes mend it', async () => {
      const args = [node, '--window', '1s', '--checks', 'firewall'];
      const report = await diagnose(args, 2);
      const found = report.findings.flatMap((f) => (f.status === 'fail' ? [f] : []));
      const rules = found.flatMap((f) => ('rule' in Object(f.data) ? [String(Object(f.data).rule)] : []));
      expect(rules.sort()).toEqual([
        expect.stringMatching(/^iptables-legacy -t filter -A INPUT -p tcp -m tcp --dport 4445 -j DROP$/),
        expect.stringMatching(/^iptables-nft -t filter -A OUTPUT -d 10\.123\.0\.1\/32 -p tcp .*--dport 4444/),
        'nft add rule inet hard out ip daddr 10.123.0.1 tcp dport 4446 counter drop comment "mine"',
      ]);
      expect(found.find((f) => f.messageId === 'dropped')).toMatchObject({
        severity: 'info',
        data: { rules: [{ owner: 'kube-router' }] },
      });
      expect(failureOf(report, 'firewall/forward-policy')).toMatchObject({
        severity: 'error',
        messageId: 'dropped-by-policy',
        data: { backend: 'iptables-nft', kubeForward: true },
      });
      for (const f of found) await applyFix(node, f);
      await sh('test ! -e /run/owned');
      const after = await diagnose(args, 0);
      expect(findingOf(after, 'firewall/forward-policy')).toMatchObject({ status: 'pass' });
      expect(failureOf(after, 'firewall/drops')).toMatchObject({ severity: 'info', messageId: 'dropped' });
    });
  });

  it('a full table and clashes are found where they are, and the printed fix mends it', async () => {
    const before = readFileSync(limit, 'utf8');
    const local = async (code: number) =>
      reportOf(
        await netdoctorOn(node, ['node', '--local', '--window', '1s', '--checks', 'conntrack', '-o', 'json']),
        code,
      );
    await onNode(node, [
      'unshare',
      '-n',
      'sh',
      '-c',
      `ip link add d0 type veth peer name d1
ip addr add 10.77.0.1/24 dev d0
ip link set d0 up
ip link set d1 up
ip neigh add 10.77.0.9 lladdr 02:00:00:00:00:09 dev d0
${flows.replace('exec', 'setsid').trim()} >/dev/null 2>&1 </dev/null &`,
    ]);
    try {
      // every node of the lab that is not a VM shares this number with the machine: no longer than it must
      writeFileSync(limit, '3000');
      const report = await local(2);
      const full = failureOf(report, 'conntrack/table-full');
      expect(full).toMatchObject({ severity: 'error', messageId: 'full', data: { max: 3000 } });
      expect(full.message).toMatch(/^The connection tracking table of the network namespace of python3, pid \d+ holds/);
      expect(failureOf(report, 'conntrack/insert-failed')).toMatchObject({ severity: 'info', messageId: 'clash' });
      const [command] = full.fix?.now ?? [];
      expect(command).toMatch(/^sysctl -w net.netfilter.nf_conntrack_max=\d+$/);
      // only the machine itself may write it
      writeFileSync(limit, String(command).split('=').at(-1) ?? '');
      const after = failureOf(await local(0), 'conntrack/table-full');
      expect(after).toMatchObject({ severity: 'info', messageId: 'seen-earlier' });
    } finally {
      writeFileSync(limit, before);
      await sh(`pkill -f '"10[.]77.0.9", 80'; true`);
    }
  });
});
