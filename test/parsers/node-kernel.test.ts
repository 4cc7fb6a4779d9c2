import { describe, expect, it } from 'vitest';
import { parseBridgeNetfilter } from '../../src/parsers/bridge-netfilter.ts';
import { parseDeviceCounters } from '../../src/parsers/device-counters.ts';
import { parseKernelModules } from '../../src/parsers/kernel-modules.ts';
import { parseNeighbourTables } from '../../src/parsers/neighbour-tables.ts';
import { parseShutdownConfig } from '../../src/parsers/shutdown-config.ts';
import { parseSoftnet } from '../../src/parsers/softnet.ts';
import { expectTotal } from './fuzz.ts';

const rows = (...lines: readonly (readonly string[])[]): string => lines.map((l) => `${l.join('\t')}\n`).join('');

describe('bridges', () => {
  it('with their switches and pods', () => {
    const text = rows(
      ['bridge', 'cni0', '0', '1'],
      ['bridge', 'docker0', '', ''],
      ['bridges'],
      ['switch', 'iptables', '1'],
      ['switch', 'ip6tables', '0'],
      ['pods', 'cni0', 'ipv4', '3'],
      ['pods', 'cni0', 'ipv6', '2'],
    );
    expect(parseBridgeNetfilter(text)).toEqual({
      calls: { ipv4: true, ipv6: false },
      bridges: [
        { name: 'cni0', pods: { ipv4: 3, ipv6: 2 }, calls: { ipv4: false, ipv6: true } },
        { name: 'docker0', pods: { ipv4: 0, ipv6: 0 }, calls: { ipv4: null, ipv6: null } },
      ],
    });
  });
  it('none, and no br_netfilter', () =>
    expect(parseBridgeNetfilter('bridges\n')).toEqual({ calls: { ipv4: null, ipv6: null }, bridges: [] }));
  it.each([
    '',
    'bridge\tcni0\t1\t1\n',
    rows(['bridges'], ['switch', 'iptables', 'x']),
    rows(['bridges'], ['pods', 'cni0', 'ipv4', '-1']),
  ])('%j is none', (text) => expect(parseBridgeNetfilter(text)).toBeNull());
  it('whatever the text', () =>
    expectTotal(
      parseBridgeNetfilter,
      [rows(['bridge', 'cni0', '0', '1'], ['bridges'], ['pods', 'cni0', 'ipv4', '3'])],
      (b) => b.bridges.every((x) => x.name !== '' && Number.isInteger(x.pods.ipv4)),
    ));
});

describe('modules', () => {
  it('by name', () =>
    expect(
      parseKernelModules(rows(['ipvs'], ['modular'], ['dir', '/lib/modules/6.1'], ['module', 'ip_vs', 'loaded'])),
    ).toEqual({
      modular: true,
      directory: '/lib/modules/6.1',
      ipVs: true,
      states: { ip_vs: 'loaded' },
    }));
  it.each(['', 'modular\n', 'module\tip_vs\tthere\n', 'module\tip-vs x\tloaded\n', 'module\n'])('%j is none', (text) =>
    expect(parseKernelModules(text)).toBeNull(),
  );
  it('whatever the text', () =>
    expectTotal(
      parseKernelModules,
      [rows(['modular'], ['module', 'ip_vs', 'missing'])],
      (m) => Object.keys(m.states).length > 0,
    ));
});

describe('neighbours', () => {
  it('of both families; what is not counted is null', () =>
    expect(
      parseNeighbourTables(
        rows(
          ['table', 'ipv4', '7', '2', '1', '128', '512', '1024'],
          ['table', 'ipv6', '9', '-', '-', '1', '2', '3'],
          ['end'],
        ),
      ),
    ).toEqual([
      { family: 'ipv4', entries: 7, tableFulls: 2, forcedGcRuns: 1, thresholds: [128, 512, 1024] },
      { family: 'ipv6', entries: 9, tableFulls: null, forcedGcRuns: null, thresholds: [1, 2, 3] },
    ]));
  it('none', () => expect(parseNeighbourTables('end\n')).toEqual([]));
  it.each([
    '',
    rows(['table', 'ipv4', '7', '2', '1', '128', '512', '1024']),
    rows(['table', 'ipx', '7', '2', '1', '128', '512', '1024'], ['end']),
    rows(['table', 'ipv4', '-', '2', '1', '128', '512', '1024'], ['end']),
    rows(['table', 'ipv4', '7', '2', '1', '128', '512'], ['end']),
    rows(['x'], ['end']),
  ])('%j is none', (text) => expect(parseNeighbourTables(text)).toBeNull());
  it('whatever the text', () =>
    expectTotal(parseNeighbourTables, [rows(['table', 'ipv4', '7', '2', '1', '128', '512', '1024'], ['end'])], (list) =>
      list.every((t) => Number.isFinite(t.entries) && t.thresholds.every(Number.isFinite)),
    ));
});

describe('network cards', () => {
  it('with their counts', () =>
    expect(parseDeviceCounters(rows(['device', 'eth0', '1', '2', '3', '4', '5', '6', '7'], ['end']))).toEqual([
      {
        name: 'eth0',
        counts: {
          rx_packets: 1,
          tx_packets: 2,
          rx_missed_errors: 3,
          rx_fifo_errors: 4,
          rx_crc_errors: 5,
          rx_dropped: 6,
          tx_dropped: 7,
        },
      },
    ]));
  it('none', () => expect(parseDeviceCounters('end\n')).toEqual([]));
  it.each([
    '',
    'device\teth0\t1\t2\t3\t4\t5\t6\t7\n',
    rows(['device', 'eth0', '1', '2', '3', '4', '5', '6'], ['end']),
    rows(['device', '', '1', '2', '3', '4', '5', '6', '7'], ['end']),
    rows(['device', 'eth0', '1', '2', '3', '4', '5', '6', '-7'], ['end']),
    rows(['x'], ['end']),
  ])('%j is none', (text) => expect(parseDeviceCounters(text)).toBeNull());
  it('whatever the text', () =>
    expectTotal(parseDeviceCounters, [rows(['device', 'eth0', '1', '2', '3', '4', '5', '6', '7'], ['end'])], (list) =>
      list.every((d) => d.name !== '' && Object.values(d.counts).every(Number.isFinite)),
    ));
});

