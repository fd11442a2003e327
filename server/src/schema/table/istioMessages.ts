/** Messages of Istio's own filters, which no descriptor describes; the notation of a field is in overlay.ts. */
import type { Fields } from './messageDescription';

const peer = 'io.istio.http.peer_metadata.Config';
const network = 'envoy.extensions.filters.network';

/** Istio's filters: github.com/istio/proxy, source/extensions (older ones src/envoy). */
export const istioMessages: Readonly<Record<string, Fields>> = {
  [peer]: {
    downstream_discovery: `repeated ${peer}.DiscoveryMethod`,
    upstream_discovery: `repeated ${peer}.DiscoveryMethod`,
    downstream_propagation: `repeated ${peer}.PropagationMethod`,
    upstream_propagation: `repeated ${peer}.PropagationMethod`,
    shared_with_upstream: 'bool',
    additional_labels: 'repeated string',
  },
  [`${peer}.DiscoveryMethod`]: {
    baggage: `${peer}.Baggage`,
    workload_discovery: `${peer}.WorkloadDiscovery`,
    istio_headers: `${peer}.IstioHeaders`,
  },
  [`${peer}.PropagationMethod`]: { istio_headers: `${peer}.IstioHeaders`, baggage: `${peer}.Baggage` },
  [`${peer}.Baggage`]: {},
  [`${peer}.WorkloadDiscovery`]: {},
  [`${peer}.IstioHeaders`]: { skip_external_clusters: 'bool' },
  'envoy.extensions.network_filters.peer_metadata.Config': { baggage_key: 'string' },
  'envoy.extensions.network_filters.peer_metadata.UpstreamConfig': {},
  [`${network}.peer_metadata.v3.Config`]: { baggage_key: 'string' },
  [`${network}.peer_metadata.v3.UpstreamConfig`]: {},
  'io.istio.http.connect_authority.Config': { enabled: 'bool', port: 'uint32' },
  'io.istio.http.connect_baggage.Config': {},
  'io.istio.network.authn.Config': { shared: 'bool' },
  'istio.set_internal_dst_address.v1.Config': {},
  'istio.tls_passthrough.v1.CaptureTLS': {},
  'istio.tls_passthrough.v1.RestoreTLS': {},
  'istio.workload.BootstrapExtension': { config_source: 'envoy.config.core.v3.ConfigSource' },
  'istio.envoy.config.filter.http.authn.v2alpha1.FilterConfig': {
    policy: 'google.protobuf.Struct',
    jwt_output_payload_locations: 'map<string, string>',
    skip_validate_trust_domain: 'bool',
    disable_clear_route_cache: 'bool',
  },
};
