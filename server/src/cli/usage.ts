/** What `--help` prints: an overview, and of each command its options. */
import { wordTable } from '../text/wordTable';

const TRACE = `Usage: envoy-lens trace FILE… [--url URL | --dst IP:PORT] [options]

Where a request goes, and why not elsewhere.

The request:
  --url URL               scheme, host and path, as curl reads them; for https the SNI and the ALPN h2,http/1.1
  --method M              GET without it; --authority and --path are sent as they are
  -H 'name: value'        a header; as often as there are headers
  --http1 --http2 --http3 the version; --http1 without them
  --tcp                   no HTTP: a connection alone
  --request FILE.json     a whole request, or an array of them, instead of the options here (docs/trace.md)

The connection:
  --dst IP:PORT           where the client connects to; IPv6 as [::1]:80. Without it the host of the URL is looked up in the files
  --src IP[:PORT]         the client
  --tls --sni S --alpn a,b, --principal URI    what the client says in TLS, and the URIs of its certificate
  --proxy P               the proxy that it enters: node id or file
  --listener L            the listener that accepts it
  --capture outbound|inbound|none              how it was intercepted

What Envoy would draw or look up:
  --random N              for weights and fractions; without it every branch is a path
  --runtime key=value     a runtime key; as often as there are keys
  --time T                as 2026-03-01T12:00:00Z, for tokens that expire

The answer:
  --why                   every step, and what was rejected with its first condition that failed
  --expect DISPOSITION|CLUSTER                 exit status 1 unless every path ends so, or passes that cluster
  --format text|json|mermaid
`;

const LINKS = `Usage: envoy-lens links FILE… [--format text|json]

Every reference in the files: where the name stands, and where it leads (or: missing, external, unchecked).
`;

const LINT = `Usage: envoy-lens lint FILE… [--severity CODE=SEVERITY]… [--format text|json|sarif]

What Envoy refuses (errors), and what is suspicious. Exit status 1 when there is an error.

  --severity CODE=error|warning|information|hint|off    of one diagnostic; its page in docs/diagnostics tells what it means
`;

const LIST = `Usage: envoy-lens list FILE… [listeners] [chains] [routes] [clusters] [endpoints] [secrets]
                            [workloads] [services] [policies] [--format table|json]

Tables of what each proxy has, the last three of a ztunnel; all of them where none is named. A file of such a name is written as ./routes.
`;

const ROUTER_CHECK = `Usage: envoy-lens router-check -c CONFIG -t TESTS [options]

Runs test files of Envoy's router_check_tool. Exit status 1 when a test fails.

  -c, --config-path FILE      a route configuration
  -t, --test-path FILE        the tests
  -f, --fail-under PERCENT    exit status 1 where less of the routes is tested
  --covall                    count every field of a route that can be tested, and name what is not
  --detailed-coverage         name the routes that no test asks for
  --only-show-failures
  -d, --details, -p, --useproto, --disable-deprecation-check    taken, and without effect
  --format text|json
`;

const LSP = `Usage: envoy-lens lsp --stdio

The language server, for any editor (docs/editors.md).
`;

export const USAGES: Readonly<Record<string, string>> = wordTable({
  trace: TRACE,
  links: LINKS,
  lint: LINT,
  list: LIST,
  'router-check': ROUTER_CHECK,
  lsp: LSP,
});

export const OVERVIEW = `Usage: envoy-lens COMMAND FILE… [options]

  trace FILE…                     where a request goes, and why not elsewhere
  links FILE…                     every reference and where it leads
  lint FILE…                      what is wrong or suspicious
  list FILE… [KIND…]              listeners, chains, routes, clusters, endpoints, secrets; workloads, services, policies
  router-check -c CONFIG -t TESTS test files of Envoy's router_check_tool
  lsp --stdio                     the language server, for any editor

FILE may be a folder, or - for standard input. Exit status: 0 done, 1 the answer is a failure, 2 bad usage or unreadable input.
The options of a command: envoy-lens COMMAND --help. Which Envoy Lens this is: envoy-lens --version
`;

/** `--help` or `-h` among the arguments of a command. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}
