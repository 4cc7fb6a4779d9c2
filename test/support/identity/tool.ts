import { spawn } from 'node:child_process';

/** How a tool ended. */
export interface ToolEnd {
  readonly code: number | null;
  readonly stderr: string;
}

interface ToolOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** Runs a command with exactly this environment and nothing on standard input. */
export const runTool = (argv: readonly string[], o: ToolOptions): Promise<ToolEnd> => {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { env: o.env, cwd: o.cwd, stdio: ['ignore', 'ignore', 'pipe'], timeout: 30_000 });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr }));
  });
};
