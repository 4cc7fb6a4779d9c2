import type { Example } from '../../core/check.ts';

/** Lines for the image's author that make a program get the signal itself; `program` as its command may be shown. */
export const entrypointExamples = (program: string): readonly Example[] => {
  const words = program.split(' ');
  const exec = JSON.stringify(words);
  return [
    {
      about: 'in the entrypoint script, for the last command (with its arguments): exec makes it PID 1',
      text: `exec ${program} "$@"`,
    },
    { about: 'or in the Dockerfile, the exec form, without a shell (with its arguments)', text: `ENTRYPOINT ${exec}` },
    {
      about: 'or with an init, which passes signals on and reaps zombies, and no shell behind it',
      text: `ENTRYPOINT ["tini", "--", ${exec.slice(1)}`,
    },
    {
      about: 'or a trap, where the shell has to stay (a foreground child would hold it up)',
      text: `trap 'kill -TERM "$pid"' TERM\n${program} & pid=$!\nwait "$pid"; trap - TERM; wait "$pid"`,
    },
  ];
};
