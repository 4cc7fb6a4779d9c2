import { connectionReuse } from '../../../src/checks/ipvs/connection-reuse.ts';
import { type Destinations, destinations } from '../../../src/facts/ipvs/destinations.ts';
import { type IpvsSettings, ipvsSettings } from '../../../src/facts/ipvs/settings.ts';
import { kernelRelease } from '../../../src/facts/kernel/release.ts';
import { type ProxyMode, proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';

const mode = (m: ProxyMode['mode'], leftoverServers = 0): Given =>
  given(proxyMode, { mode: m, source: 'a test', replacedBy: null, leftoverServers });
const even: Destinations = { draining: { count: 0, connections: 0, some: [] }, skewed: [] };
const end = (ip: string, port: number) => ({ ip, port });
const uneven: Destinations = {
  draining: {
    count: 2,
    connections: 41,
    some: [
      { protocol: 'TCP', virtual: end('10.96.5.5', 80), backend: end('10.244.1.9', 8080), active: 1, inactive: 30 },
    ],
  },
  skewed: [
    {
      protocol: 'TCP',
      virtual: end('10.96.5.5', 80),
      backends: 3,
      busiest: { backend: end('10.244.1.7', 8080), connections: 1900 },
      idlest: { backend: end('10.244.1.8', 8080), connections: 0 },
    },
  ],
};
const node = (kernel: string, settings: Partial<IpvsSettings>, table = even): Given[] => [
  mode('ipvs'),
  given(ipvsSettings, { connReuseMode: 1, expireNodestConn: true, conntrack: true, ...settings }),
  given(kernelRelease, kernel),
  given(destinations, table),
];
const [slow, old] = [{ connReuseMode: 1 }, { connReuseMode: 0 }];

testCheck(connectionReuse, [
  // mode 1
  {
    name: 'a new kernel',
    facts: node('6.1.0-48-amd64', slow),
    expect: { status: 'pass', message: /conn_reuse_mode=1, expire_nodest_conn=1, vs\.conntrack=1, kernel 6\.1/ },
  },
  { name: '5.9, the first with the fix', facts: node('5.9.0', slow), expect: { status: 'pass' } },
  { name: '5.9 before its release', facts: node('5.9.0-rc1', slow), expect: { status: 'unknown' } },
  {
    name: 'a series without it',
    facts: node('5.6.19', slow),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'one-second',
      message: /5\.6\.19, which lacks the fix of 5\.9/,
    },
  },
  {
    name: '4.19.139',
    facts: node('4.19.139', slow),
    expect: { status: 'fail', severity: 'warning', messageId: 'one-second' },
  },
  { name: '4.19.140', facts: node('4.19.140', slow), expect: { status: 'pass' } },
  { name: '5.7.15', facts: node('5.7.15', slow), expect: { status: 'fail', severity: 'warning' } },
  { name: '5.7.16', facts: node('5.7.16', slow), expect: { status: 'pass' } },
  {
    name: '5.4, inferred',
    facts: node('5.4.10', slow),
    expect: { status: 'unknown', message: /its release does not tell/ },
  },
  { name: "a vendor's", facts: node('4.18.0-193.el8.x86_64', slow), expect: { status: 'unknown' } },
  { name: "a vendor's of a series without", facts: node('5.3.0-1035-azure', slow), expect: { status: 'unknown' } },
  { name: 'no release that one could read', facts: node('5', slow), expect: { status: 'unknown' } },
  {
    name: 'no conntrack in IPVS',
    facts: node('4.19.1', { ...slow, conntrack: false }),
    expect: { status: 'pass', message: /vs\.conntrack=0/ },
  },
  {
    name: 'a kernel without it',
    facts: node('4.19.1', { ...slow, conntrack: null }),
    expect: { status: 'pass', message: /vs\.conntrack=none/ },
  },
  // mode 0
  { name: 'mode 0 and the fix', facts: node('5.16.0', old), expect: { status: 'pass' } },
  { name: 'mode 0, 4.19.219', facts: node('4.19.219', old, uneven), expect: { status: 'pass' } },
  {
    name: 'mode 0 without the fix, and how it shows',
    facts: node('4.19.218', old, uneven),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'old-backend',
      message:
        /c95c07836fa4.*no route to host.*old pods.*2 backends with weight 0 \(10\.244\.1\.9:8080 of 10\.96\.5\.5:80, …\) still have 41 connections\. Of the 3 backends of 10\.96\.5\.5:80, 10\.244\.1\.7:8080 has 1900 connections, 10\.244\.1\.8:8080 0/,
      data: { fixed: 'no' },
    },
  },
  {
    name: 'mode 0 without the fix, one backend drains',
    facts: node('4.14.256', old, { ...uneven, draining: { ...uneven.draining, count: 1 }, skewed: [] }),
    expect: {
      status: 'fail',
      severity: 'warning',
      message: /1 backend with weight 0 \(10\.244\.1\.9:8080 of 10\.96\.5\.5:80\) still has 41/,
    },
  },
  {
    name: "mode 0 on a vendor's kernel",
    facts: node('5.4.0-150-generic', old, uneven),
    expect: { status: 'unknown', message: /does not tell.*still have 41/ },
  },
  {
    name: 'mode 0, and expire_nodest_conn off: whatever the kernel',
    facts: node('6.1.0-48-amd64', { connReuseMode: 0, expireNodestConn: false }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'old-backend',
      now: ['sysctl -w net.ipv4.vs.expire_nodest_conn=1'],
    },
  },
  {
    name: "the same on a vendor's kernel",
    facts: node('5.4.0-150-generic', { connReuseMode: 0, expireNodestConn: false }),
    expect: { status: 'fail', severity: 'warning', now: ['sysctl -w net.ipv4.vs.expire_nodest_conn=1'] },
  },
  // gates
  {
    name: 'a kernel before 4.1',
    facts: node('3.10.108', { connReuseMode: null }),
    expect: { status: 'not-applicable' },
  },
  { name: 'not IPVS', facts: [mode('nftables')], expect: { status: 'not-applicable' } },
  {
    name: 'left over',
    facts: [...node('4.19.1', old).slice(1), mode('iptables', 2)],
    expect: { status: 'fail', severity: 'warning' },
  },
  { name: 'no mode', facts: [gap(proxyMode)], expect: { status: 'unknown' } },
  { name: 'no settings', facts: [mode('ipvs'), gap(ipvsSettings, 'absent')], expect: { status: 'unknown' } },
  { name: 'no release', facts: [...node('1', {}).slice(0, 2), gap(kernelRelease)], expect: { status: 'unknown' } },
  { name: 'no table', facts: [...node('4.19.1', old).slice(0, 3), gap(destinations)], expect: { status: 'unknown' } },
]);