describe('softnet_stat', () => {
  const six =
    '0000061d 00000000 0000002b 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000001 00000000 00000000';
  it('of Linux 6.18, by the number of the CPU', () =>
    expect(parseSoftnet(`backlog\t1000\n${six}\n`)).toEqual({
      maxBacklog: 1000,
      cpus: [{ cpu: 1, processed: 0x61d, dropped: 0, timeSqueezes: 0x2b }],
    }));
  it('of Linux 3.10, by the line', () =>
    expect(parseSoftnet(`backlog\t-\n${'00000001 '.repeat(10)}\n0000000a 00000002 ${'00000000 '.repeat(8)}\n`)).toEqual(
      {
        maxBacklog: null,
        cpus: [
          { cpu: 0, processed: 1, dropped: 1, timeSqueezes: 1 },
          { cpu: 1, processed: 10, dropped: 2, timeSqueezes: 0 },
        ],
      },
    ));
  it.each(['', 'backlog\t1\n', `backlog\tx\n${six}\n`, 'backlog\t1\n1 2\n', 'backlog\t1\n1 2 g\n', `${six}\n`])(
    '%j is none',
    (text) => expect(parseSoftnet(text)).toBeNull(),
  );
  it('whatever the text', () =>
    expectTotal(parseSoftnet, [`backlog\t1000\n${six}\n`], (s) => s.cpus.every((c) => Number.isFinite(c.dropped))));
});

describe("kubelet's shutdown", () => {
  const conf = (...lines: readonly (readonly string[])[]) =>
    parseShutdownConfig(rows(['kubelet', '/c.yaml'], ...lines, ['end']));
  const nothing = {
    file: '/c.yaml',
    graceSeconds: 0,
    criticalSeconds: 0,
    byPriority: [],
    logind: false,
    inhibit: { seconds: 5, source: "logind's default" },
  };
  it('not set', () => expect(conf()).toEqual(nothing));
  it('no file at all', () =>
    expect(parseShutdownConfig('logind\nkubelet\nend\n')).toEqual({ ...nothing, file: null, logind: true }));
  it('set, and again in a drop-in; logind too', () =>
    expect(
      conf(
        ['logind'],
        ['key', 'shutdownGracePeriod', ' "30s"'],
        ['key', 'shutdownGracePeriodCriticalPods', ' 10s'],
        ['key', 'shutdownGracePeriod', ' 1m30s'],
        ['inhibit', '10', '/etc/systemd/logind.conf'],
        ['inhibit', '1min 30s', '/etc/systemd/logind.conf.d/99-kubelet.conf'],
      ),
    ).toEqual({
      ...nothing,
      logind: true,
      graceSeconds: 90,
      criticalSeconds: 10,
      inhibit: { seconds: 90, source: '/etc/systemd/logind.conf.d/99-kubelet.conf' },
    }));
  it.each([
    [' - priority: 1000  shutdownGracePeriodSeconds: 5 - priority: 0  shutdownGracePeriodSeconds: 60'],
    ['[{priority: 1000, shutdownGracePeriodSeconds: 5}, {shutdownGracePeriodSeconds: 60, priority: 0}]'],
    ['[{"priority":1000,"shutdownGracePeriodSeconds":5},{"priority":0,"shutdownGracePeriodSeconds":60}]'],
  ])('by priority: %s', (value) =>
    expect(conf(['key', 'shutdownGracePeriodByPodPriority', value])).toMatchObject({
      byPriority: [
        { priority: 0, seconds: 60 },
        { priority: 1000, seconds: 5 },
      ],
    }),
  );
  it.each([
    ['0', 0],
    ['0s', 0],
    ['null', 0],
    ['', 0],
    ['1h0m0s', 3600],
    ['500ms', 0.5],
    ['1.5m', 90],
  ])('%j is %d s', (value, seconds) =>
    expect(conf(['key', 'shutdownGracePeriod', value])).toMatchObject({ graceSeconds: seconds }),
  );
  it('an empty InhibitDelayMaxSec is the default', () =>
    expect(conf(['inhibit', '', '/x'])).toMatchObject({ inhibit: { seconds: 5, source: "logind's default" } }));
  it('no kubelet', () => expect(parseShutdownConfig('none\n')).toBeNull());
  it.each([
    [parseShutdownConfig('')],
    [parseShutdownConfig('kubelet\t/c.yaml\n')],
    [conf(['key', 'shutdownGracePeriod', 'soon'])],
    [conf(['key', 'shutdownGracePeriod', '30'])],
    [conf(['key', 'shutdownGracePeriodCriticalPods', '3x'])],
    [conf(['key', 'shutdownGracePeriodByPodPriority', '[{priority: 1}]'])],
    [conf(['inhibit', 'infinity', '/x'])],
  ])('what it is not is said: %s', (found) => expect(found).toMatch(/^\S+ .*\w$/));
  it('whatever the text', () =>
    expectTotal(
      (text) => {
        const found = parseShutdownConfig(text);
        return typeof found === 'string' ? null : (found ?? { graceSeconds: 0 });
      },
      [rows(['kubelet', '/c'], ['key', 'shutdownGracePeriod', '30s'], ['end'])],
      (c) => Number.isFinite(c.graceSeconds),
    ));
});
