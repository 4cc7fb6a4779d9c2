import { bash } from './scripts/bash.ts';
import { fish } from './scripts/fish.ts';
import { powershell } from './scripts/powershell.ts';
import { zsh } from './scripts/zsh.ts';

/** The scripts by which shells complete the program kubectl-netdoctor. */
export const scripts = { bash, zsh, fish, powershell } as const;
