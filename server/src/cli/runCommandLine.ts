/** The commands of `envoy-lens` by name. */
import { UsageError, type Command, type CommandHost, type CommandResult } from './commandLine';
import { linksCommand } from './linksCommand';
import { lintCommand } from './lintCommand';
import { listCommand } from './listCommand';
import { routerCheckCommand } from './routerCheckCommand';
import { traceCommand } from './traceCommand';
import { wordTable } from '../text/wordTable';

const COMMANDS: Readonly<Record<string, Command>> = wordTable({
  trace: traceCommand,
  links: linksCommand,
  lint: lintCommand,
  list: listCommand,
  'router-check': routerCheckCommand,
});

const USAGE = `Usage: envoy-lens COMMAND FILE… [options]

  trace FILE…         where a request goes, and why not elsewhere
                      --url URL | --dst IP:PORT, --src, --proxy, --listener, --capture outbound|inbound|none,
                      --tls --sni --alpn a,b --principal URI, --method --authority --path -H 'k: v',
                      --http1 --http2 --http3 --tcp, --random N, --runtime k=v, --time T,
                      --request FILE.json, --why, --expect DISPOSITION|CLUSTER, --format text|json|mermaid
  links FILE…         every reference and where it leads         --format text|json
  lint FILE…          what is wrong or suspicious                --format text|json|sarif  --severity CODE=error|warning|information|hint|off
  list FILE… [listeners|chains|routes|clusters|endpoints|secrets]  --format table|json
  router-check -c CONFIG -t TESTS [-f PERCENT] [--covall] [--detailed-coverage] [--only-show-failures]  --format text|json
  lsp --stdio         the language server, for any editor

FILE may be a folder, or - for standard input. Exit status: 0 done, 1 the answer is a failure, 2 bad usage or unreadable input.
`;

/** Runs a command; bad usage and unreadable input become status 2 with one line that names it. */
export async function runCommandLine(args: readonly string[], host: CommandHost): Promise<CommandResult> {
  const [name = '', ...rest] = args;
  if (name === '' || name === 'help' || name === '--help' || name === '-h') return { status: name === '' ? 2 : 0, output: USAGE };
  const command = COMMANDS[name];
  if (!command) return { status: 2, output: '', error: `envoy-lens: unknown command ${name}; try envoy-lens --help` };
  try {
    return await command(rest, host);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { status: 2, output: '', error: `envoy-lens: ${error.message}` };
  }
}
