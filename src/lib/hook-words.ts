/** Names of programs that the collector can ask for: no blank, nothing that a shell would expand. */
const plain = /^[A-Za-z0-9._/-]+$/;

const shells = /(?:^|\/)(?:sh|ash|dash|bash|ksh|mksh|zsh)$/;

/** What a POSIX shell does itself. */
const builtins = new Set(
  '. : [ alias bg break case cd command continue do done echo elif else esac eval exec exit export false fg fi for function getopts hash if in jobs kill local printf pwd read readonly return set shift test then time times trap true type ulimit umask unalias unset until wait while { }'.split(
    ' ',
  ),
);

/** The script of `sh -c SCRIPT`; null for another command. */
export const shellScript = (command: readonly string[]): string | null => {
  if (!shells.test(command[0] ?? '')) return null;
  const i = command.findIndex((w, at) => at > 0 && /^-[a-z]*c$/.test(w));
  return i < 0 ? null : (command[i + 1] ?? null);
};

/** The simple commands of a script that are run one after the other without a condition, each as its words; up to the first construct that is more than that. */
export const straightCommands = (
  script: string,
): { readonly commands: readonly (readonly string[])[]; readonly whole: boolean } => {
  const commands: (readonly string[])[] = [];
  for (const piece of script.split(/;|&&|\n/)) {
    const words = piece
      .trim()
      .split(/\s+/)
      .filter((w) => w !== '');
    const [first] = words;
    if (first === undefined) continue;
    if (
      !/^[A-Za-z0-9._/-]+$/.test(first) ||
      /[&|<>`$(){}*?"'\\#]/.test(piece.replaceAll(/2?>\s*\/dev\/(null|stdout|stderr)/g, '')) ||
      /^(if|for|while|until|case|then|do|else|function|time)$/.test(first)
    )
      return { commands, whole: false };
    commands.push(words);
  }
  return { commands, whole: true };
};

/** The programs that an exec hook needs: its own, and where that is a shell those that its script calls for certain. Those that cannot be asked for are left out. */
export const hookWords = (command: readonly string[]): readonly string[] => {
  const [program = ''] = command;
  const script = shellScript(command);
  const called = script === null ? [] : straightCommands(script).commands.map(([first = '']) => first);
  const all = [program, ...called.filter((w) => !builtins.has(w))];
  return [...new Set(all)].filter((w) => plain.test(w) && (w.startsWith('/') || !w.includes('/')));
};
