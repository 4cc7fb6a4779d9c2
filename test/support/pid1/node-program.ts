/** Node, with a handler for one signal or with none; it keeps a record as witness does. */
export const nodeProgram = (signal: NodeJS.Signals | null): readonly string[] => {
  const record = `const record = (what) => fs.appendFileSync(process.env.WITNESS_LOG, Date.now() + ' ' + process.pid + ' ' + what + '\\n');`;
  const handler = `process.on('${signal}', (s) => { record(s); setTimeout(() => { record('end'); process.exit(0); }, 1000); });`;
  const program = signal === null ? `${record} record('bare');` : `${record} ${handler} record('start');`;
  return ['/node/node', '-e', `${program} setInterval(() => {}, 1000);`];
};
