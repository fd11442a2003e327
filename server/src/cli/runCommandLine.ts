/** The commands of `envoy-lens` by name. */
import { done, unknownName, UsageError, type Command, type CommandHost, type CommandResult } from './commandLine';
import { linksCommand } from './linksCommand';
import { lintCommand } from './lintCommand';
import { listCommand } from './listCommand';
import { routerCheckCommand } from './routerCheckCommand';
import { traceCommand } from './traceCommand';
import { asksForHelp, OVERVIEW, USAGES } from './usage';
import { VERSION } from '../protocol/version';
import { printable } from '../protocol/printable';
import { wordTable } from '../text/wordTable';

const COMMANDS: Readonly<Record<string, Command>> = wordTable({
  trace: traceCommand,
  links: linksCommand,
  lint: lintCommand,
  list: listCommand,
  'router-check': routerCheckCommand,
});

/** Runs a command; bad usage and unreadable input become status 2 with one line that names it. */
export async function runCommandLine(args: readonly string[], host: CommandHost): Promise<CommandResult> {
  const [name = '', ...rest] = args;
  if (name === '--version' || name === '-v') return done(`envoy-lens ${VERSION}\n`);
  const usage = usageFor(name, rest);
  if (usage !== undefined) return { status: name === '' ? 2 : 0, output: [usage] };
  const command = COMMANDS[name];
  if (!command) return refuse(unknownName(`unknown command ${name}`, name, Object.keys(USAGES)), 'envoy-lens --help');
  try {
    return await command(rest, host);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return refuse(error.message);
  }
}

function usageFor(name: string, rest: readonly string[]): string | undefined {
  if (name === 'help' && rest.length > 0) return USAGES[rest[0] ?? ''] ?? OVERVIEW;
  if (name === '' || name === 'help' || asksForHelp([name])) return OVERVIEW;
  return asksForHelp(rest) ? USAGES[name] : undefined;
}

function refuse(message: string, help?: string): CommandResult {
  return { status: 2, output: [], error: printable(`envoy-lens: ${message}${help === undefined ? '' : `; try ${help}`}`) };
}
