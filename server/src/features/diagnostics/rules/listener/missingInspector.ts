/** Filter chains that ask for TLS or HTTP facts which no listener filter reads from the connection: they are never chosen for their sake. */
import type { ConfigNode } from '../../../../schema/configNode';
import { LISTENER } from '../../messageNames';
import { adviceRule } from '../../messageRule';
import { warningAt } from '../../problem';
import type { Problem, ProblemFix } from '../../rule';
import { addToList } from '../../../writing/textChanges';
import { isUdp } from '../../../../model/summary/listenerSummary';

const INSPECTORS = {
  tls: 'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector',
  http: 'envoy.extensions.filters.listener.http_inspector.v3.HttpInspector',
} as const;

/** What http_inspector sets; everything else in `application_protocols` is TLS's ALPN. */
const PLAIN_PROTOCOLS = new Set(['http/1.0', 'http/1.1', 'h2c']);

export const missingInspector = adviceRule('missing-inspector', {
  [LISTENER]: (listener) => {
    if (isUdp(listener) || listener.has('filter_chain_matcher') || listener.get('listener_filters')?.isIncomplete) return [];
    const filters = listener.list('listener_filters').map((filter) => filter.typed()?.type ?? '');
    // Filters delivered later, and filters of others, may read what these read.
    if (filters.some((type) => !type.startsWith('envoy.extensions.filters.listener.') || /dynamic_modules|wasm|golang/.test(type)))
      return [];
    return listener.list('filter_chains').map((chain) => missingFor(listener, chain, filters));
  },
});

function missingFor(listener: ConfigNode, chain: ConfigNode, filters: readonly string[]): Problem | undefined {
  const match = chain.get('filter_chain_match');
  if (!match) return undefined;
  const hasTls = filters.includes(INSPECTORS.tls);
  const tls =
    match.get('server_names') ?? (/^(?:tls)$/.test(match.string('transport_protocol')) ? match.get('transport_protocol') : undefined);
  if (tls && !hasTls)
    return warningAt(
      tls,
      'The listener has no "envoy.filters.listener.tls_inspector": Envoy cannot tell TLS or its server name before it chooses the chain.',
      { fix: () => addInspector(listener, 'tls') },
    );
  const protocols = match.list('application_protocols').map((protocol) => protocol.asString() ?? '');
  const at = match.get('application_protocols');
  if (!at || protocols.length === 0 || hasTls) return undefined;
  if (protocols.every((protocol) => PLAIN_PROTOCOLS.has(protocol)) && filters.includes(INSPECTORS.http)) return undefined;
  const needed = protocols.some((protocol) => PLAIN_PROTOCOLS.has(protocol))
    ? 'http_inspector" or "envoy.filters.listener.tls_inspector'
    : 'tls_inspector';
  return warningAt(
    at,
    `The listener has no "envoy.filters.listener.${needed}": Envoy cannot tell the application protocol before it chooses the chain.`,
    { fix: () => addInspector(listener, protocols.every((protocol) => PLAIN_PROTOCOLS.has(protocol)) ? 'http' : 'tls') },
  );
}

function addInspector(listener: ConfigNode, kind: keyof typeof INSPECTORS): ProblemFix | undefined {
  const name = `envoy.filters.listener.${kind}_inspector`;
  const filter = { name, typed_config: { '@type': `type.googleapis.com/${INSPECTORS[kind]}` } };
  const changes = addToList(listener, 'listener_filters', filter, 'start');
  return changes && { title: `Add "${name}"`, changes };
}
