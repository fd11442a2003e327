/** A filter chain that no connection reaches, whatever it is. */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { LISTENER } from '../../messageNames';
import { adviceRule } from '../../messageRule';
import { warningAt } from '../../problem';
import type { Problem } from '../../rule';

/** Istio gives each waypoint the same chains, used or not. */
export const unreachableFilterChain = adviceRule('unreachable-filter-chain', { [LISTENER]: checkListener }, 'hint');

function checkListener(listener: ConfigNode): (Problem | undefined)[] {
  const chains = listener.list('filter_chains');
  if (listener.isIncomplete || listener.get('filter_chains')?.isIncomplete) return [];
  if (listener.has('filter_chain_matcher')) return unnamedChains(listener, chains);
  const port = fixedPort(listener);
  return [...chains.map((chain) => wrongPort(chain, port) ?? plainWithServerName(chain)), needlessDefault(listener, chains)];
}

/** Actions other than plain names could name any chain. */
function unnamedChains(listener: ConfigNode, chains: readonly ConfigNode[]): Problem[] {
  const matcher = listener.get('filter_chain_matcher');
  const names = matcher && namesIn(matcher);
  if (!names) return [];
  return chains
    .filter((chain) => chain.string('name') !== '' && !names.has(chain.string('name')))
    .map((chain) =>
      warningAt(chain.get('name') ?? chain, `No action of the "filter_chain_matcher" names the filter chain "${chain.string('name')}".`, {
        tag: 'unnecessary',
      }),
    );
}

function namesIn(matcher: ConfigNode): Set<string> | undefined {
  const names = new Set<string>();
  const pending = [matcher];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.isIncomplete) return undefined;
    const config = next.isObject ? next.path('action', 'typed_config') : undefined;
    if (config) {
      const typed = readTyped(config);
      if (typed.type !== 'google.protobuf.StringValue') return undefined;
      names.add(typed.node.string('value'));
      continue;
    }
    pending.push(
      ...(next.isArray ? next.items() : next.entries().map(([, child]) => child)).filter((child) => child.isObject || child.isArray),
    );
  }
  return names;
}

/** The port of every connection that the listener takes: it is bound, and nothing restores another address. */
function fixedPort(listener: ConfigNode): number | undefined {
  if (listener.bool('bind_to_port') === false || listener.get('deprecated_v1')?.bool('bind_to_port') === false) return undefined;
  if (
    listener.bool('use_original_dst') ||
    listener.bool('transparent') ||
    listener.list('additional_addresses').length > 0 ||
    listener.has('internal_listener')
  )
    return undefined;
  const keepsAddress = /^envoy\.extensions\.filters\.listener\.(?:tls_inspector|http_inspector|local_ratelimit)\./;
  if (!listener.list('listener_filters').every((filter) => keepsAddress.test(filter.typed()?.type ?? ''))) return undefined;
  if (listener.list('filter_chains').some((chain) => chain.bool('use_proxy_proto'))) return undefined;
  return listener.path('address', 'socket_address', 'port_value')?.asNumber() || undefined;
}

function wrongPort(chain: ConfigNode, port: number | undefined): Problem | undefined {
  const wanted = chain.path('filter_chain_match', 'destination_port');
  const value = wanted?.asNumber();
  if (!wanted || value === undefined || value === 0 || port === undefined || value === port) return undefined;
  return warningAt(
    wanted,
    `Every connection to this listener has the destination port ${port}, never ${value}: the filter chain is not reached.`,
    { tag: 'unnecessary' },
  );
}

/** Only a TLS handshake carries a server name. */
function plainWithServerName(chain: ConfigNode): Problem | undefined {
  const match = chain.get('filter_chain_match');
  const names = match?.get('server_names');
  if (!names || match?.string('transport_protocol') !== 'raw_buffer' || match.list('server_names').length === 0) return undefined;
  return warningAt(names, 'A connection without TLS (raw_buffer) has no server name: the filter chain is not reached.', {
    tag: 'unnecessary',
  });
}

function needlessDefault(listener: ConfigNode, chains: readonly ConfigNode[]): Problem | undefined {
  const other = listener.get('default_filter_chain');
  const [only] = chains;
  const takesAll =
    chains.length === 1 && only !== undefined && (only.get('filter_chain_match')?.entries().length ?? 0) === 0 && !only.isIncomplete;
  if (!other || !takesAll) return undefined;
  return warningAt(other, 'The only filter chain takes every connection: the default filter chain is not reached.', {
    tag: 'unnecessary',
    related: [{ message: 'This filter chain', at: only }],
  });
}
