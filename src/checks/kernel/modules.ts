import { check, fail, notApplicable, pass } from '../../core/check.ts';
import { kernelModules } from '../../facts/kernel/modules.ts';
import { kernelRelease } from '../../facts/kernel/release.ts';
import { configuredMode } from '../../facts/kube-proxy/configured-mode.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { neededModules } from './needed-modules.ts';

/**
 * Incident I2, first step of the path: is the module there? What is neither loaded nor built in nor among the kernel's module files cannot come, and
 * kube-proxy then programs nothing or another mode. What can be loaded is loaded when it is needed, so it is no fault.
 */
export const modules = check({
  id: 'kernel/modules',
  title: "The kernel has the modules of kube-proxy's mode",
  severity: 'error',
  per: 'node',
  docs: {
    why: 'Minimal kernels and images leave modules out (kernel-modules-extra, linux-modules-extra), and a kernel that was updated without a reboot has lost its module files. kube-proxy then fails to write its rules, or quietly runs in iptables mode.',
    links: ['https://github.com/kubernetes/kubernetes/blob/master/pkg/proxy/ipvs/README.md'],
  },
  needs: { configuredMode, kernelModules, proxyMode },
  wants: { configuredMode, kernelRelease, proxyMode },
  judge: (facts, maybe) => {
    const { modular, directory, ipVs, states } = facts.kernelModules;
    // an ipvs mode that cannot begin leaves no running kube-proxy whose mode could be seen; nor does a node that has only just joined
    const told = maybe.configuredMode.ok ? maybe.configuredMode.value : null;
    const crashed = !maybe.proxyMode.ok && told?.mode === 'ipvs' && states.ip_vs === 'missing';
    const { mode, source, replacedBy } = crashed ? { ...told, replacedBy: null } : facts.proxyMode;
    if (mode === 'none') return notApplicable(`no kube-proxy runs here${replacedBy ? `, ${replacedBy} does` : ''}`);
    const configured = facts.configuredMode;
    const wanted = configured?.mode === 'ipvs' ? 'ipvs' : mode;
    const kernel = maybe.kernelRelease.ok ? `kernel ${maybe.kernelRelease.value}` : 'this kernel';
    const stateOf = (name: string) => states[name] ?? 'unknown';
    const groups = neededModules[wanted].map((names) => ({ names, states: names.map(stateOf) }));
    const text = groups.map((g) => ({ ...g, name: g.names.join(' or ') }));
    const missing = text.filter((g) => g.states.every((s) => s === 'missing')).map((g) => g.name);
    const unseen = text.filter((g) => g.states.every((s) => s === 'missing' || s === 'unknown')).map((g) => g.name);
    const noIpVs = wanted === 'ipvs' && !ipVs;
    if (noIpVs || missing.length > 0) {
      // with IPVS at hand it may also be that kube-proxy was not restarted since it was told
      const maybeOld = missing.length === 0 && mode !== 'ipvs';
      const lost = missing.length > 0 ? ` ${kernel} has no ${missing.join(', ')}` : ` ip_vs is not loaded in ${kernel}`;
      const because = noIpVs
        ? `kube-proxy is to run in ipvs mode (${configured?.source ?? source}), and the kernel has no IPVS (no /proc/net/ip_vs)${mode === 'ipvs' ? '' : `: it runs in ${mode} mode instead`};`
        : `kube-proxy in ${wanted} mode needs modules that are not there:`;
      const cannot =
        mode === wanted ? 'Its rules cannot be made, wholly or in part.' : 'It cannot run as it was told to.';
      const last = missing.length > 0 && directory ? `, neither loaded nor built in nor in ${directory}.` : '.';
      return fail({
        id: noIpVs ? 'no-ipvs' : 'missing',
        severity: maybeOld ? 'warning' : 'error',
        message:
          `${because}${lost}${last} ${maybeOld ? 'It may just not have been restarted since that was configured.' : cannot}`.replace(
            /^k/,
            'K',
          ),
        data: { mode, configured: configured?.mode ?? null, missing, directory },
        evidence: [
          noIpVs
            ? { source: 'ls /proc/net/ip_vs', text: 'No such file or directory' }
            : { source: `grep -w ${missing[0]?.split(' ')[0]} /proc/modules ${directory}/modules.*`, text: 'nothing' },
        ],
        fix: {
          say:
            missing.length > 0 || !modular
              ? 'Install the package of the running kernel that has them (RHEL: kernel-modules-extra; Ubuntu: linux-modules-extra-$(uname -r)), or reboot into a kernel that has, then restart kube-proxy.'
              : 'Load it and restart kube-proxy, which decides at its start.',
          ...(missing.length === 0 && modular ? { now: ['modprobe ip_vs'] } : {}),
          ...(wanted === 'ipvs'
            ? { persist: { file: '/etc/modules-load.d/netdoctor-ipvs.conf', content: 'ip_vs\n' } }
            : {}),
          risk: 'none',
        },
      });
    }
    if (!modular && unseen.length > 0)
      return notApplicable(`${kernel} loads no modules, and what is built in is not listed anywhere`);
    const there = `mode ${wanted}: ${groups.length - unseen.length} of ${groups.length} modules are there or loadable`;
    return pass(
      unseen.length === 0
        ? there.replace(/\d+ of \d+/, 'all')
        : `${there}; whether ${kernel} has the others is not listed anywhere (${unseen.join(', ')})`,
    );
  },
});
