/** What Envoy looks at only when it runs: a warning, never an error. */
import { describe, expect, test } from 'vitest';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';
import { listenerWith } from './configurations';

/** `code severity` of all errors and warnings. */
function judge(config: object): string[] {
  const uri = 'test:/envoy.json';
  return collectDiagnostics(buildSnapshot([{ uri, text: JSON.stringify(config) }]), uri)
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ code, severity }) => `${code} ${severity}`);
}

const delta = { api_type: 'DELTA_GRPC', transport_api_version: 'V3', grpc_services: [{ envoy_grpc: { cluster_name: 'xds' } }] };
const sdsConfig = { ads: {} };

function clusterWith(commonTlsContext: object): object {
  const typedConfig = {
    '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
    common_tls_context: commonTlsContext,
  };
  // While its name is resolved, ADS comes to be.
  const endpoint = { address: { socket_address: { address: 'a.example', port_value: 1 } } };
  const assignment = { cluster_name: 'c', endpoints: [{ lb_endpoints: [{ endpoint }] }] };
  const transport_socket = { name: 'tls', typed_config: typedConfig };
  const cluster = { name: 'c', type: 'STRICT_DNS', load_assignment: assignment, transport_socket };
  return { node: { id: 'n', cluster: 'k' }, static_resources: { clusters: [cluster] } };
}

describe('TLS settings whose secrets are still to come', () => {
  const wrongCurve = { tls_params: { ecdh_curves: ['nope'] } };
  const noCertificate = { tls_certificates: [{ certificate_chain: { inline_string: 'x' }, private_key: { inline_string: 'y' } }] };
  test.each([
    { validation_context_sds_secret_config: { name: 'ca', sds_config: sdsConfig } },
    { tls_certificate_sds_secret_configs: [{ name: 'own', sds_config: sdsConfig }] },
    {
      combined_validation_context: {
        default_validation_context: {},
        validation_context_sds_secret_config: { name: 'ca', sds_config: sdsConfig },
      },
    },
  ])('%j', (secrets) => {
    expect(judge(clusterWith({ ...wrongCurve, ...secrets }))).toContain('tls-parameters warning');
    expect(judge(clusterWith({ ...noCertificate, ...secrets }))).toContain('tls-certificates warning');
    expect(judge(clusterWith({ ...wrongCurve, ...noCertificate, ...secrets })).filter((found) => found.endsWith('error'))).toEqual([]);
  });
  test('a secret of the bootstrap is there at once', () =>
    expect(judge(clusterWith({ ...wrongCurve, validation_context_sds_secret_config: { name: 'ca' } }))).toContain('tls-parameters error'));
  test('a chain without its key is refused all the same', () =>
    expect(
      judge(
        clusterWith({
          tls_certificates: [{ certificate_chain: { filename: 'a.pem' } }],
          validation_context_sds_secret_config: { name: 'ca', sds_config: sdsConfig },
        }),
      ),
    ).toContain('tls-certificates error'));
});

