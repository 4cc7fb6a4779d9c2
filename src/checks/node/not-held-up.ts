import type { Problem } from '../../core/check.ts';
import type { ShutdownConfig } from '../../facts/node/shutdown-config.ts';

/** Drop-ins count by name, whatever folder they lie in: this comes behind kubelet's own (99-kubelet.conf) and those that beat it (unattended-upgrades, kubernetes#102818). */
const file = '/etc/systemd/logind.conf.d/zz-netdoctor.conf';

/** Nobody waits for kubelet: logind is not there, or not for as long as kubelet was told to take. */
export const notHeldUp = (config: ShutdownConfig, total: number): Problem => ({
  id: 'no-inhibitor',
  severity: 'info',
  message: config.logind
    ? `Graceful node shutdown is set to ${total} s, but systemd-logind waits ${config.inhibit.seconds} s at most (InhibitDelayMaxSec, ${config.inhibit.source}): kubelet could not raise it, or has not been started since.`
    : `Graceful node shutdown is set to ${total} s, but no systemd-logind runs here, by which kubelet would hear of a shutdown: it does nothing.`,
  data: { ...config },
  evidence: config.logind
    ? [
        {
          source: 'grep -r InhibitDelayMaxSec /etc/systemd/logind.conf*',
          text: `${config.inhibit.seconds} s: ${config.inhibit.source}`,
        },
      ]
    : [{ source: 'pgrep -x systemd-logind', text: 'nothing' }],
  fix: config.logind
    ? {
        say: 'Write the file below, which gives logind the time, then let logind read it and restart kubelet.',
        now: ['systemctl kill -s HUP systemd-logind', 'systemctl restart kubelet'],
        persist: { file, content: `[Login]\nInhibitDelayMaxSec=${total}\n` },
        risk: 'none',
        covers: 'Kubelet cannot raise it any more: a longer shutdownGracePeriod needs a longer time in this file too.',
      }
    : {
        say: 'Install and start systemd-logind, then restart kubelet; or drain before a shutdown.',
        risk: 'none',
      },
});
