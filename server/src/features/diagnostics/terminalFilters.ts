/** Which filters end a chain (isTerminalFilterByProto of each filter's factory); of filters that the standard Envoy has not nothing is claimed. */
import type { ConfigNode } from '../../schema/configNode';
import { typesOfCategory } from '../../schema/extensions/extensionCategories';
import { errorAt } from './problem';
import { addItem, moveLast } from '../writing/textChanges';
import type { Problem, ProblemFix } from './rule';

interface FilterKinds {
  readonly terminal: ReadonlySet<string>;
  passes(type: string): boolean;
}

const network = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => `envoy.extensions.filters.network.${name}`));
const http = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => `envoy.extensions.filters.http.${name}`));

export const NETWORK: FilterKinds = kindsOf(
  'filters.network',
  network([
    'http_connection_manager.v3.HttpConnectionManager',
    'http_connection_manager.v3.EnvoyMobileHttpConnectionManager',
    'tcp_proxy.v3.TcpProxy',
    'echo.v3.Echo',
    'direct_response.v3.Config',
    'redis_proxy.v3.RedisProxy',
    'thrift_proxy.v3.ThriftProxy',
    'dubbo_proxy.v3.DubboProxy',
    'generic_proxy.v3.GenericProxy',
    'reverse_tunnel.v3.ReverseTunnel',
    'reverse_tunnel.v3.DrainAwareHttpConnectionManager',
  ]),
);

export const HTTP: FilterKinds = kindsOf('filters.http', http(['router.v3.Router', 'mcp_router.v3.McpRouter']));

/** What the category has besides goes on to the next filter; a dynamic module says itself which of the two it is. */
function kindsOf(category: string, terminal: ReadonlySet<string>): FilterKinds {
  return {
    terminal,
    passes: (type) => !terminal.has(type) && typesOfCategory(category).has(type) && !/dynamic_modules|ExtensionWithMatcher/.test(type),
  };
}

/** Envoy's words: terminal … must be the last; non-terminal … is the last. An empty chain is allowed. */
export function terminalProblems(filters: readonly ConfigNode[], kinds: FilterKinds, chain: string): Problem[] {
  const isHttp = chain.startsWith('HTTP');
  const ofChain = `the last filter in ${isHttp ? 'an' : 'a'} ${chain} filter chain`;
  return filters.flatMap((filter, index): Problem[] => {
    const isLast = index === filters.length - 1;
    const type = (filter.typed() ?? filter.get('config_discovery')?.typed('default_config'))?.type ?? '';
    const name = filter.string('name');
    if (!isLast && kinds.terminal.has(type))
      return [errorAt(filter, `The terminal filter "${name}" must be ${ofChain}.`, { fix: () => toTheEnd(filter, filters, kinds) })];
    const mayGoOn = filter.parent?.isIncomplete ?? false;
    if (isLast && !mayGoOn && kinds.passes(type))
      return [
        errorAt(filter, `The filter "${name}" ends no chain and is ${ofChain}.${isHttp ? ' Add the router after it.' : ''}`, {
          fix: () => (isHttp && filter.parent ? addRouter(filter.parent) : undefined),
        }),
      ];
    return [];
  });
}

/** Certain only where no other filter ends the chain. */
function toTheEnd(filter: ConfigNode, filters: readonly ConfigNode[], kinds: FilterKinds): ProblemFix | undefined {
  const count = filters.filter((each) => kinds.terminal.has(each.typed()?.type ?? '')).length;
  const changes = count === 1 ? moveLast(filter) : undefined;
  return changes && { title: `Move "${filter.string('name')}" to the end`, changes };
}

function addRouter(filters: ConfigNode): ProblemFix | undefined {
  const router = {
    name: 'envoy.filters.http.router',
    typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
  };
  const changes = addItem(filters, router, 'end');
  return changes && { title: 'Add "envoy.filters.http.router"', changes };
}
