/** Envoy resources as Istio makes them of a service: clusters, load assignments, virtual hosts, listeners. */
import type { MeshService } from './mesh';

const API = 'type.googleapis.com';
export const UPDATED = '2026-03-01T08:15:30.250Z';
const VERSION = '2026-03-01T08:15:29Z/42';

const ADS = { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' };

export function typed(name: string, message: string, fields: object = {}): object {
  return { name, typed_config: { '@type': `${API}/${message}`, ...fields } };
}

function secret(name: string): object {
  const grpc = { api_type: 'GRPC', transport_api_version: 'V3', grpc_services: [{ envoy_grpc: { cluster_name: 'sds-grpc' } }] };
  return { name, sds_config: { api_config_source: { ...grpc, set_node_on_first_message_only: true }, resource_api_version: 'V3' } };
}

export function commonTls(identities: readonly string[]): object {
  return {
    tls_params: { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' },
    tls_certificate_sds_secret_configs: [secret('default')],
    combined_validation_context: {
      default_validation_context: { match_subject_alt_names: identities.map((exact) => ({ exact })) },
      validation_context_sds_secret_config: secret('ROOTCA'),
    },
    alpn_protocols: ['istio-peer-exchange', 'istio'],
  };
}

export function clusterName(service: MeshService, port: number, subset = ''): string {
  return `outbound|${port}|${subset}|${service.host}`;
}

export function cluster(service: MeshService, port: number, subset: string): object {
  const name = clusterName(service, port, subset);
  const tls = {
    common_tls_context: commonTls([`spiffe://cluster.local/ns/${service.namespace}/sa/${service.name}`]),
    sni: `outbound_.${port}_.${subset}_.${service.host}`,
  };
  const services = [{ host: service.host, name: service.name, namespace: service.namespace }];
  return inEntry('cluster', 'envoy.config.cluster.v3.Cluster', {
    transport_socket_matches: [
      {
        name: 'tlsMode-istio',
        match: { tlsMode: 'istio' },
        transport_socket: typed('envoy.transport_sockets.tls', 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', tls),
      },
      {
        name: 'tlsMode-disabled',
        match: {},
        transport_socket: typed('envoy.transport_sockets.raw_buffer', 'envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer'),
      },
    ],
    name,
    type: 'EDS',
    eds_cluster_config: { eds_config: ADS, service_name: name },
    connect_timeout: '10s',
    lb_policy: 'LEAST_REQUEST',
    circuit_breakers: { thresholds: [{ max_connections: 4294967295, max_requests: 4294967295, max_retries: 4294967295 }] },
    common_lb_config: { healthy_panic_threshold: {} },
    metadata: { filter_metadata: { istio: { services, ...(subset && { subset }) } } },
    filters: [
      typed('istio.metadata_exchange', 'udpa.type.v1.TypedStruct', {
        type_url: `${API}/envoy.tcp.metadataexchange.config.MetadataExchange`,
        value: { enable_discovery: true, protocol: 'istio-peer-exchange' },
      }),
    ],
  });
}

export function loadAssignment(service: MeshService, port: number, subset: string): object {
  const pods = service.pods.filter(({ version }) => subset === '' || version === subset);
  return {
    endpoint_config: {
      '@type': `${API}/envoy.config.endpoint.v3.ClusterLoadAssignment`,
      cluster_name: clusterName(service, port, subset),
      endpoints: pods.map((pod) => ({
        locality: { region: 'north-1', zone: pod.zone },
        lb_endpoints: [
          {
            endpoint: { address: { socket_address: { address: pod.ip, port_value: port === 80 ? 8080 : port } } },
            health_status: 'HEALTHY',
            metadata: {
              filter_metadata: {
                'envoy.transport_socket_match': { tlsMode: 'istio' },
                istio: { workload: `${pod.name};${service.namespace};${service.name};${pod.version};Kubernetes` },
              },
            },
            load_balancing_weight: 1,
          },
        ],
        load_balancing_weight: 1,
      })),
      policy: { overprovisioning_factor: 140 },
    },
  };
}

const RETRY = {
  retry_on: 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
  num_retries: 2,
  retry_host_predicate: [
    typed('envoy.retry_host_predicates.previous_hosts', 'envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate'),
  ],
  host_selection_retry_max_attempts: '5',
};

export function virtualHost(service: MeshService, port: number): object {
  const { host, name, namespace, subsets } = service;
  const action = { timeout: '0s', retry_policy: RETRY, max_grpc_timeout: '0s' };
  const decorator = { operation: `${host}:${port}/*` };
  const canary = {
    name: 'canary',
    match: { prefix: '/', case_sensitive: true, headers: [{ name: 'x-canary', string_match: { exact: 'true' } }] },
    route: { cluster: clusterName(service, port, 'v2'), ...action },
    metadata: { filter_metadata: { istio: { config: `/apis/networking.istio.io/v1/namespaces/${namespace}/virtual-service/${name}` } } },
    decorator,
  };
  const clusters = subsets.map((subset, index) => ({ name: clusterName(service, port, subset), weight: index === 0 ? 90 : 10 }));
  const split = { name: 'split', match: { prefix: '/' }, route: { weighted_clusters: { clusters }, ...action }, decorator };
  const plain = { name: 'default', match: { prefix: '/' }, route: { cluster: clusterName(service, port), ...action }, decorator };
  return {
    name: `${host}:${port}`,
    domains: [host, `${host}.`, `${name}.${namespace}`, `${name}.${namespace}.svc`, service.virtualIp],
    routes: subsets.length > 0 ? [canary, split] : [plain],
    include_request_attempt_count: true,
  };
}

const LOG_FORMAT =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER_RAW% %ROUTE_NAME%\n';

const ACCESS_LOG = [
  typed('envoy.access_loggers.file', 'envoy.extensions.access_loggers.file.v3.FileAccessLog', {
    path: '/dev/stdout',
    log_format: { text_format_source: { inline_string: LOG_FORMAT } },
  }),
];

export function tcpProxy(clusterOf: string): object {
  return typed('envoy.filters.network.tcp_proxy', 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', {
    stat_prefix: clusterOf,
    cluster: clusterOf,
    access_log: ACCESS_LOG,
  });
}

/** `routes`: the name of a route configuration that is delivered, or the route configuration itself. */
export function connectionManager(routes: string | object, httpFilters: readonly object[] = []): object {
  const message = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  return typed('envoy.filters.network.http_connection_manager', message, {
    stat_prefix: 'outbound',
    ...(typeof routes === 'string' ? { rds: { config_source: ADS, route_config_name: routes } } : { route_config: routes }),
    http_filters: [
      ...httpFilters,
      typed('envoy.filters.http.fault', 'envoy.extensions.filters.http.fault.v3.HTTPFault'),
      typed('envoy.filters.http.cors', 'envoy.extensions.filters.http.cors.v3.Cors'),
      typed('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router'),
    ],
    stream_idle_timeout: '0s',
    access_log: ACCESS_LOG,
    use_remote_address: false,
    upgrade_configs: [{ upgrade_type: 'websocket' }],
    normalize_path: true,
  });
}

export function listener(name: string, { address, port }: { address: string; port: number }, fields: object): object {
  const body = { name, address: { socket_address: { address, port_value: port } }, ...fields };
  const message = { '@type': `${API}/envoy.config.listener.v3.Listener`, ...body };
  return { name, active_state: { version_info: VERSION, listener: message, last_updated: UPDATED } };
}

export function inEntry(field: string, message: string, body: object): object {
  return { version_info: VERSION, [field]: { '@type': `${API}/${message}`, ...body }, last_updated: UPDATED };
}
