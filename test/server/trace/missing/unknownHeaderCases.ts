/** Headers whose value only the running Envoy knows, in places that read them. */
import { any, cluster, CUT, filter, manager, missing, ROUTE, type Call, type Fields, type MissingCase, type World } from './missingCase';

export const OPEN = '%CONNECTION_ID%';
export const written = (key: string, value: string): unknown =>
  filter('m', 'header_mutation.v3.HeaderMutation', {
    mutations: { request_mutations: [{ append: { header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' } }] },
  });
const ROUTED_ANEW = filter('l', 'lua.v3.Lua', {
  default_source_code: { inline_string: 'function envoy_on_request(h) h:clearRouteCache() end' },
});

/** A filter writes the header before another reads it. */
export const read = (key: string, value: string, type: string, fields: Fields = {}): World => ({
  http: [written(key, value), filter('f', type, fields)],
});
/** The route is chosen anew by a header that a filter has written. */
const routed = (key: string, value: string, fields: World): World => ({ http: [written(key, value), ROUTED_ANEW], ...fields });
const matched = (fields: Fields): World => ({ routes: [{ ...ROUTE, match: { prefix: '/', ...fields } }, ROUTE] });

const SCOPES: World = {
  manager: {
    route_config: null,
    scoped_routes: {
      name: 'n',
      scope_key_builder: { fragments: [{ header_value_extractor: { name: 'x-scope', index: 0 } }] },
      scoped_route_configurations_list: {
        scoped_route_configurations: [
          {
            name: 's',
            key: { fragments: [{ string_key: 'one' }] },
            route_configuration: { name: 'rc', virtual_hosts: [{ name: 'v', domains: ['*'], routes: [ROUTE] }] },
          },
        ],
      },
    },
  },
};

/** What a body says goes into metadata, which a policy asks for. */
const fromBody = (value: string, name: string, type: string, fields: Fields): World => ({
  http: [
    written('content-type', value),
    filter(name, type, fields),
    filter('r', 'rbac.v3.RBAC', {
      rules: {
        action: 'DENY',
        policies: {
          p: {
            permissions: [{ any: true }],
            principals: [{ metadata: { filter: 'n', path: [{ key: 'k' }], value: { present_match: true } } }],
          },
        },
      },
    }),
  ],
});
const INTO = { metadata_namespace: 'n', key: 'k' };
const ON_JSON = { request_rules: { rules: [{ selectors: [{ key: 'k' }], on_present: INTO }] } };
const ON_THRIFT = { request_rules: [{ field: 'METHOD_NAME', on_present: INTO }] };
const POST: Call = { method: 'POST', headers: { 'content-length': '5' } };

const weighted = (header: string): World => ({
  routes: [{ ...ROUTE, route: { weighted_clusters: { clusters: [{ cluster_header: header, weight: 1 }] } } }],
});

const PROVIDER = { local_jwks: { inline_string: '{"keys": []}' } };
const JWT: Fields = {
  providers: { p: PROVIDER },
  rules: [{ match: { prefix: '/' }, requires: { provider_name: 'p' } }],
  bypass_cors_preflight: true,
};
const SESSION: Fields = {
  session_state: {
    name: 's',
    typed_config: any('envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState', { name: 'x-s' }),
  },
};

const TLS = { name: 't', typed_config: any('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', {}) };

/** A transport socket that asks a proxy, which filter state or the socket itself names. */
function proxied(fields: Fields, http: readonly unknown[] = []): World {
  const typed = any('envoy.extensions.transport_sockets.http_11_proxy.v3.Http11ProxyUpstreamTransport', fields);
  return {
    http,
    routes: [{ ...ROUTE, route: { cluster: 'b' } }],
    clusters: [cluster('b', { transport_socket: { name: 'p', typed_config: typed } })],
  };
}
const NAMED = filter('s', 'set_filter_state.v3.Config', {
  on_request_headers: [
    {
      object_key: 'envoy.network.transport_socket.http_11_proxy.info',
      format_string: { text_format_source: { inline_string: 'a.test,10.0.0.4:3128' } },
    },
  ],
});
const ADDRESS = { socket_address: { address: '10.0.0.4', port_value: 3128 } };

/** A filter writes what a format tells of the cluster, by which the route is chosen anew. */
const told = (format: string, fields: Fields): World => ({
  http: [written('y', format), ROUTED_ANEW],
  routes: [
    { match: { prefix: '/', headers: [{ name: 'y', string_match: { exact: 'b' } }] }, route: { cluster: 'a' } },
    { ...ROUTE, route: { cluster: 'b' } },
  ],
  clusters: [cluster('b', fields)],
});

const CACHE: Fields = { typed_config: any('envoy.extensions.http.cache.simple_http_cache.v3.SimpleHttpCacheConfig') };
/** A filter writes what may be nothing: not every request has a trace. */
const MUTED = (name: string): unknown => written(name, '%TRACE_ID%');
const TRACED: World = { manager: { tracing: {} } };
const INJECTED: Fields = {
  credential: {
    name: 'c',
    typed_config: any('envoy.extensions.http.injected_credentials.generic.v3.Generic', { credential: { name: 's' } }),
  },
};
const TAGS: Fields = {
  ip_tags: [{ ip_tag_name: 't', ip_list: [{ address_prefix: '9.9.9.9', prefix_len: 32 }] }],
  ip_tag_header: { header: 'x-tags' },
};
const INTERNAL: World = {
  ...matched({ headers: [{ name: 'x-envoy-internal', present_match: true }] }),
  manager: { use_remote_address: true, internal_address_config: { cidr_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] } },
};

/** Behind an internal listener a route asks who has forwarded the request. */
const forwarded = (http: readonly unknown[]): World => {
  const match = { prefix: '/', headers: [{ name: 'x-forwarded-for', string_match: { exact: '10.7.7.7' } }] };
  const host = { endpoint: { address: { envoy_internal_address: { server_listener_name: 'in' } } } };
  const behind = manager({ routes: [{ match, route: { cluster: 'a' } }, ROUTE] });
  return {
    http,
    routes: [{ ...ROUTE, route: { cluster: 'b' } }],
    clusters: [cluster('b', { load_assignment: { cluster_name: 'b', endpoints: [{ lb_endpoints: [host] }] } })],
    listeners: [{ name: 'in', internal_listener: {}, filter_chains: [{ filters: [behind] }] }],
  };
};

export const unknownHeaderCases: readonly MissingCase[] = [
  missing(
    'the host that a header writes',
    { world: { routes: [{ ...ROUTE, route: { cluster: 'a', host_rewrite_header: 'x-request-id' } }] } },
    { world: { routes: [{ ...ROUTE, route: { cluster: 'a', host_rewrite_header: 'x-host' } }] }, call: { headers: { 'x-host': 'b' } } },
  ),
  missing(
    'the key of a scope',
    { world: routed('x-scope', OPEN, SCOPES), call: { headers: { 'x-scope': 'one' } } },
    {
      world: routed('x-scope', 'one', SCOPES),
    },
  ),
  missing(
    'the name of a cluster in statistics, kept back',
    { world: told('%UPSTREAM_CLUSTER%', { alt_stat_name: '[redacted]' }) },
    { world: told('%UPSTREAM_CLUSTER%', {}) },
  ),
  missing(
    'metadata of a cluster that is cut',
    { world: told('%CLUSTER_METADATA(n:k)%', { metadata: CUT }) },
    { world: told('%CLUSTER_METADATA(n:k)%', {}) },
  ),
  missing('the cluster of a weight', { world: weighted('x-request-id') }, { world: weighted('to'), call: { headers: { to: 'a' } } }),
  missing(
    'a cookie',
    { world: routed('cookie', OPEN, matched({ cookies: [{ name: 'c' }] })) },
    { world: routed('cookie', 'c=1', matched({ cookies: [{ name: 'c' }] })) },
  ),
  missing(
    'whether a request is gRPC',
    { world: routed('content-type', OPEN, matched({ grpc: {} })) },
    { world: routed('content-type', 'application/grpc', matched({ grpc: {} })) },
  ),
  missing(
    'by which scheme the client came',
    { world: routed('x-forwarded-proto', OPEN, { virtualHost: { require_tls: 'ALL' } }) },
    { world: routed('x-forwarded-proto', 'https', { virtualHost: { require_tls: 'ALL' } }) },
  ),
  missing(
    'whether a filter kills Envoy',
    { world: read('x-envoy-kill-request', OPEN, 'kill_request.v3.KillRequest') },
    { world: read('x-envoy-kill-request', 'no', 'kill_request.v3.KillRequest') },
  ),
  missing(
    'whether a body is transformed',
    { world: read('content-type', OPEN, 'transform.v3.TransformConfig', { request_transformation: {} }), call: POST },
    { world: read('content-type', 'text/plain', 'transform.v3.TransformConfig', { request_transformation: {} }) },
  ),
  missing(
    'whether a JSON body is read',
    { world: fromBody(OPEN, 'j', 'json_to_metadata.v3.JsonToMetadata', ON_JSON), call: POST },
    { world: fromBody('text/plain', 'j', 'json_to_metadata.v3.JsonToMetadata', ON_JSON) },
  ),
  missing(
    'whether a Thrift body is read',
    { world: fromBody(OPEN, 't', 'thrift_to_metadata.v3.ThriftToMetadata', ON_THRIFT), call: POST },
    { world: fromBody('text/plain', 't', 'thrift_to_metadata.v3.ThriftToMetadata', ON_THRIFT) },
  ),
  missing(
    'whether a request is a preflight request',
    {
      world: read('origin', OPEN, 'jwt_authn.v3.JwtAuthentication', JWT),
      call: { method: 'OPTIONS', headers: { 'access-control-request-method': 'GET' } },
    },
    { world: read('origin', 'http://b', 'jwt_authn.v3.JwtAuthentication', JWT) },
  ),
  missing(
    'the session of a request',
    { world: read('x-s', OPEN, 'stateful_session.v3.StatefulSession', SESSION) },
    { world: read('x-s', 'MTAuNTAuMC4xOjgw', 'stateful_session.v3.StatefulSession', SESSION) },
  ),
  missing(
    'what a proxy is asked for, by a socket that is cut',
    { world: proxied({ transport_socket: CUT }, [NAMED]) },
    { world: proxied({ transport_socket: TLS }, [NAMED]) },
  ),
  missing(
    'the proxy that a socket names',
    { world: proxied({ transport_socket: TLS, default_proxy_address: CUT }) },
    { world: proxied({ transport_socket: TLS, default_proxy_address: ADDRESS }) },
  ),
  missing(
    'whether a request is gRPC-Web',
    { world: read('content-type', OPEN, 'grpc_web.v3.GrpcWeb') },
    { world: read('content-type', 'text/plain', 'grpc_web.v3.GrpcWeb') },
  ),
  missing(
    'whether a request becomes HTTP/1',
    { world: read('content-type', OPEN, 'grpc_http1_bridge.v3.Config') },
    { world: read('content-type', 'text/plain', 'grpc_http1_bridge.v3.Config') },
  ),
  missing(
    'whether messages of gRPC are read',
    { world: read('content-type', OPEN, 'grpc_field_extraction.v3.GrpcFieldExtractionConfig') },
    { world: read('content-type', 'text/plain', 'grpc_field_extraction.v3.GrpcFieldExtractionConfig') },
  ),
  missing(
    'whether a request is transcoded',
    { world: read('content-type', OPEN, 'grpc_json_transcoder.v3.GrpcJsonTranscoder', { services: ['s'] }) },
    { world: read('content-type', 'application/grpc', 'grpc_json_transcoder.v3.GrpcJsonTranscoder', { services: ['s'] }) },
  ),
  missing(
    'whether a request speaks Connect',
    { world: read('content-type', OPEN, 'connect_grpc_bridge.v3.FilterConfig') },
    { world: read('content-type', 'text/plain', 'connect_grpc_bridge.v3.FilterConfig') },
  ),
  missing(
    'whether a request is an MCP message',
    { world: read('content-type', OPEN, 'mcp.v3.Mcp'), call: POST },
    { world: read('content-type', 'text/plain', 'mcp.v3.Mcp') },
  ),
  missing(
    'whether a request is an A2A message',
    { world: read('content-type', OPEN, 'a2a.v3.A2a'), call: POST },
    { world: read('content-type', 'text/plain', 'a2a.v3.A2a') },
  ),
  missing(
    'whether the cache is asked',
    { world: read('if-range', OPEN, 'cache.v3.CacheConfig', CACHE) },
    { world: read('if-range', 'x', 'cache.v3.CacheConfig', CACHE) },
  ),
  missing(
    'whether the request brings a credential',
    { world: { ...TRACED, http: [MUTED('authorization'), filter('f', 'credential_injector.v3.CredentialInjector', INJECTED)] } },
    { world: read('authorization', OPEN, 'credential_injector.v3.CredentialInjector', INJECTED) },
  ),
  missing(
    'whether the request brings tags',
    { world: { ...TRACED, http: [MUTED('x-tags'), filter('f', 'ip_tagging.v3.IPTagging', TAGS)] } },
    { world: read('x-tags', OPEN, 'ip_tagging.v3.IPTagging', TAGS) },
  ),
  missing(
    'whether a header is written whose value may be empty',
    { world: { ...matched({ headers: [{ name: 'y', present_match: true }] }), ...TRACED, http: [MUTED('y'), ROUTED_ANEW] } },
    { world: { ...matched({ headers: [{ name: 'y', present_match: true }] }), http: [written('y', OPEN), ROUTED_ANEW] } },
  ),
  missing(
    'a header of Envoy’s own that has another name',
    { world: { more: { header_prefix: 'x-own' } }, call: { headers: { 'x-own-retry-on': '5xx' } } },
    { world: {} },
  ),
  missing(
    'who has forwarded the request of a cache',
    { world: forwarded([filter('c', 'cache.v3.CacheConfig', CACHE)]) },
    { world: forwarded([]) },
  ),
  missing(
    'whether a client whose address nobody knows is internal',
    { world: INTERNAL, call: { connection: { source: undefined } } },
    { world: INTERNAL, call: {} },
  ),
];
