import { check, fail, pass } from '../../core/check.ts';
import { softnet } from '../../facts/kernel/softnet.ts';
import { softnetChanges } from '../../facts/kernel/softnet-changes.ts';
import { spanText } from '../../lib/span-text.ts';

const source = 'cat /proc/net/softnet_stat';
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/**
 * Facts C: column 2 is what the kernel threw away before any firewall or socket saw it, for the whole machine, pods included. That a CPU uses up its budget
 * (time_squeeze) is common, and told only beside drops or where it is much of its work.
 */
export const softnetDrops = check({
  id: 'network/softnet-drops',
  title: 'No CPU drops incoming packets',
  severity: 'warning',
  per: 'node',
  docs: {
    why: 'Packets of the network cards, of veth pairs and of the loopback wait for a CPU in a queue of netdev_max_backlog packets. When it is full they are dropped, and no counter of a device, socket or firewall shows it.',
    links: ['https://www.kernel.org/doc/html/latest/networking/scaling.html'],
  },
  needs: { softnet, softnetChanges },
  wants: {},
  judge: (facts) => {
    const { cpus, seconds, maxBacklog } = facts.softnetChanges;
    const dropping = cpus.filter((c) => c.dropped > 0);
    const dropped = sum(dropping.map((c) => c.dropped));
    const squeezed = sum(cpus.map((c) => c.timeSqueezes));
    const within = `within ${spanText(seconds)}`;
    if (dropped > 0) {
      const to = maxBacklog === null ? null : Math.max(maxBacklog * 4, 1000);
      const key = 'net.core.netdev_max_backlog';
      return fail({
        id: 'drops',
        severity: 'warning',
        message: `The kernel dropped ${dropped} incoming packets ${within} since the queue of a CPU was full (${dropping.map((c) => `CPU ${c.cpu}: ${c.dropped} of ${c.dropped + c.processed}`).join(', ')}; netdev_max_backlog ${maxBacklog ?? 'is not shown here'}; budget used up ${squeezed} times). It hits the node and all its pods.`,
        data: { seconds, maxBacklog, cpus: dropping },
        evidence: [{ source, text: `column 2 +${dropped}` }],
        fix: {
          say:
            to === null
              ? `Raise ${key} on the machine itself: this node is in a network namespace that has it not.`
              : 'Make the queue longer. If one CPU does all the work, spread it (RSS, RPS).',
          ...(to === null
            ? {}
            : {
                now: [`sysctl -w ${key}=${to}`],
                persist: { file: '/etc/sysctl.d/99-z-netdoctor-backlog.conf', content: `${key} = ${to}\n` },
              }),
          risk: 'none',
          covers: 'A CPU that is busy with other work for good.',
        },
      });
    }
    const processed = sum(cpus.map((c) => c.processed));
    if (squeezed >= 100 && squeezed > processed / 100)
      return fail({
        id: 'squeezed',
        severity: 'info',
        message: `CPUs stopped work on incoming packets ${squeezed} times ${within} with more to do (${processed} packets were processed). Nothing was dropped; the packets waited.`,
        data: { seconds, squeezed, processed },
        evidence: [{ source, text: `column 3 +${squeezed}` }],
      });
    const boot = sum(facts.softnet.cpus.map((c) => c.dropped));
    const all = sum(facts.softnet.cpus.map((c) => c.processed));
    if (boot < 1000 || boot < all / 1000) return pass(`no packet was dropped ${within}`);
    return fail({
      id: 'seen-earlier',
      severity: 'info',
      message: `The kernel dropped ${boot} incoming packets since boot for a full queue, none of them ${within} (netdev_max_backlog ${facts.softnet.maxBacklog ?? 'is not shown here'}).`,
      data: { sinceBoot: boot, seconds },
      evidence: [{ source, text: `column 2, all CPUs: ${boot}` }],
      fix: {
        say: 'To see whether it goes on, save a bundle with --save now, and compare with it later by --since.',
        risk: 'none',
      },
    });
  },
});
