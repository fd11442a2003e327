/** Which filters end a chain (isTerminalFilterByProto of each filter's factory); of others than these two lists nothing is claimed. */
import type { ConfigNode } from '../../schema/configNode';
import { errorAt } from './problem';
import { addItem } from '../textChanges';
import type { Problem, ProblemFix } from './rule';

interface FilterKinds {
  readonly terminal: ReadonlySet<string>;
  readonly passing: ReadonlySet<string>;
}

const network = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => `envoy.extensions.filters.network.${name}`));
const http = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => `envoy.extensions.filters.http.${name}`));

export const NETWORK: FilterKinds = {
  terminal: network([
    'http_connection_manager.v3.HttpConnectionManager',
    'http_connection_manager.v3.EnvoyMobileHttpConnectionManager',
    'tcp_proxy.v3.TcpProxy',
    'echo.v3.Echo',
    'direct_response.v3.Config',
    'redis_proxy.v3.RedisProxy',
    'thrift_proxy.v3.ThriftProxy',
    'dubbo_proxy.v3.DubboProxy',
    'generic_proxy.v3.GenericProxy',
  ]),
  passing: network([
    'rbac.v3.RBAC',
    'ext_authz.v3.ExtAuthz',
    'ratelimit.v3.RateLimit',
    'local_ratelimit.v3.LocalRateLimit',
    'connection_limit.v3.ConnectionLimit',
    'mongo_proxy.v3.MongoProxy',
    'zookeeper_proxy.v3.ZooKeeperProxy',
    'sni_cluster.v3.SniCluster',
    'sni_dynamic_forward_proxy.v3.FilterConfig',
    'set_filter_state.v3.Config',
    'kafka_broker.v3.KafkaBroker',
    'mysql_proxy.v3.MySQLProxy',
    'postgres_proxy.v3alpha.PostgresProxy',
  ]),
};

export const HTTP: FilterKinds = {
  terminal: http(['router.v3.Router']),
  passing: http([
    'adaptive_concurrency.v3.AdaptiveConcurrency',
    'admission_control.v3.AdmissionControl',
    'alternate_protocols_cache.v3.FilterConfig',
    'aws_lambda.v3.Config',
    'aws_request_signing.v3.AwsRequestSigning',
    'bandwidth_limit.v3.BandwidthLimit',
    'basic_auth.v3.BasicAuth',
    'buffer.v3.Buffer',
    'cache.v3.CacheConfig',
    'cdn_loop.v3.CdnLoopConfig',
    'compressor.v3.Compressor',
    'connect_grpc_bridge.v3.FilterConfig',
    'cors.v3.Cors',
    'credential_injector.v3.CredentialInjector',
    'csrf.v3.CsrfPolicy',
    'custom_response.v3.CustomResponse',
    'decompressor.v3.Decompressor',
    'dynamic_forward_proxy.v3.FilterConfig',
    'ext_authz.v3.ExtAuthz',
    'ext_proc.v3.ExternalProcessor',
    'fault.v3.HTTPFault',
    'file_system_buffer.v3.FileSystemBufferFilterConfig',
    'gcp_authn.v3.GcpAuthnFilterConfig',
    'geoip.v3.Geoip',
    'grpc_field_extraction.v3.GrpcFieldExtractionConfig',
    'grpc_http1_bridge.v3.Config',
    'grpc_http1_reverse_bridge.v3.FilterConfig',
    'grpc_json_transcoder.v3.GrpcJsonTranscoder',
    'grpc_stats.v3.FilterConfig',
    'grpc_web.v3.GrpcWeb',
    'header_mutation.v3.HeaderMutation',
    'header_to_metadata.v3.Config',
    'health_check.v3.HealthCheck',
    'ip_tagging.v3.IPTagging',
    'json_to_metadata.v3.JsonToMetadata',
    'jwt_authn.v3.JwtAuthentication',
    'kill_request.v3.KillRequest',
    'local_ratelimit.v3.LocalRateLimit',
    'lua.v3.Lua',
    'oauth2.v3.OAuth2',
    'on_demand.v3.OnDemand',
    'original_src.v3.OriginalSrc',
    'rate_limit_quota.v3.RateLimitQuotaFilterConfig',
    'ratelimit.v3.RateLimit',
    'rbac.v3.RBAC',
    'set_filter_state.v3.Config',
    'set_metadata.v3.Config',
    'stateful_session.v3.StatefulSession',
    'tap.v3.Tap',
    'thrift_to_metadata.v3.ThriftToMetadata',
    'wasm.v3.Wasm',
  ]),
};

/** Envoy's words: terminal … must be the last; non-terminal … is the last. An empty chain is allowed. */
export function terminalProblems(filters: readonly ConfigNode[], kinds: FilterKinds, chain: string): Problem[] {
  return filters.flatMap((filter, index): Problem[] => {
    const isLast = index === filters.length - 1;
    const type = filter.typed()?.type ?? '';
    const name = filter.string('name');
    if (!isLast && kinds.terminal.has(type))
      return [errorAt(filter, `The terminal filter "${name}" must be the last filter in a ${chain} filter chain.`)];
    const mayGoOn = filter.parent?.isIncomplete ?? false;
    if (isLast && !mayGoOn && kinds.passing.has(type))
      return [
        errorAt(
          filter,
          `The filter "${name}" ends no chain and is the last filter in a ${chain} filter chain.${chain.startsWith('HTTP') ? ' Add the router after it.' : ''}`,
          {
            fix: () => (chain.startsWith('HTTP') && filter.parent ? addRouter(filter.parent) : undefined),
          },
        ),
      ];
    return [];
  });
}

function addRouter(filters: ConfigNode): ProblemFix | undefined {
  const router = {
    name: 'envoy.filters.http.router',
    typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
  };
  const changes = addItem(filters, router, 'end');
  return changes && { title: 'Add "envoy.filters.http.router"', changes };
}
