/** The registry of listener filters by type. */
import { addStep } from '../../hop';
import { say, words, type Sentence } from '../../record/sentence';
import { inspectHttp } from './httpInspector';
import { restoreOriginalDestination } from './originalDestination';
import { readProxyProtocol } from './proxyProtocol';
import { setFilterState } from './setFilterState';
import { setInternalDestination } from './setInternalDestination';
import { inspectTls } from './tlsInspector';
import type { RunListenerFilter } from './listenerFilter';

const LISTENER = 'envoy.extensions.filters.listener';

export const listenerFilters: ReadonlyMap<string, RunListenerFilter> = new Map([
  [`${LISTENER}.tls_inspector.v3.TlsInspector`, inspectTls],
  [`${LISTENER}.http_inspector.v3.HttpInspector`, inspectHttp],
  [`${LISTENER}.original_dst.v3.OriginalDst`, restoreOriginalDestination],
  [`${LISTENER}.proxy_protocol.v3.ProxyProtocol`, readProxyProtocol],
  [`${LISTENER}.set_filter_state.v3.Config`, setFilterState],
  ['istio.set_internal_dst_address.v1.Config', setInternalDestination],
  [`${LISTENER}.original_src.v3.OriginalSrc`, passWith(words("upstream connections take the client's address; matching does not change"))],
  [
    `${LISTENER}.local_ratelimit.v3.LocalRateLimit`,
    passWith(words('the first connection finds tokens; under load it may close connections')),
  ],
  ['istio.telemetry.metadatatopeernode.v1.Config', passWith(words('it serves telemetry only'))],
  ['io.istio.http.peer_metadata.Config', passWith(words('it serves telemetry only'))],
  ['istio.workload.BootstrapExtension', passWith(words('it serves telemetry only'))],
]);

/** A filter that changes nothing that decides where the connection goes. */
function passWith(because: Sentence): RunListenerFilter {
  return (hop, { filter }) => {
    addStep(hop, { stage: 'listener_filter', decision: say`${filter.string('name')} lets the connection pass`, because, at: filter });
    return undefined;
  };
}
