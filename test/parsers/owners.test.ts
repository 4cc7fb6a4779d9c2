import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCgroup } from '../../src/parsers/cgroup.ts';
import { parseOwner } from '../../src/parsers/owners.ts';
import { expectTotal, textNear } from './fuzz.ts';

const id = '0123456789abcdef'.repeat(4);
const uid = '0a1b2c3d-1111-2222-3333-444455556666';
const underlined = uid.replaceAll('-', '_');
const staticUid = '0a1b2c3d111122223333444455556666';
const none = { containerId: null, podUid: null, unit: null };

describe('the cgroup of a process', () => {
  it.each([
    [
      'containerd, v2, systemd',
      `0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${underlined}.slice/cri-containerd-${id}.scope`,
      uid,
      id,
    ],
    [
      'the same from another cgroup namespace',
      `0::/../../kubepods-besteffort-pod${underlined}.slice/cri-containerd-${id}.scope`,
      uid,
      id,
    ],
    ['CRI-O', `0::/kubepods.slice/kubepods-pod${underlined}.slice/crio-${id}.scope`, uid, id],
    ['CRI-O, a cgroup below', `0::/kubepods.slice/kubepods-pod${underlined}.slice/crio-${id}.scope/container`, uid, id],
    ['docker, v1, cgroupfs', `12:pids:/kubepods/besteffort/pod${uid}/${id}`, uid, id],
    ['docker, systemd', `0::/kubepods.slice/kubepods-pod${underlined}.slice/docker-${id}.scope`, uid, id],
    [
      'containerd, v1, cgroupfs with colons',
      `1:name=systemd:/system.slice/containerd.service/kubepods-burstable-pod${underlined}.slice:cri-containerd:${id}`,
      null,
      id,
    ],
    [
      'a static pod, whose uid has no dashes',
      `0::/kubepods.slice/kubepods-burstable-pod${staticUid}.slice/cri-containerd-${id}.scope`,
      staticUid,
      id,
    ],
    ['docker without Kubernetes', `0::/system.slice/docker-${id}.scope`, null, id],
    ['docker in docker', `0::/docker/${id}`, null, id],
    ['the pause process of a pod', `0::/kubepods/pod${uid}`, uid, null],
  ])('%s', (_, line, podUid, containerId) => expect(parseCgroup(line)).toEqual({ podUid, containerId, unit: null }));

  it.each([
    ['0::/system.slice/kubelet.service', 'kubelet.service'],
    ['1:name=systemd:/system.slice/kubelet.service/extra', 'kubelet.service'],
    ['0::/system.slice/system-getty.slice/getty@tty1.service', 'getty@tty1.service'],
    ['0::/user.slice/user-1000.slice/session-3.scope', null],
    ['0::/', null],
    ['', null],
  ])('%s is of unit %s', (line, unit) => expect(parseCgroup(line)).toEqual({ ...none, unit }));

  it.each([
    ['63 digits', id.slice(1)],
    ['65 digits', `${id}0`],
    ['capital letters', id.toUpperCase()],
    ['a text before it without a separator', `x${id}`],
  ])('no container id: %s', (_, text) => expect(parseCgroup(`0::/kubepods/pod${uid}/${text}`).containerId).toBeNull());

  it.each([uid.slice(1), `${uid}0`, uid.toUpperCase(), 'undefined', '../..'])('no pod uid: %s', (text) =>
    expect(parseCgroup(`0::/kubepods/pod${text}/${id}`).podUid).toBeNull(),
  );

  it('is total, and ids are ids', () => {
    const near = textNear(
      `0::/kubepods.slice/kubepods-pod${underlined}.slice/cri-containerd-${id}.scope`,
      '0::/system.slice/kubelet.service',
    );
    const sound = fc.property(near, (text) => {
      const c = parseCgroup(text);
      expect(c.containerId ?? id).toMatch(/^[0-9a-f]{64}$/);
      expect(c.podUid ?? uid).toMatch(/^[0-9a-f-]{32,36}$/);
      expect(c.unit === null || (c.containerId === null && c.podUid === null)).toBe(true);
    });
    fc.assert(sound, { numRuns: 2000 });
  });
});

describe('the owner of a socket', () => {
  const pod = `0::/kubepods.slice/kubepods-pod${underlined}.slice/cri-containerd-${id}.scope`;
  it.each([
    [
      `own\t98026\t812\t0::/system.slice/kubelet.service\tkubelet`,
      { inode: '98026', pid: 812, process: 'kubelet', ...none, unit: 'kubelet.service' },
    ],
    [
      `own\t98026\t812\t${pod}\tnginx: worker`,
      { inode: '98026', pid: 812, process: 'nginx: worker', containerId: id, podUid: uid, unit: null },
    ],
    ['own\t1\t2\t\t', { inode: '1', pid: 2, process: '', ...none }],
    ['own\t1\t2', { inode: '1', pid: 2, process: '', ...none }],
    ['own\t1\t2\t\ta\tname with\ttabs', { inode: '1', pid: 2, process: 'a\tname with\ttabs', ...none }],
    ['own\t1\t2\t\tline\\nbreak \\\\ ♥ own', { inode: '1', pid: 2, process: 'line\\nbreak \\\\ ♥ own', ...none }],
    ['own\t1\t2\t\t\x1b[31mred\x07', { inode: '1', pid: 2, process: '\x1b[31mred\x07', ...none }],
  ])('%j', (line, want) => expect(parseOwner(line)).toEqual(want));

  it.each([
    '',
    'own',
    'own\t',
    'own\tx\t2\t\tn',
    'own\t1\t-2\t\tn',
    'own\t1\t2.5\t\tn',
    ' own\t1\t2\t\tn',
    'own 1 2 n',
    'row\t1\t2\t\tn',
    'own\t\t2\t\tn',
  ])('none: %j', (line) => expect(parseOwner(line)).toBeNull());

  it('reads what the program prints, whatever the process is called', () => {
    const name = fc.string({ unit: 'binary', maxLength: 15 }).filter((n) => !n.includes('\n'));
    const printed = fc.property(fc.nat(), fc.nat(), name, (inode, pid, process) => {
      expect(parseOwner(`own\t${inode}\t${pid}\t${pod}\t${process}`)).toEqual({
        inode: `${inode}`,
        pid,
        process,
        containerId: id,
        podUid: uid,
        unit: null,
      });
    });
    fc.assert(printed);
  });

  it('is total', () =>
    expectTotal(
      parseOwner,
      [`own\t98026\t812\t${pod}\tkubelet`],
      (o) => /^\d+$/.test(o.inode) && Number.isInteger(o.pid),
    ));
});
