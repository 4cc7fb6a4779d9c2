import { expect, it } from 'vitest';
import { routeWithMtu } from '../../../src/checks/mtu/route-with-mtu.ts';

it.each([
  [
    '10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.5',
    'ip route replace 10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.5 mtu 1400',
  ],
  [
    'default via 10.0.0.1 dev eth0 proto dhcp src 10.0.0.5 metric 100 mtu 1500',
    'ip route replace default via 10.0.0.1 dev eth0 proto dhcp src 10.0.0.5 metric 100 mtu 1400',
  ],
  [
    '10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink linkdown',
    'ip route replace 10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink mtu 1400',
  ],
  [
    'fd09::/64 dev eth0 proto kernel metric 256 pref medium',
    'ip -6 route replace fd09::/64 dev eth0 proto kernel metric 256 mtu 1400',
  ],
  ['10.0.0.6 dev eth0 table 100', 'ip route replace 10.0.0.6 dev eth0 table 100 mtu 1400'],
  ['', null],
  ['10.0.0.0/24', null],
  ['10.0.0.0/24 dev eth0;reboot', null],
  ['10.0.0.0/24 dev $(reboot)', null],
  ['$(reboot) dev eth0', null],
  ['10.0.0.0/24 proto bird nexthop via 10.0.0.1 dev eth0 weight 1', null],
  ['fd09::/64 dev eth0 proto ra metric 1024 expires 20sec pref medium', null],
  ['local 10.0.0.5 dev lo table local', null],
])('%s', (route, command) => expect(routeWithMtu(route, 1400)).toBe(command));
