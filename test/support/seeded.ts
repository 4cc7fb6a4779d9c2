/** Random numbers from 0 to 1 (mulberry32), another row each day; NETDOCTOR_SEED, which is printed, brings one back. */
export const seeded = (): (() => number) => {
  const seed = Number(process.env.NETDOCTOR_SEED ?? Date.now() % 1_000_000);
  console.log(`NETDOCTOR_SEED=${seed}`);
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};
