/** Names of programs that the collector can ask for: no blank, nothing that a shell would expand. */
const plain = /^[A-Za-z0-9._/-]+$/;

const shells = /(?:^|\/)(?:sh|ash|dash|bash|ksh|mksh|zsh)$/;

/** What a POSIX shell does itself. */
const builtins = new Set(
  '. : [ alias bg break case cd command continue do done echo elif else esac eval exec exit export false fg fi for function getopts hash if in jobs kill local printf pwd read readonly return set shift test then time times trap true type ulimit umask unalias unset until wait while { } builtin caller compgen complete declare dirs disown enable fc help history let logout mapfile popd print pushd readarray select shopt source suspend typeset whence'.split(
    ' ',
  ),
);

/** After one of these nobody outside knows what a name means: another PATH, functions, aliases. */
const opaque = new Set(['.', 'alias', 'eval', 'export', 'hash', 'set', 'source']);

/** The script of `sh -c SCRIPT`, whatever options stand before it; null for another command. */
export const shellScript = (command: readonly string[]): string | null => {
  if (!shells.test(command[0] ?? '')) return null;
  let isScript = false;
  for (let i = 1; i < command.length; i++) {
    const word = command[i] ?? '';
    if (/^-[a-z]*c/.test(word)) isScript = true;
    if (!/^[-+]./.test(word)) return isScript ? word : null;
    // -o and -O have a value of their own; behind -- there are no more options
    if (/^[-+][A-Za-z]*o$/i.test(word)) i++;
    if (word === '--') return isScript ? (command[i + 1] ?? null) : null;
  }
  return null;
};

/** Commands that succeed: what stands behind `&&` is run after them. */
const sure = new Set([':', 'echo', 'printf', 'sleep', 'true']);

/** Behind these nothing is run any more. */
const final = new Set(['exec', 'exit', 'return']);

const isMore = (first: string, piece: string): boolean =>
  !/^[A-Za-z0-9._/:-]+$/.test(first) ||
  /[&|<>`$(){}*?"'\\#]/.test(piece.replaceAll(/2?>\s*\/dev\/(null|stdout|stderr)/g, '')) ||
  /^(if|for|while|until|case|then|do|else|function|time)$/.test(first);

/**
 * The simple commands of a script that are run one after the other without a condition, each as its words; up to the first construct that is more
 * than that, or to where the script ends. `whole`: there is nothing else in it.
 */
export const straightCommands = (
  script: string,
): { readonly commands: readonly (readonly string[])[]; readonly whole: boolean } => {
  const commands: (readonly string[])[] = [];
  let whole = true;
  for (const list of script.replaceAll(/&&\s+/g, '&& ').split(/;|\n/)) {
    let isSure = true;
    for (const piece of list.split('&&')) {
      const words = piece.split(/\s+/).filter((w) => w !== '');
      const [first] = words;
      if (first === undefined) continue;
      if (isMore(first, piece)) return { commands, whole: false };
      if (!isSure) {
        whole = false;
        break;
      }
      commands.push(words);
      if (final.has(first)) return { commands, whole };
      isSure = sure.has(first);
    }
  }
  return { commands, whole };
};

/** More programs of one hook are not asked for. */
const mostPrograms = 20;

/** The programs that an exec hook needs: its own, and where that is a shell those that its script calls for certain. Those that cannot be asked for are left out. */
export const hookWords = (command: readonly string[]): readonly string[] => {
  const [program = ''] = command;
  const script = shellScript(command);
  const names = script === null ? [] : straightCommands(script).commands.map(([first = '']) => first);
  const end = names.findIndex((name) => opaque.has(name));
  const called = end < 0 ? names : names.slice(0, end);
  const all = [program, ...called.filter((w) => !builtins.has(w))];
  return [...new Set(all)]
    .slice(0, mostPrograms)
    .filter((w) => plain.test(w) && (w.startsWith('/') || !w.includes('/')));
};
