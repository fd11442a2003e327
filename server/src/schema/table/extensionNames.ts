/** Names of extensions before their configuration was typed: which message a `config` under that name holds. */

const network = 'envoy.extensions.filters.network';
const http = 'envoy.extensions.filters.http';
const listener = 'envoy.extensions.filters.listener';
const accessLoggers = 'envoy.extensions.access_loggers';
const trace = 'envoy.config.trace.v3';
const metrics = 'envoy.config.metrics.v3';

/** Canonical names (`envoy.filters.http.router`), most with their older short form (`envoy.router`). */
export const extensionMessages: ReadonlyMap<string, string> = new Map([
  ...bothNames('envoy.filters.network.', 'envoy.', {
    http_connection_manager: `${network}.http_connection_manager.v3.HttpConnectionManager`,
    tcp_proxy: `${network}.tcp_proxy.v3.TcpProxy`,
    redis_proxy: `${network}.redis_proxy.v3.RedisProxy`,
    mongo_proxy: `${network}.mongo_proxy.v3.MongoProxy`,
    ratelimit: `${network}.ratelimit.v3.RateLimit`,
    ext_authz: `${network}.ext_authz.v3.ExtAuthz`,
    client_ssl_auth: `${network}.client_ssl_auth.v3.ClientSSLAuth`,
    thrift_proxy: `${network}.thrift_proxy.v3.ThriftProxy`,
    dubbo_proxy: `${network}.dubbo_proxy.v3.DubboProxy`,
    rbac: `${network}.rbac.v3.RBAC`,
    local_ratelimit: `${network}.local_ratelimit.v3.LocalRateLimit`,
    zookeeper_proxy: `${network}.zookeeper_proxy.v3.ZooKeeperProxy`,
  }),
  ...bothNames('envoy.filters.http.', 'envoy.', {
    router: `${http}.router.v3.Router`,
    buffer: `${http}.buffer.v3.Buffer`,
    cors: `${http}.cors.v3.Cors`,
    csrf: `${http}.csrf.v3.CsrfPolicy`,
    fault: `${http}.fault.v3.HTTPFault`,
    grpc_json_transcoder: `${http}.grpc_json_transcoder.v3.GrpcJsonTranscoder`,
    grpc_web: `${http}.grpc_web.v3.GrpcWeb`,
    gzip: `${http}.gzip.v3.Gzip`,
    health_check: `${http}.health_check.v3.HealthCheck`,
    lua: `${http}.lua.v3.Lua`,
    rate_limit: `${http}.ratelimit.v3.RateLimit`,
  }),
  ...bothNames('envoy.filters.http.', '', {
    ratelimit: `${http}.ratelimit.v3.RateLimit`,
    ext_authz: `${http}.ext_authz.v3.ExtAuthz`,
    jwt_authn: `${http}.jwt_authn.v3.JwtAuthentication`,
    rbac: `${http}.rbac.v3.RBAC`,
    header_to_metadata: `${http}.header_to_metadata.v3.Config`,
    ip_tagging: `${http}.ip_tagging.v3.IPTagging`,
    tap: `${http}.tap.v3.Tap`,
    adaptive_concurrency: `${http}.adaptive_concurrency.v3.AdaptiveConcurrency`,
    dynamic_forward_proxy: `${http}.dynamic_forward_proxy.v3.FilterConfig`,
    on_demand: `${http}.on_demand.v3.OnDemand`,
    original_src: `${http}.original_src.v3.OriginalSrc`,
    wasm: `${http}.wasm.v3.Wasm`,
  }),
  ...bothNames('envoy.filters.listener.', 'envoy.listener.', {
    tls_inspector: `${listener}.tls_inspector.v3.TlsInspector`,
    http_inspector: `${listener}.http_inspector.v3.HttpInspector`,
    original_dst: `${listener}.original_dst.v3.OriginalDst`,
    original_src: `${listener}.original_src.v3.OriginalSrc`,
    proxy_protocol: `${listener}.proxy_protocol.v3.ProxyProtocol`,
  }),
  ...bothNames('envoy.access_loggers.', 'envoy.', {
    file: `${accessLoggers}.file.v3.FileAccessLog`,
    file_access_log: `${accessLoggers}.file.v3.FileAccessLog`,
    http_grpc: `${accessLoggers}.grpc.v3.HttpGrpcAccessLogConfig`,
    tcp_grpc: `${accessLoggers}.grpc.v3.TcpGrpcAccessLogConfig`,
    http_grpc_access_log: `${accessLoggers}.grpc.v3.HttpGrpcAccessLogConfig`,
    tcp_grpc_access_log: `${accessLoggers}.grpc.v3.TcpGrpcAccessLogConfig`,
  }),
  ...bothNames('envoy.tracers.', 'envoy.', {
    zipkin: `${trace}.ZipkinConfig`,
    lightstep: `${trace}.LightstepConfig`,
    datadog: `${trace}.DatadogConfig`,
    dynamic_ot: `${trace}.DynamicOtConfig`,
    opencensus: `${trace}.OpenCensusConfig`,
    xray: `${trace}.XRayConfig`,
  }),
  ...bothNames('envoy.stat_sinks.', 'envoy.', {
    statsd: `${metrics}.StatsdSink`,
    dog_statsd: `${metrics}.DogStatsdSink`,
    metrics_service: `${metrics}.MetricsServiceConfig`,
    hystrix: `${metrics}.HystrixSink`,
  }),
  ['envoy.transport_sockets.tap', 'envoy.extensions.transport_sockets.tap.v3.Tap'],
  ['envoy.transport_sockets.alts', 'envoy.extensions.transport_sockets.alts.v3.Alts'],
]);

/** `''` as the short prefix: there never was a short form. */
function bothNames(prefix: string, shortPrefix: string, messages: Record<string, string>): [string, string][] {
  return Object.entries(messages).flatMap(([name, message]): [string, string][] =>
    shortPrefix === ''
      ? [[prefix + name, message]]
      : [
          [prefix + name, message],
          [shortPrefix + name, message],
        ],
  );
}
