/**
 * Ordinary load of a node, on the node itself: `node load-program.ts PER_SECOND SECONDS VIP`. A server on each of eight ports answers
 * one request per connection, and closes; as many clients as PER_SECOND asks for come through the Service's address VIP, whose ports lead to the servers.
 * Every second it prints how many connections were answered and how many failed.
 */
import { connect, createServer } from 'node:net';

const [perSecond = 0, seconds = 0] = process.argv.slice(2, 4).map(Number);
const vip = process.argv[4] ?? '';
const ports = Array.from({ length: 8 }, (_, i) => 18_080 + i);
let answered = 0;
let failed = 0;

const listening = ports.map(
  (port) =>
    new Promise<void>((resolve) => {
      createServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nhello\n'));
      }).listen({ port, host: '0.0.0.0', backlog: 4096 }, resolve);
    }),
);

const one = (i: number): void => {
  const socket = connect({ host: vip, port: ports[i % ports.length] ?? 0 });
  socket.setTimeout(5000, () => socket.destroy(new Error('timeout')));
  socket.on('connect', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
  socket.on('data', () => {});
  socket.on('error', () => {
    failed++;
  });
  socket.on('end', () => {
    answered++;
  });
};

await Promise.all(listening);
const began = performance.now();
let sent = 0;
const step = setInterval(() => {
  const due = Math.floor(((performance.now() - began) / 1000) * perSecond);
  // what a busy machine did not get to is not made up for all at once
  for (let i = 0; sent < due && i < perSecond / 20; i++) one(sent++);
  sent = Math.max(sent, due - perSecond);
}, 10);
const told = setInterval(() => console.error(`answered ${answered} failed ${failed}`), 1000);
setTimeout(() => {
  clearInterval(step);
  clearInterval(told);
  process.exit(0);
}, seconds * 1000);
