import { cleanupFlags } from '../cleanup-flags.ts';
import { completionFlags } from '../completion-flags.ts';
import type { Flags } from '../flag.ts';
import { lintFlags } from '../lint-flags.ts';
import { nodeFlags } from '../node-flags.ts';
import { outputFlags } from '../output-flags.ts';
import { podFlags } from '../pod-flags.ts';
import { versionFlags } from '../version-flags.ts';
import { shells } from './shells.ts';

/** A command as completion knows it. */
interface CompletedCommand {
  /** In the words of its help. */
  readonly about: string;
  readonly flags: Flags;
  /** What its arguments are: nodes, pods and what has pods, files, one check, one of these words, or nothing. */
  readonly names: 'nodes' | 'pods' | 'files' | 'check' | readonly string[];
}

/** The commands that are completed. */
export const commands: Readonly<Record<string, CompletedCommand>> = {
  node: {
    about: 'diagnose nodes by a short-lived pod on each, or this machine, or a bundle',
    flags: nodeFlags,
    names: 'nodes',
  },
  pod: {
    about: 'diagnose pods and workloads: how they end and get ready, and the nodes that they are on',
    flags: podFlags,
    names: 'pods',
  },
  lint: { about: 'judge manifests by what their text alone can decide, offline', flags: lintFlags, names: 'files' },
  cleanup: { about: 'delete debug pods that earlier runs left', flags: cleanupFlags, names: [] },
  checks: { about: 'list all checks', flags: outputFlags, names: [] },
  explain: {
    about: 'tell what a check is for and what it reads',
    flags: { color: outputFlags.color },
    names: 'check',
  },
  completion: {
    about: 'complete commands, flags, nodes, pods and checks in the shell',
    flags: completionFlags,
    names: shells,
  },
  version: { about: "print netdoctor's version", flags: versionFlags, names: [] },
};
