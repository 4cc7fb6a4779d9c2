import { modules } from '../../../src/checks/kernel/modules.ts';
import { neededModules } from '../../../src/checks/kernel/needed-modules.ts';
import { type KernelModules, kernelModules, type ModuleState } from '../../../src/facts/kernel/modules.ts';
import { kernelRelease } from '../../../src/facts/kernel/release.ts';
import { configuredMode } from '../../../src/facts/kube-proxy/configured-mode.ts';
import { proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

type Mode = 'iptables' | 'ipvs' | 'nftables' | 'none';
const mode = (m: Mode, replacedBy: string | null = null) =>
  given(proxyMode, { mode: m, source: 'its word', replacedBy, leftoverServers: 0 });
const configured = (m: Mode) => given(configuredMode, { mode: m, source: 'the ConfigMap' });
const nothing = given(configuredMode, null);
const release = given(kernelRelease, '6.1.0');
const names = Object.values(neededModules).flat(2);
const all = (state: ModuleState, but: Partial<Record<string, ModuleState>> = {}): KernelModules['states'] =>
  Object.fromEntries(names.map((n) => [n, but[n] ?? state]));
const seen = (states: KernelModules['states'], more: Partial<KernelModules> = {}) =>
  given(kernelModules, { modular: true, directory: '/lib/modules/6.1.0', ipVs: true, states, ...more });

testCheck(modules, [
  {
    name: 'a minimal kernel without xt_mark and xt_addrtype',
    facts: [
      seen(all('loaded', { xt_mark: 'missing', xt_addrtype: 'missing' })),
      mode('iptables'),
      configured('iptables'),
      release,
    ],
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'missing',
      data: { missing: ['xt_mark', 'xt_addrtype'] },
      message: /^Kube-proxy in iptables mode needs .* kernel 6\.1\.0 has no xt_mark, xt_addrtype, neither/,
    },
  },
  {
    name: 'what only another mode needs',
    facts: [
      seen(all('loaded', { nft_fib: 'missing', ip_vs: 'missing' }), { ipVs: false }),
      mode('iptables'),
      configured('iptables'),
      release,
    ],
    expect: { status: 'pass', message: /all modules/ },
  },
  {
    name: 'an alternative is enough; loadable is as good as loaded',
    facts: [
      seen(all('loadable', { ip_tables: 'missing', xt_MASQUERADE: 'missing' })),
      mode('iptables'),
      nothing,
      release,
    ],
    expect: { status: 'pass' },
  },
  {
    name: 'an ipset type is missing in ipvs mode',
    facts: [
      seen(all('loaded', { ip_set_bitmap_port: 'missing' })),
      mode('ipvs'),
      configured('ipvs'),
      gap(kernelRelease),
    ],
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'missing',
      message: /this kernel has no ip_set_bitmap_port/,
    },
  },
  {
    name: 'ipvs is configured, the kernel has no module for it, and kube-proxy fell back',
    facts: [seen(all('loaded', { ip_vs: 'missing' }), { ipVs: false }), mode('iptables'), configured('ipvs'), release],
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'no-ipvs',
      message: /it runs in iptables mode instead; kernel 6\.1\.0 has no ip_vs, .* It cannot run as it was told to\.$/,
    },
  },
  {
    name: 'ipvs is configured and could be loaded: it may not have been restarted',
    facts: [seen(all('loadable'), { ipVs: false }), mode('iptables'), configured('ipvs'), release],
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'no-ipvs',
      message: /not have been restarted/,
      now: ['modprobe ip_vs'],
    },
  },
  {
    name: 'ipvs cannot begin: no kube-proxy is seen, its ConfigMap says ipvs',
    facts: [seen(all('loaded', { ip_vs: 'missing' }), { ipVs: false }), gap(proxyMode), configured('ipvs'), release],
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'no-ipvs',
      message: /to run in ipvs mode \(the ConfigMap\)/,
    },
  },
  {
    name: 'a node that has only just joined: no kube-proxy yet, and IPVS could be loaded',
    facts: [seen(all('loadable'), { ipVs: false }), gap(proxyMode), configured('ipvs'), release],
    expect: { status: 'unknown' },
  },
  {
    name: 'ipvs in a kernel without modules and without IPVS',
    facts: [seen(all('unknown'), { ipVs: false, modular: false, directory: null }), mode('ipvs'), nothing, release],
    expect: { status: 'fail', severity: 'error', messageId: 'no-ipvs' },
  },
  {
    name: 'ipvs mode without IPVS in the kernel',
    facts: [seen(all('loadable'), { ipVs: false }), mode('ipvs'), nothing, release],
    expect: { status: 'fail', severity: 'error', messageId: 'no-ipvs', message: /ip_vs is not loaded/ },
  },
  {
    name: 'nftables, all built in',
    facts: [seen(all('built-in')), mode('nftables'), nothing],
    expect: { status: 'pass' },
  },
  {
    name: 'no module files: what is not loaded may be built in',
    facts: [seen(all('loaded', { xt_mark: 'unknown' }), { directory: null }), mode('iptables'), nothing, release],
    expect: { status: 'pass', message: /8 of 9 .* not listed anywhere \(xt_mark\)/ },
  },
  {
    name: 'a kernel without modules',
    facts: [seen(all('unknown'), { directory: null, modular: false }), mode('iptables'), nothing, release],
    expect: { status: 'not-applicable', message: /loads no modules/ },
  },
  {
    name: 'a name that was not asked for',
    facts: [seen({}), mode('nftables'), nothing, release],
    expect: { status: 'pass', message: /0 of 9/ },
  },
  {
    name: 'Cilium',
    facts: [seen(all('missing')), mode('none', 'Cilium')],
    expect: { status: 'not-applicable', message: /Cilium/ },
  },
  { name: 'nothing of kube-proxy', facts: [seen(all('missing')), mode('none')], expect: { status: 'not-applicable' } },
  {
    name: 'mode not known',
    facts: [seen(all('loaded')), gap(proxyMode), nothing],
    expect: { status: 'unknown' },
  },
  { name: 'modules not read', facts: [gap(kernelModules), mode('iptables')], expect: { status: 'unknown' } },
]);
