/** Names in context: through the messages that embed a service, through `Any`, TypedStruct and old untyped configuration. */
import { describe, expect, test } from 'vitest';
import { collectReferences } from '../../../server/src/schema/references/collectReferences';
import { messageType } from '../../../server/src/schema/table/messageType';
import { NO_NODE } from '../../../server/src/syntax/tree/syntaxTree';
import { spellings } from './spellings';

const http = 'envoy.extensions.filters.http';
const network = 'envoy.extensions.filters.network';
const loggers = 'envoy.extensions.access_loggers';
const trace = 'envoy.config.trace.v3';
const core = 'envoy.config.core.v3';
const tls = 'envoy.extensions.transport_sockets.tls.v3';

const grpc = 'envoy_grpc.cluster_name';
const uri = 'http_uri.cluster';

describe('clusters in embedded services', () => {
  test.each([
    [`${loggers}.grpc.v3.HttpGrpcAccessLogConfig`, `common_config.grpc_service.${grpc}`],
    [`${loggers}.grpc.v3.TcpGrpcAccessLogConfig`, `common_config.grpc_service.${grpc}`],
    [`${loggers}.open_telemetry.v3.OpenTelemetryAccessLogConfig`, `common_config.grpc_service.${grpc}`],
    [`${loggers}.open_telemetry.v3.OpenTelemetryAccessLogConfig`, `grpc_service.${grpc}`],
    [`${loggers}.open_telemetry.v3.OpenTelemetryAccessLogConfig`, `http_service.${uri}`],
    [`${http}.ext_proc.v3.ExternalProcessor`, `grpc_service.${grpc}`],
    [`${http}.ext_proc.v3.ExternalProcessor`, `http_service.http_service.${uri}`],
    [`${http}.ext_proc.v3.ExtProcPerRoute`, `overrides.grpc_service.${grpc}`],
    [`${http}.ext_authz.v3.ExtAuthz`, `grpc_service.${grpc}`],
    [`${http}.ext_authz.v3.ExtAuthz`, 'http_service.server_uri.cluster'],
    [`${http}.ext_authz.v3.ExtAuthzPerRoute`, `check_settings.grpc_service.${grpc}`],
    [`${http}.ext_authz.v3.ExtAuthzPerRoute`, 'check_settings.http_service.server_uri.cluster'],
    [`${http}.rate_limit_quota.v3.RateLimitQuotaFilterConfig`, `rlqs_server.${grpc}`],
    [`${network}.ext_proc.v3.NetworkExternalProcessor`, `grpc_service.${grpc}`],
    [`${network}.ext_authz.v3.ExtAuthz`, `grpc_service.${grpc}`],
    [`${network}.redis_proxy.v3.RedisProxy`, `external_auth_provider.grpc_service.${grpc}`],
    ['envoy.extensions.stat_sinks.open_telemetry.v3.SinkConfig', `grpc_service.${grpc}`],
    [`${trace}.TraceServiceConfig`, `grpc_service.${grpc}`],
    [`${trace}.SkyWalkingConfig`, `grpc_service.${grpc}`],
    [`${trace}.OpenTelemetryConfig`, `grpc_service.${grpc}`],
    [`${trace}.OpenTelemetryConfig`, `http_service.${uri}`],
    [`${trace}.ZipkinConfig`, `collector_service.${uri}`],
    ['envoy.extensions.tracers.opentelemetry.samplers.v3.DynatraceSamplerConfig', `http_service.${uri}`],
    ['envoy.config.ratelimit.v3.RateLimitServiceConfig', `grpc_service.${grpc}`],
    ['envoy.config.metrics.v3.MetricsServiceConfig', `grpc_service.${grpc}`],
    [`${core}.HealthCheck`, `event_service.grpc_service.${grpc}`],
    [`${core}.ConfigSource`, `api_config_source.grpc_services.${grpc}`],
    [`${core}.ConfigSource`, 'api_config_source.cluster_names'],
    ['envoy.config.bootstrap.v3.Bootstrap', `dynamic_resources.ads_config.grpc_services.${grpc}`],
    ['envoy.config.bootstrap.v3.Bootstrap', `dynamic_resources.lds_config.api_config_source.grpc_services.${grpc}`],
    ['envoy.config.bootstrap.v3.Bootstrap', `cluster_manager.load_stats_config.grpc_services.${grpc}`],
    ['envoy.config.tap.v3.StreamingGrpcSink', `grpc_service.${grpc}`],
    [`${network}.sip_proxy.v3alpha.SipProxy`, `settings.tra_service_config.grpc_service.${grpc}`],
    [`${http}.jwt_authn.v3.JwtProvider`, `remote_jwks.${uri}`],
    [`${http}.oauth2.v3.OAuth2`, 'config.token_endpoint.cluster'],
    ['envoy.extensions.http.injected_credentials.oauth2.v3.OAuth2', 'token_endpoint.cluster'],
    [`${http}.gcp_authn.v3.GcpAuthnFilterConfig`, uri],
    [`${core}.AsyncDataSource`, `remote.${uri}`],
    [`${http}.wasm.v3.Wasm`, `config.vm_config.code.remote.${uri}`],
    [`${http}.ratelimit.v3.RateLimit`, `rate_limit_service.grpc_service.${grpc}`],
    [`${network}.ratelimit.v3.RateLimit`, `rate_limit_service.grpc_service.${grpc}`],
    [`${network}.thrift_proxy.filters.ratelimit.v3.RateLimit`, `rate_limit_service.grpc_service.${grpc}`],
    ['envoy.config.route.v3.VirtualHost', 'request_mirror_policies.cluster'],
    ['envoy.config.route.v3.RouteConfiguration', 'request_mirror_policies.cluster'],
    ['envoy.config.route.v3.RouteAction', 'weighted_clusters.clusters.name'],
    [`${network}.redis_proxy.v3.RedisProxy`, 'prefix_routes.catch_all_route.cluster'],
    [`${network}.dubbo_proxy.v3.RouteAction`, 'weighted_clusters.clusters.name'],
    [`${network}.generic_proxy.action.v3.RouteAction`, 'weighted_clusters.clusters.name'],
    [`${network}.rocketmq_proxy.v3.RocketmqProxy`, 'route_config.routes.route.cluster'],
    [`${network}.sip_proxy.v3alpha.SipProxy`, 'route_config.routes.route.cluster'],
  ])('%s %s', (message, path) => {
    expect(namesIn(message, nest(message, path.split('.'), 'the-cluster'), 'cluster')).toEqual(['the-cluster']);
  });
});

