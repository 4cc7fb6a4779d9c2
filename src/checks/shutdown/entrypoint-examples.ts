import type { Example } from '../../core/check.ts';
import type { StopSignal } from './stop-signal.ts';

/** Lines for the image's author that make a program get the signal itself; `program` as its command may be shown, with shortened names. */
export const entrypointExamples = (program: string, signal: StopSignal): readonly Example[] => {
  const name = signal.name.replace(/^SIG/, '');
  const words = program.split(' ');
  const exec = JSON.stringify(words);
  return [
    {
      about:
        'in the entrypoint script, for the last command (with its whole path and arguments, which are shortened here): exec makes it PID 1',
      text: `exec ${program} "$@"`,
    },
    { about: 'or in the Dockerfile, the exec form, without a shell', text: `ENTRYPOINT ${exec}` },
    {
      about: 'or with an init, which passes signals on and reaps zombies, and no shell behind it',
      text: `ENTRYPOINT ["tini", "--", ${exec.slice(1)}`,
    },
    {
      about: 'or a trap, where the shell has to stay (a foreground child would hold it up)',
      text: `trap 'kill -TERM "$pid"' ${name}\n${program} & pid=$!\nwait "$pid"; trap - ${name}; wait "$pid"`,
    },
  ];
};
