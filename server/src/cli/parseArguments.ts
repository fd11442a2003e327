/** Splits a command's arguments into options and files. */
import { unknownName, UsageError } from './commandLine';
import { addToGroup } from '../text/addToGroup';

/** `value`: takes one; `values`: may be repeated; `flag`: takes none. */
export type OptionKind = 'value' | 'values' | 'flag';

export interface ParsedArguments {
  readonly files: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | undefined;
  values(name: string): readonly string[];
  /** One of `allowed`, or undefined. Throws UsageError for another word. */
  choice<Word extends string>(name: string, allowed: readonly Word[]): Word | undefined;
}

/** `--name value` and `--name=value`; `-H value` and `-Hvalue`; a lone `-` is standard input; `--` ends the options. Throws UsageError. */
export function parseArguments(args: readonly string[], options: Readonly<Record<string, OptionKind>>): ParsedArguments {
  const files: string[] = [];
  const given = new Map<string, string[]>();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      files.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      files.push(arg);
      continue;
    }
    const { name, joined } = splitOption(arg);
    const kind = Object.hasOwn(options, name) ? options[name] : undefined;
    if (kind === undefined) throw new UsageError(unknownName(`unknown option ${arg}`, name, Object.keys(options)));
    if (kind === 'flag') {
      if (joined !== undefined) throw new UsageError(`${name} takes no value`);
      given.set(name, ['']);
      continue;
    }
    const value = joined ?? args[++at];
    if (value === undefined) throw new UsageError(`${name} needs a value`);
    if (kind === 'value' && given.has(name)) throw new UsageError(`${name} is given twice`);
    addToGroup(given, name, value);
  }
  return reader(files, given);
}

/** `joined`: a value that stands in the same word. */
function splitOption(arg: string): { name: string; joined?: string } {
  const isLong = arg.startsWith('--');
  const end = isLong ? arg.indexOf('=') : 2;
  if (end < 0 || end >= arg.length) return { name: arg };
  return { name: arg.slice(0, end), joined: arg.slice(isLong ? end + 1 : end) };
}

function reader(files: readonly string[], given: ReadonlyMap<string, readonly string[]>): ParsedArguments {
  const value = (name: string) => given.get(name)?.[0];
  return {
    files,
    flag: (name) => given.has(name),
    value,
    values: (name) => given.get(name) ?? [],
    choice: (name, allowed) => {
      const word = value(name);
      if (word === undefined) return undefined;
      const found = allowed.find((each) => each === word);
      if (found === undefined) throw new UsageError(`${name} must be one of ${allowed.join(', ')}, not ${word}`);
      return found;
    },
  };
}
