import { onNode } from './cluster.ts';

/** Connects again and again, and keeps the last connections; for python3. */
export const clients = (ip: string, port: number, keep: number): string => `
import socket,time
s=[]
while True:
    c=socket.socket(); c.setblocking(False); c.connect_ex(("${ip}",${port})); s.append(c); time.sleep(0.05)
    if len(s)>${keep}: s.pop(0).close()`;

/** Programs of the nodes' python, or of one of their network namespaces (`before`: the command that enters it). All that were started can be stopped at once. */
export const nodePrograms = () => {
  const started = new Map<string, string>();
  const stop = async (...pids: readonly string[]): Promise<void> => {
    for (const pid of pids) {
      await onNode(started.get(pid) ?? '', ['sh', '-c', 'kill -9 "$1" 2>/dev/null || :', 'sh', pid]);
      started.delete(pid);
    }
  };
  return {
    /** Gives its process id. */
    start: async (node: string, program: string, before: readonly string[] = []): Promise<string> => {
      const line = 'setsid "$@" >/dev/null 2>&1 </dev/null & echo $!';
      const pid = (await onNode(node, ['sh', '-c', line, 'sh', ...before, 'python3', '-c', program])).trim();
      started.set(pid, node);
      return pid;
    },
    stop,
    stopAll: (): Promise<void> => stop(...started.keys()),
  };
};
