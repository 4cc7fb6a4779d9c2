import { spawn, spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { needRoot } from '../transports/collector/run-program.ts';

/** A process in a network namespace of its own, and what sends 50 datagrams there to a socket that nobody reads and that is soon full. */
export const overflowing = async (): Promise<{ readonly pid: number; send(): void }> => {
  needRoot();
  const program = `
import signal, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
s.bind(('127.0.0.1', 5000))
c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
def send(*_):
  for i in range(50): c.sendto(b'x' * 500, ('127.0.0.1', 5000))
signal.signal(signal.SIGUSR1, send)
print('ready', flush=True)
while True: signal.pause()
`;
  const child = spawn('unshare', ['--net', 'sh', '-c', 'ip link set lo up && exec python3 -c "$1"', 'sh', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  // not by a loop that ends: that would close the pipe, and whoever writes its line in two pieces would die of it
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      if (String(chunk).includes('ready')) resolve();
    });
  });
  return { pid: child.pid ?? 0, send: () => void spawnSync('kill', ['-USR1', String(child.pid)]) };
};
