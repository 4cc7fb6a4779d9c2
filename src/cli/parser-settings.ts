import type { Configuration } from 'yargs-parser';
import type { Flags } from './flag.ts';

/** How words are parsed, the same by yargs and by its parser alone. */
interface ParserSettings {
  readonly configuration: Partial<Configuration>;
  readonly boolean: readonly string[];
  readonly string: readonly string[];
}

/** Settings for flags. They have no defaults, so that what is given can be told from what is not, and no letters: these were made names before. */
export const parserSettings = (flags: Flags): ParserSettings => {
  const isSwitch = (name: string): boolean => flags[name]?.kind === 'switch';
  const names = Object.keys(flags);
  return {
    configuration: {
      'greedy-arrays': false,
      'boolean-negation': false,
      'dot-notation': false,
      'camel-case-expansion': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'duplicate-arguments-array': true,
    },
    boolean: names.filter(isSwitch),
    string: names.filter((name) => !isSwitch(name)),
  };
};
