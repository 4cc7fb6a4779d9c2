// lab: it needs zsh and fish, which the lab's set-up installs
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl, startInLab } from '../support/cluster.ts';
import { type PluginOnPath, pluginOnPath } from '../support/plugin-on-path.ts';
import { threeTries } from '../support/three-tries.ts';

let plugin: PluginOnPath;
beforeAll(() => {
  plugin = pluginOnPath();
});
afterAll(() => plugin[Symbol.dispose]());

const printed = async (argv: readonly string[]): Promise<string> => {
  const ended = await startInLab(plugin.argv(argv)).done;
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return ended.stdout;
};

/** What `ask` gives, once it is what is wanted: where the API must be asked, completion gives up in silence after two seconds, which a busy machine may need. */
const inTime = <T>(wanted: T, ask: () => Promise<T>): Promise<T> =>
  threeTries(ask, (got) => isDeepStrictEqual(got, wanted));

/** Types a line into a zsh on a pseudo-terminal, presses TAB, and has the line that stands there then told, in brackets. */
const zsh = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=; unsetopt prompt_cr prompt_sp zle_bracketed_paste 2>/dev/null; autoload -Uz compinit; compinit -u -D
tell() { print -r -- "[$BUFFER]" }; zle -N tell; bindkey "^T" tell
source <(kubectl-netdoctor completion zsh); echo REA""DY'
zpty -r -m z out '*READY*'
zpty -w -n z "$1"$'\\t\\x14'
zpty -r -m z out '*\\]*'
print -r -- "\${\${out##*\\[}%%\\]*}"
zpty -d z`;

describe('zsh', () => {
  it.each([
    ['expl', 'explain '],
    ['node node', 'node node'],
    ['node node1 --fail-on=e', 'node node1 --fail-on=error '],
    ['node --context l', 'node --context lab '],
    ['pod -n kube-s', 'pod -n kube-system '],
    ['pod -n=kube-s', 'pod -n=kube-system '],
    ['pod depl', 'pod deploy/'],
    ['pod -n kube-system deploy/c', 'pod -n kube-system deploy/coredns '],
    ['node --checks ipvs/st', 'node --checks ipvs/stuck-handshakes'],
    ['node --checks "ports/*,ipvs/st', 'node --checks "ports/*,ipvs/stuck-handshakes'],
  ])('%s → %s', async (typed, becomes) => {
    const wanted = `kubectl-netdoctor ${becomes}\n`;
    const type = () => printed(['zsh', '-f', '-c', zsh, 'zsh', `kubectl-netdoctor ${typed}`]);
    expect(await inTime(wanted, type)).toBe(wanted);
  });
});

describe('fish', () => {
  const words = async (line: string): Promise<readonly string[]> => {
    const text = 'kubectl-netdoctor completion fish | source; complete -C $argv[1]';
    const out = await printed([
      'env',
      `HOME=${plugin.dir}`,
      'fish',
      '--no-config',
      '-c',
      text,
      `kubectl-netdoctor ${line}`,
    ]);
    return out.split('\n').flatMap((l) => l.split('\t')[0] || []);
  };

  it.each([
    ['expl', ['explain']],
    ['node --fail-on=e', ['--fail-on=error']],
    ['node --fail-on e', ['error']],
    ['node --context l', ['lab']],
    ['pod -n kube-s', ['kube-system']],
    ['pod -n kube-system deploy/c', ['deploy/coredns']],
    ["node --checks 'ipvs/st", ['ipvs/stuck-handshakes']],
    ['lint -f package.j', ['package.json']],
    ['lint -f=package.j', ['-f=package.json']],
  ])('%s', async (line, offers) => {
    expect(await inTime<readonly string[]>(offers, () => words(line))).toEqual(offers);
  });

  it('offers the nodes of the cluster, with a description where there is one', async () => {
    const nodes = (await kubectl(['get', 'nodes', '-o', 'name'])).trim().split('\n');
    const wanted = nodes.flatMap((n) => (n.startsWith('node/n') ? [n.slice('node/'.length)] : []));
    expect(await inTime<readonly string[]>(wanted, () => words('node n'))).toEqual(wanted);
    expect(await words('pod de')).toEqual(['deploy/']);
  });
});