describe('secrets', () => {
  test.each([
    [`${tls}.UpstreamTlsContext`, 'common_tls_context.tls_certificate_sds_secret_configs.name'],
    [`${tls}.UpstreamTlsContext`, 'common_tls_context.validation_context_sds_secret_config.name'],
    [`${tls}.DownstreamTlsContext`, 'common_tls_context.combined_validation_context.validation_context_sds_secret_config.name'],
    [`${tls}.DownstreamTlsContext`, 'session_ticket_keys_sds_secret_config.name'],
    [`${http}.oauth2.v3.OAuth2`, 'config.credentials.token_secret.name'],
    [`${http}.oauth2.v3.OAuth2`, 'config.credentials.hmac_secret.name'],
    ['envoy.extensions.http.injected_credentials.generic.v3.Generic', 'credential.name'],
    ['envoy.extensions.http.injected_credentials.oauth2.v3.OAuth2', 'client_credentials.client_secret.name'],
    [`${http}.golang.v3alpha.Config`, 'generic_secrets.name'],
    [`${http}.sxg.v3alpha.SXG`, 'certificate.name'],
    [`${http}.sxg.v3alpha.SXG`, 'private_key.name'],
    ['envoy.extensions.quic.connection_id_generator.quic_lb.v3.Config', 'encryption_parameters.name'],
  ])('%s %s', (message, path) => {
    expect(namesIn(message, nest(message, path.split('.'), 'kubernetes://s'), 'secret')).toEqual(['kubernetes://s']);
  });
});

