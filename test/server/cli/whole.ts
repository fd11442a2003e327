import type { CommandResult } from '../../../server/src/cli/commandLine';

/** What a command printed, as one text. */
export function whole({ output, ...rest }: CommandResult): Omit<CommandResult, 'output'> & { output: string } {
  return { ...rest, output: [...output].join('') };
}
