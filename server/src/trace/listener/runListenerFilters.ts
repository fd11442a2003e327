/** The listener filters in their order: what each adds to the connection's facts (Envoy: source/common/listener_manager/active_tcp_socket.cc). */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { addStep, type Hop, type HopResult } from '../hop';
import { readFilterConfig } from '../network/readFilterConfig';
import { cannotTell, ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { refusalOfExtension } from '../refusedExtension';
import { isDisabled } from './isDisabled';
import { listenerFilters } from './listenerFilters/listenerFilters';
import { restoreOriginalDestination } from './listenerFilters/originalDestination';
import { readProxyProtocol } from './listenerFilters/proxyProtocol';

/** Runs all filters, then what the listener's own flags append; plaintext is called `raw_buffer` in the end. */
export function runListenerFilters(hop: Hop): HopResult | undefined {
  const { listener, connection } = hop;
  if (!listener) return finish(hop);
  const list = listener.get('listener_filters');
  const top = connection.layers[0];
  // QUIC has its own listener filters; TCP inspectors never see its bytes.
  if (top?.kind === 'tls' && top.quic) {
    Object.assign(connection, { transportProtocol: 'quic', serverName: top.sni.toLowerCase(), applicationProtocols: top.alpn });
    return undefined;
  }
  const filters = list?.items() ?? [];
  for (const filter of filters) {
    const result = runFilter(hop, filter);
    if (result) return result;
  }
  if (list?.isIncomplete) (hop.doubts ??= []).push(say`the listener filters that the file leaves out`);
  return appendImplicitFilters(hop, listener) ?? finish(hop);
}

function finish({ connection }: Hop): undefined {
  if (connection.transportProtocol === '') connection.transportProtocol = 'raw_buffer';
}

function runFilter(hop: Hop, filter: ConfigNode): HopResult | undefined {
  const name = filter.string('name');
  const found = readFilterConfig(filter, hop.proxy);
  if (found.kind === 'undelivered')
    return cannotTell(say`the configuration of the listener filter ${name}, which is delivered by ECDS: no open file has it`);
  const disabled = isDisabled(filter.get('filter_disabled'), hop.connection);
  if (disabled) {
    addStep(hop, { stage: 'listener_filter', decision: say`${name} is skipped`, because: disabled, at: filter.get('filter_disabled') });
    return undefined;
  }
  const foreign = refusalOfExtension(hop, found.config.type, 'filters.listener');
  if (foreign) {
    addStep(hop, { stage: 'listener_filter', decision: words('Envoy refuses the listener'), because: foreign, at: filter });
    return ending('config_rejected');
  }
  const run = listenerFilters.get(found.config.type);
  if (run) return run(hop, { filter, config: found.config.node });
  if (filter.get('typed_config')?.isIncomplete === true)
    return cannotTell(say`what the listener filter ${name} is: the file leaves out its configuration`);
  (hop.doubts ??= []).push(say`what the listener filter ${found.config.type || name} changes`);
  addStep(hop, {
    stage: 'listener_filter',
    decision: say`${name} is not simulated`,
    because: say`what ${found.config.type || name} does is not known`,
    at: filter,
  });
  return undefined;
}

const proxiedChainOf: (listener: ConfigNode) => ConfigNode | undefined = memoizeByNode((listener) =>
  listener.list('filter_chains').find((chain) => chain.bool('use_proxy_proto') === true),
);

/** listener_impl.cc: use_original_dst appends original_dst, an old `use_proxy_proto` of a chain appends proxy_protocol after it. */
function appendImplicitFilters(hop: Hop, listener: ConfigNode): HopResult | undefined {
  if (hop.arrival.kind !== 'socket') return undefined;
  if (listener.bool('use_original_dst') === true && !hop.connection.restored)
    restoreOriginalDestination(hop, { filter: listener.get('use_original_dst') ?? listener, config: listener });
  const proxied = proxiedChainOf(listener);
  if (!proxied) return undefined;
  addStep(hop, {
    stage: 'listener_filter',
    decision: words('a PROXY protocol header is expected'),
    because: say`a chain has ${'use_proxy_proto'}`,
    at: proxied.get('use_proxy_proto'),
  });
  return readProxyProtocol(hop, { filter: proxied, config: proxied });
}
