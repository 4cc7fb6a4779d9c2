import type { Problem } from '../../core/check.ts';
import type { ShutdownConfig } from '../../facts/node/shutdown-config.ts';

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
        persist: {
          file: '/etc/systemd/logind.conf.d/99-z-netdoctor.conf',
          content: `[Login]\nInhibitDelayMaxSec=${total}\n`,
        },
        risk: 'none',
      }
    : {
        say: 'Install and start systemd-logind, then restart kubelet; or drain before a shutdown.',
        risk: 'none',
      },
});
