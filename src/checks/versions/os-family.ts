import type { NodeOs } from '../../facts/node/os.ts';

/** A distribution and its first number: Rocky Linux 9.4 is `el` 9, Amazon Linux 2023 is none of them. */
export interface OsFamily {
  readonly family: 'el' | 'debian' | 'ubuntu' | 'fedora' | 'other';
  readonly major: number;
}

const families: readonly (readonly [name: RegExp, family: OsFamily['family']])[] = [
  [/^(Red Hat Enterprise Linux|CentOS|Rocky Linux|AlmaLinux|Oracle Linux)\b/i, 'el'],
  [/^Debian\b/i, 'debian'],
  [/^Ubuntu\b/i, 'ubuntu'],
  [/^Fedora\b/i, 'fedora'],
];

/** By PRETTY_NAME; a CoreOS of these families counts as none, its number is another one. */
export const osFamily = ({ name }: NodeOs): OsFamily => {
  const family = families.find(([words]) => words.test(name))?.[1];
  const major = /\D(\d{1,3})(?:\.\d+)*(?!\d)/.exec(name)?.[1];
  if (family === undefined || major === undefined || /CoreOS/i.test(name)) return { family: 'other', major: 0 };
  return { family, major: Number(major) };
};