describe('in context', () => {
  test('the actions of a filter chain matcher name filter chains, other strings do not', () => {
    const action = (name: string): unknown => ({
      action: { name, typed_config: { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: name } },
    });
    const listener = {
      filter_chain_matcher: {
        matcher_tree: {
          input: {
            name: 'port',
            typed_config: { '@type': 'type.googleapis.com/envoy.extensions.matching.inputs.network.v3.DestinationPortInput' },
          },
          exact_match_map: { map: { '80': action('plain') } },
        },
        on_no_match: action('rest'),
      },
      access_log: [{ typed_config: { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: 'no chain' } }],
    };
    expect(namesIn('envoy.config.listener.v3.Listener', listener, 'filter_chain')).toEqual(['plain', 'rest']);
  });

  test('a cluster of type EDS names its endpoints by service name, or else by its own name', () => {
    const cluster = 'envoy.config.cluster.v3.Cluster';
    expect(namesIn(cluster, { name: 'c', eds_cluster_config: { service_name: 's' } }, 'endpoints')).toEqual(['s']);
    expect(namesIn(cluster, { name: 'c', eds_cluster_config: { service_name: '' } }, 'endpoints')).toEqual(['c']);
    expect(namesIn(cluster, { name: 'c', eds_cluster_config: { eds_config: { ads: {} } } }, 'endpoints')).toEqual(['c']);
  });

  test('TypedStruct is seen through, of both packages', () => {
    for (const wrapper of ['udpa.type.v1.TypedStruct', 'xds.type.v3.TypedStruct']) {
      const config = {
        '@type': `type.googleapis.com/${wrapper}`,
        type_url: 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
        value: {
          cluster: 'c',
          access_log: [
            {
              typed_config: {
                '@type': `x/${wrapper}`,
                type_url: `x/${loggers}.fluentd.v3.FluentdAccessLogConfig`,
                value: { cluster: 'f' },
              },
            },
          ],
        },
      };
      expect(namesIn('', config, 'cluster')).toEqual(['c', 'f']);
    }
  });

  test('a Struct in the type of a cluster is the message that its name tells, for each cluster anew', () => {
    const cluster = (name: string): unknown => ({
      name: 'c',
      cluster_type: { name, typed_config: { '@type': 'type.googleapis.com/google.protobuf.Struct', value: { clusters: ['a', 'b'] } } },
    });
    const clusters = ['envoy.clusters.redis', 'envoy.clusters.aggregate', 'mine'].map(cluster);
    const resources = 'envoy.config.bootstrap.v3.Bootstrap.StaticResources';
    expect(namesIn(resources, { clusters }, 'cluster')).toEqual(['c', 'c', 'a', 'b', 'c']);
  });

  test('v2 names and untyped v2 configuration are read as their v3 messages', () => {
    const listener = {
      '@type': 'type.googleapis.com/envoy.api.v2.Listener',
      filter_chains: [
        {
          filters: [
            {
              name: 'envoy.http_connection_manager',
              config: {
                route_config: {
                  virtual_hosts: [{ routes: [{ route: { cluster: 'old', request_mirror_policy: { cluster: 'shadow' } } }] }],
                },
                http_filters: [
                  { name: 'envoy.ext_authz', config: {} },
                  { name: 'envoy.filters.http.ext_authz', config: { grpc_service: { envoy_grpc: { cluster_name: 'authz' } } } },
                ],
              },
            },
            { name: 'some.plugin', config: { cluster: 'not known to be a name' } },
          ],
        },
      ],
    };
    expect(namesIn('', listener, 'cluster')).toEqual(['old', 'shadow', 'authz']);
  });

  test('messages that only v2 has name clusters, too', () => {
    const routes = { '@type': 'x/envoy.config.filter.network.tcp_proxy.v2.TcpProxy', deprecated_v1: { routes: [{ cluster: 'first' }] } };
    expect(namesIn('', routes, 'cluster')).toEqual(['first']);
    expect(namesIn('', { '@type': 'x/envoy.config.filter.http.squash.v2.Squash', cluster: 'squash' }, 'cluster')).toEqual(['squash']);
  });

  test('what has its own @type is found inside what is unknown', () => {
    const config = {
      deep: [{ thing: { '@type': 'no.such/Type', inner: { '@type': `x/${network}.tcp_proxy.v3.TcpProxy`, cluster: 'c' } } }],
    };
    expect(namesIn('', config, 'cluster')).toEqual(['c']);
  });

  test('filters delivered by ECDS are named by the filter', () => {
    const filter = { name: 'ns.plugin', config_discovery: { config_source: { ads: {} }, type_urls: [`x/${http}.wasm.v3.Wasm`] } };
    expect(namesIn(`${network}.http_connection_manager.v3.HttpConnectionManager`, { http_filters: [filter] }, 'extension_config')).toEqual([
      'ns.plugin',
    ]);
  });

  test('runtime layers set dotted keys', () => {
    const layer = { static_layer: { a: { b: 1, c: { numerator: 3 } }, 'd.e': true } };
    expect(namesIn('envoy.config.bootstrap.v3.RuntimeLayer', layer, 'runtime')).toEqual(['a.b', 'a.c', 'd.e']);
  });

  test('only names of generated policies lead to Istio resources', () => {
    const rbac = { policies: { 'ns[a]-policy[b]-rule[0]': {}, 'my-own-policy': {} } };
    expect(namesIn('envoy.config.rbac.v3.RBAC', rbac, 'istio_config')).toEqual(['ns[a]-policy[b]-rule[0]']);
  });

  test('a name knows the listener, connection manager or filter in which it counts', () => {
    const manager = (provider: string): unknown => ({
      name: 'm',
      typed_config: {
        '@type': `x/${network}.http_connection_manager.v3.HttpConnectionManager`,
        http_filters: [
          { name: 'jwt', typed_config: { '@type': `x/${http}.jwt_authn.v3.JwtAuthentication`, providers: { [provider]: {} } } },
        ],
      },
    });
    const listener = {
      name: 'l',
      filter_chains: [
        { name: 'one', filters: [manager('p')] },
        { name: 'two', filters: [manager('q')] },
      ],
    };
    for (const { tree } of spellings([listener])) {
      const found = collectReferences(tree, tree.nodeAtPointer('/0'), 'envoy.config.listener.v3.Listener');
      const scopes = found.map(
        ({ name, scopeNode }) =>
          `${name}: ${scopeNode === NO_NODE ? 'proxy' : tree.pointer(scopeNode).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
      );
      const at = (chain: number): string => `/0/filter_chains/${chain}/filters/0/typed_config`;
      const filter = (chain: number): string => `${at(chain)}/http_filters/0/typed_config`;
      expect(scopes).toEqual(['l: proxy', 'one: /0', `jwt: ${at(0)}`, `p: ${filter(0)}`, 'two: /0', `jwt: ${at(1)}`, `q: ${filter(1)}`]);
    }
    for (const { tree } of spellings({ typed_per_filter_config: { jwt: {} } }))
      expect(collectReferences(tree, tree.roots[0] ?? NO_NODE, 'envoy.config.route.v3.Route')[0]?.scopeNode).toBe(NO_NODE);
  });

  test('null, empty and misplaced values name nothing', () => {
    const action = 'envoy.config.route.v3.RouteAction';
    for (const cluster of [null, '', {}, []]) expect(namesIn(action, { cluster }, 'cluster')).toEqual([]);
  });
});

/** The same in all four spellings. */
function namesIn(message: string, config: unknown, kind: string): string[] {
  const [first, ...others] = spellings(config).map(({ tree }) =>
    collectReferences(tree, tree.roots[0] ?? NO_NODE, message)
      .filter((reference) => reference.kind === kind)
      .map((reference) => reference.name),
  );
  for (const other of others) expect(other).toEqual(first);
  return first ?? [];
}

/** `{a: {b: value}}`, with a list where the field is repeated. */
function nest(message: string, path: readonly string[], value: string): unknown {
  const [name = '', ...rest] = path;
  const field = messageType(message)?.fields.get(name);
  if (!field) throw new Error(`${message} has no ${name}`);
  const inner = rest.length === 0 ? value : nest(field.message ?? '', rest, value);
  return { [name]: field.repeated ? [inner] : inner };
}
