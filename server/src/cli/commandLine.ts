/** What a command of the command line is: a function from arguments and files to text and an exit status. No Node here: main.cli.ts brings files and prints. */
import { suggestName } from '../features/diagnostics/schemaCheck/suggestName';
import type { SourceText } from '../index/documentFacts';

/** Exit status 0: done; 1: the answer is a failure; 2: bad usage or unreadable input. */
export interface CommandResult {
  readonly status: 0 | 1 | 2;
  /** In pieces to be written one after another: a string can have about half a billion characters, the links of a large dump have more. */
  readonly output: Iterable<string>;
  /** For standard error: one line, or one for each file that is broken. */
  readonly error?: string;
}

/** A file that was read. */
export interface SourceFile extends SourceText {
  /** It was found in a folder; others are named on the command line. */
  readonly isFromFolder?: boolean;
}

export interface CommandHost {
  /** Reads files, folders (their JSON and YAML files) and `-` (standard input); uris relative to the working directory. Throws UsageError. */
  readSources(paths: readonly string[]): Promise<SourceFile[]>;
  readFile(path: string): Promise<string>;
  /** Whether there is such a file or folder, from the working directory. */
  exists(path: string): boolean;
  readonly colours: boolean;
  /** Width of the terminal in columns. */
  readonly columns: number;
}

export type Command = (args: readonly string[], host: CommandHost) => Promise<CommandResult>;

/** Bad usage or unreadable input: status 2 and one line that names it. */
export class UsageError extends Error {}

/** Example: `unknown option --Url; did you mean --url?` */
export function unknownName(message: string, wrong: string, names: Iterable<string>): string {
  const near = suggestName(wrong, names);
  return near === undefined ? message : `${message}; did you mean ${near}?`;
}

/** Status 0. `output`: whole, or in pieces. */
export function done(output: string | Iterable<string>, warning?: string): CommandResult {
  return { status: 0, output: inPieces(output), ...(warning !== undefined && { error: warning }) };
}

/** Status 1: the command ran, and what it checked does not hold. */
export function failed(output: string | Iterable<string>, error?: string): CommandResult {
  return { status: 1, output: inPieces(output), ...(error !== undefined && { error }) };
}

/** A text by itself would be written letter by letter. */
function inPieces(output: string | Iterable<string>): Iterable<string> {
  return typeof output === 'string' ? [output] : output;
}