const EXTENSIONS = 'type.googleapis.com/envoy.extensions.filters.';
const scopedManager = {
  name: 'h',
  typed_config: {
    '@type': `${EXTENSIONS}network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 's',
    http_filters: [{ name: 'envoy.filters.http.router', typed_config: { '@type': `${EXTENSIONS}http.router.v3.Router` } }],
    scoped_routes: {
      name: 's',
      scope_key_builder: { fragments: [{ header_value_extractor: { name: 'x', index: 0 } }] },
      rds_config_source: { path_config_source: { path: 'a.yaml' } },
      scoped_route_configurations_list: {
        scoped_route_configurations: [{ name: 'a', key: { fragments: [{ string_key: 'x' }] }, route_configuration: { name: 'q' } }],
      },
    },
  },
};

describe('sources of xDS', () => {
  const bootstrap = (apiType: string, node: object) => ({
    node,
    dynamic_resources: { cds_config: { resource_api_version: 'V3', api_config_source: { ...delta, api_type: apiType } } },
  });
  const node = { id: 'n', cluster: 'k' };
  test('the cluster of a delta stream is looked for later', () =>
    expect(judge(bootstrap('DELTA_GRPC', node))).toEqual(['config-source-cluster warning']));
  test('that of a plain stream at once', () => expect(judge(bootstrap('GRPC', node))).toEqual(['config-source-cluster error']));
  test('and that of ADS always', () =>
    expect(judge({ node, dynamic_resources: { ads_config: delta, cds_config: { ads: {} } } })).toEqual(['config-source-cluster error']));
  test('the node is asked for at once, but by a delta stream of ADS that nothing subscribes to', () => {
    expect(judge(bootstrap('DELTA_GRPC', {}))).toEqual(['missing-node error', 'config-source-cluster warning']);
    expect(judge({ dynamic_resources: { ads_config: delta } })).toContain('missing-node warning');
  });
  test('the routes of scopes that have theirs with them come from nowhere', () =>
    expect(
      judge({
        static_resources: {
          listeners: [
            {
              name: 'l',
              address: { socket_address: { address: '1.1.1.1', port_value: 1 } },
              filter_chains: [{ filters: [scopedManager] }],
            },
          ],
        },
      }),
    ).not.toContain('missing-node error'));
});

describe('what Envoy makes when it runs', () => {
  const broken = { safe_regex: { regex: '(' } };
  test.each([
    ['names of statistics', { stats_config: { stats_matcher: { exclusion_list: { patterns: [broken] } } }, admin: {} }],
    ['paths of the admin interface', { admin: { allow_paths: [broken] }, static_resources: {} }],
  ])('%s', (_, config) => expect(judge(config)).toEqual(['invalid-regex warning']));
  test('the resolver of the bootstrap, unless a cache has none of its own', () => {
    const type = 'type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig';
    const resolver = { name: 'r', typed_config: { '@type': type, resolvers: [{ pipe: { path: '/a' } }] } };
    const cache = (own: object): object => ({
      '@type': 'type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig',
      dns_cache_config: { name: 'a', ...own },
    });
    const bootstrap = (own: object): object => ({
      static_resources: {
        clusters: [{ name: 'c', lb_policy: 'CLUSTER_PROVIDED', cluster_type: { name: 'd', typed_config: cache(own) } }],
      },
      typed_dns_resolver_config: resolver,
    });
    const system = 'type.googleapis.com/envoy.extensions.network.dns_resolver.getaddrinfo.v3.GetAddrInfoDnsResolverConfig';
    const ofItsOwn = { typed_dns_resolver_config: { name: 'g', typed_config: { '@type': system } } };
    expect(judge(bootstrap({}))).toEqual(['malformed-address error']);
    expect(judge(bootstrap(ofItsOwn))).toEqual([]);
  });
  test('a tracer that does not exist is told at once', () => {
    const http = { name: 'x', typed_config: { '@type': 'type.googleapis.com/google.protobuf.Struct' } };
    expect(judge({ static_resources: {}, tracing: { http } })).toContain('wrong-extension error');
    const inside = { '@type': 'type.googleapis.com/xds.type.v3.TypedStruct', type_url: 'type.googleapis.com/envoy.config.trace.v3.Nope' };
    expect(judge({ static_resources: {}, tracing: { http: { name: 'x', typed_config: inside } } })).toEqual(['unknown-type error']);
  });
});

describe('monitors of the overload manager', () => {
  const monitor = (name: string, type: string, fields: object) => ({
    overload_manager: {
      resource_monitors: [{ name, typed_config: { '@type': `type.googleapis.com/envoy.extensions.resource_monitors.${type}`, ...fields } }],
    },
  });
  const connections = { max_active_downstream_connections: 5 };
  const proactive = 'envoy.resource_monitors.global_downstream_max_connections';
  test('one that counts by itself goes by its name', () =>
    expect(judge(monitor(proactive, 'downstream_connections.v3.DownstreamConnectionsConfig', connections))).toEqual([]));
  test('under another name it is none', () =>
    expect(judge(monitor('x', 'downstream_connections.v3.DownstreamConnectionsConfig', connections))).toEqual(['wrong-extension error']));
  test('and the name takes no other', () =>
    expect(judge(monitor(proactive, 'fixed_heap.v3.FixedHeapConfig', { max_heap_size_bytes: 5 }))).toEqual(['wrong-extension error']));
});

describe('what Envoy tells apart by more than the type', () => {
  const cluster = (clusterType: object, endpoints: object[] = []) => ({
    static_resources: {
      clusters: [
        { name: 'n', lb_policy: 'CLUSTER_PROVIDED', cluster_type: clusterType, load_assignment: { cluster_name: 'n', endpoints } },
      ],
    },
  });
  const typed = (type: string, fields: object) => ({ '@type': `type.googleapis.com/${type}`, ...fields });
  const errorsOf = (config: object) => judge(config).filter((found) => found.endsWith('error'));
  const struct = (name: string) => cluster({ name, typed_config: typed('google.protobuf.Struct', { value: {} }) });
  test('a cluster without a type goes by its name', () => {
    expect(errorsOf(struct('envoy.clusters.redis'))).toEqual([]);
    expect(errorsOf(struct('mine'))).toEqual(['wrong-extension error']);
  });

  const dns = (isSingle: boolean, locality: object) => ({
    ...cluster(
      { name: 'd', typed_config: typed('envoy.extensions.clusters.dns.v3.DnsCluster', { all_addresses_in_single_endpoint: isSingle }) },
      [locality],
    ),
    cluster_manager: { local_cluster_name: 'n' },
  });
  const address = (fields: object) => ({ endpoint: { address: { socket_address: { address: 'a.b', port_value: 80, ...fields } } } });
  test('priorities of the local cluster, unless all its addresses are one endpoint', () => {
    expect(errorsOf(dns(false, { priority: 1, lb_endpoints: [address({})] }))).toContain('local-cluster error');
    expect(errorsOf(dns(true, { priority: 1, lb_endpoints: [address({})] }))).not.toContain('local-cluster error');
  });
  test('a custom resolver in a cluster of the DNS extension', () =>
    expect(errorsOf(dns(false, { lb_endpoints: [address({ resolver_name: 'x' })] }))).toContain('cluster-discovery error'));

  const source = (...names: string[]) => ({
    authorities: names.map((name) => ({ name })),
    api_config_source: { api_type: 'AGGREGATED_GRPC', grpc_services: [{ envoy_grpc: { cluster_name: 'n' } }] },
  });
  test('an authority twice in one source, not in two', () => {
    expect(errorsOf({ config_sources: [source('a', 'a')] })).toContain('bootstrap-settings error');
    expect(errorsOf({ config_sources: [source('a'), source('a', 'b')] })).not.toContain('bootstrap-settings error');
  });
  test('the format of a reverse connection', () => {
    const reverse = (format: string) =>
      cluster({
        name: 'r',
        typed_config: typed('envoy.extensions.clusters.reverse_connection.v3.ReverseConnectionClusterConfig', { host_id_format: format }),
      });
    expect(errorsOf(reverse('%INVALID_COMMAND()%'))).toContain('format-string error');
    expect(errorsOf(reverse('%REQ(x)%'))).not.toContain('format-string error');
  });
});

describe('the tracer of the bootstrap', () => {
  const typed = (type: string, fields: object) => ({
    name: 'x',
    typed_config: { '@type': `type.googleapis.com/envoy.${type}`, ...fields },
  });
  const tracer = typed('config.trace.v3.DatadogConfig', { collector_cluster: 'nowhere' });
  const bootstrap = (manager: object) => ({
    tracing: { http: tracer },
    ...listenerWith(
      typed('extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
        stat_prefix: 's',
        route_config: {},
        http_filters: [typed('extensions.filters.http.router.v3.Router', {})],
        ...manager,
      }),
    ),
  });
  test('is made for a connection manager that traces', () =>
    expect(judge(bootstrap({ tracing: {} })).sort()).toEqual(['dangling-reference error', 'missing-field error']));
  test('and for none that does not', () =>
    expect(judge(bootstrap({})).sort()).toEqual(['dangling-reference warning', 'missing-field warning']));
  test('nor for one with a tracer of its own', () =>
    expect(
      judge(
        bootstrap({ tracing: { provider: typed('config.trace.v3.DatadogConfig', { collector_cluster: 'c', service_name: 's' }) } }),
      ).filter((found) => found.startsWith('missing')),
    ).toEqual(['missing-field warning']));
  test('nor are defaults that have gone out of use', () => {
    const zipkin = typed('config.trace.v3.ZipkinConfig', { collector_cluster: 'nowhere', collector_endpoint: '/' });
    const found = (manager: object) => judge({ ...bootstrap(manager), tracing: { http: zipkin } });
    expect(found({})).toContain('removed-field warning');
    expect(found({ tracing: {} })).toContain('removed-field error');
  });
});

test('the clusters of a Thrift route, unless it says that they are not to be looked up', () => {
  const thrift = (fields: object) =>
    listenerWith({
      name: 't',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.network.thrift_proxy.v3.ThriftProxy',
        stat_prefix: 't',
        route_config: { routes: [{ match: { method_name: 'm' }, route: { cluster: 'nowhere' } }], ...fields },
      },
    });
  expect(judge(thrift({}))).toContain('dangling-reference error');
  expect(judge(thrift({ validate_clusters: false }))).not.toContain('dangling-reference error');
});

describe('extensions in extensions', () => {
  const typed = (type: string, fields: object) => ({ name: 'x', typed_config: { '@type': `type.googleapis.com/${type}`, ...fields } });
  const text = { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: 'a' };
  test('a filter with a matcher is a filter', () => {
    const delegate = (inner: object) => ({
      '@type': 'type.googleapis.com/envoy.extensions.common.matching.v3.ExtensionWithMatcher',
      extension_config: inner,
      xds_matcher: {},
    });
    expect(judge(delegate({ name: 'x', typed_config: text }))).toContain('wrong-extension error');
    expect(judge(delegate(typed('envoy.extensions.filters.http.cors.v3.Cors', {})))).not.toContain('wrong-extension error');
    expect(judge(delegate(typed('envoy.extensions.filters.network.echo.v3.Echo', {})))).toContain('wrong-extension error');
  });
  test('a filter of the access log is one of its own kind', () => {
    const log = (inner: object) => ({
      filter: { extension_filter: inner },
      ...typed('envoy.extensions.access_loggers.stream.v3.StdoutAccessLog', {}),
    });
    expect(judge(log(typed('envoy.config.accesslog.v3.HeaderFilter', { header: { name: 'a' } })))).toContain('wrong-extension error');
    expect(judge(log(typed('envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter', { expression: 'true' })))).not.toContain(
      'wrong-extension error',
    );
  });
  test('a custom response is redirected to a path as it stands', () =>
    expect(
      judge({
        '@type': 'type.googleapis.com/envoy.extensions.http.custom_response.redirect_policy.v3.RedirectPolicy',
        redirect_action: { host_redirect: 'a.b', prefix_rewrite: '/x' },
      }),
    ).toContain('extension-settings error'));
});
