/** Words of a route with a value behind them, which `ip route replace` takes as they are. */
const values: Readonly<Record<string, RegExp>> = {
  via: /^[0-9a-f.:]+$/,
  dev: /^[\w.@-]+$/,
  proto: /^\w+$/,
  scope: /^\w+$/,
  src: /^[0-9a-f.:]+$/,
  metric: /^\d+$/,
  table: /^\w+$/,
};
/** What the kernel says of a route and does not take. */
const states = new Set(['linkdown', 'offload', 'rt_offload', 'trap', 'rt_trap']);

/** The command that gives a route this MTU, from what `ip route get fibmatch` printed; null where some word of that is not known. */
export const routeWithMtu = (route: string, mtu: number): string | null => {
  const [destination = '', ...words] = route.split(' ').filter((w) => w !== '');
  if (!/^(default|[0-9a-f.:]+(\/\d{1,3})?)$/.test(destination)) return null;
  const kept = [destination];
  for (let i = 0; i < words.length; i++) {
    const [word = '', value = ''] = words.slice(i, i + 2);
    if (states.has(word)) continue;
    if (word === 'onlink') {
      kept.push(word);
      continue;
    }
    i += 1;
    if (word === 'pref' && value === 'medium') continue;
    if (word === 'mtu' && /^\d+$/.test(value)) continue;
    if (!values[word]?.test(value)) return null;
    kept.push(word, value);
  }
  if (!kept.includes('dev')) return null;
  const family = route.includes(':') ? 'ip -6' : 'ip';
  return `${family} route replace ${kept.join(' ')} mtu ${mtu}`;
};
