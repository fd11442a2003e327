/** What Envoy gets in addition to the case: access logs, and marks on chains, virtual hosts and routes that the logs read back. */
import { objectsOf, textOf } from './jsonFields';
import type { Json, JsonObject } from './labCase';

/** The namespace of the marks; no generator matches on it. */
const MARK = 'envoy.lens.lab';

/** The bootstrap with all logs going to `logPath`. */
export function instrumentBootstrap(bootstrap: JsonObject, logPath: string): JsonObject {
  const resources = bootstrap['static_resources'] as JsonObject;
  const listeners = objectsOf(resources['listeners']).map((listener) => instrumentListener(listener, logPath));
  return { ...bootstrap, static_resources: { ...resources, listeners, clusters: objectsOf(resources['clusters']).map(limitReuse) } };
}

/** A file of filesystem xDS, instrumented likewise. */
export function instrumentFile(file: JsonObject, logPath: string): JsonObject {
  const resources = objectsOf(file['resources']).map((resource) => {
    const type = textOf(resource['@type']);
    if (type.endsWith('.Listener')) return instrumentListener(resource, logPath);
    if (type.endsWith('.Cluster')) return limitReuse(resource);
    return type.endsWith('.RouteConfiguration') ? markRoutes(resource) : resource;
  });
  return { ...file, resources };
}

function instrumentListener(listener: JsonObject, logPath: string): JsonObject {
  const name = textOf(listener['name']);
  const log = (kind: string): Json => [makeLog(kind, name, logPath)];
  const chain = (given: JsonObject, index: number | null): JsonObject => ({
    ...given,
    ...mark(given, { index }),
    filters: objectsOf(given['filters']).map((filter) => instrumentFilter(filter, log)),
  });
  const fallback = listener['default_filter_chain'] as JsonObject | undefined;
  return {
    ...listener,
    access_log: log('listener'),
    filter_chains: objectsOf(listener['filter_chains']).map(chain),
    ...(fallback ? { default_filter_chain: chain(fallback, null) } : {}),
  };
}

/** After a protocol error Envoy waits for the client to close, a whole second unless told otherwise. */
const DELAYED_CLOSE = '0.05s';

function instrumentFilter(filter: JsonObject, log: (kind: string) => Json): JsonObject {
  const config = filter['typed_config'] as JsonObject | undefined;
  const type = textOf(config?.['@type']);
  if (!config) return filter;
  if (type.endsWith('.TcpProxy')) return { ...filter, typed_config: { ...config, access_log: log('tcp') } };
  // A manager that stands in another one's place.
  const inner = config['hcm_config'] as JsonObject | undefined;
  if (inner) return { ...filter, typed_config: { ...config, hcm_config: instrumentManager(inner, log) } };
  return type.endsWith('.HttpConnectionManager') ? { ...filter, typed_config: instrumentManager(config, log) } : filter;
}

function instrumentManager(config: JsonObject, log: (kind: string) => Json): JsonObject {
  const routes = config['route_config'] as JsonObject | undefined;
  const scoped = config['scoped_routes'] as JsonObject | undefined;
  const marked: JsonObject = routes ? { route_config: markRoutes(routes) } : {};
  const scopes: JsonObject = scoped ? { scoped_routes: markScopes(scoped) } : {};
  return merge({ delayed_close_timeout: DELAYED_CLOSE }, config, marked, scopes, { access_log: log('http') });
}

function markScopes(scoped: JsonObject): JsonObject {
  const list = scoped['scoped_route_configurations_list'] as JsonObject | undefined;
  if (!list) return scoped;
  const scopes = objectsOf(list['scoped_route_configurations']).map((scope) => {
    const routes = scope['route_configuration'] as JsonObject | undefined;
    return routes ? { ...scope, route_configuration: markRoutes(routes) } : scope;
  });
  return { ...scoped, scoped_route_configurations_list: { ...list, scoped_route_configurations: scopes } };
}

function markRoutes(configuration: JsonObject): JsonObject {
  const hosts = objectsOf(configuration['virtual_hosts']).map((host) => {
    const place = { routeConfiguration: textOf(configuration['name']), virtualHost: textOf(host['name']) };
    let count = 0;
    const action = (route: JsonObject): string =>
      'direct_response' in route ? 'direct_response' : 'redirect' in route ? 'redirect' : 'route';
    const markRoute = (route: JsonObject): JsonObject => ({
      ...route,
      ...mark(route, { ...place, index: count++, action: action(route) }),
    });
    const routes: JsonObject = host['routes'] ? { routes: objectsOf(host['routes']).map(markRoute) } : {};
    const matcher: JsonObject = host['matcher'] ? { matcher: markActions(host['matcher'], markRoute) } : {};
    return merge(host, routes, matcher, mark(host, place));
  });
  return { ...configuration, virtual_hosts: hosts };
}

/** Routes inside a matcher, in pre-order. */
function markActions(value: Json, markRoute: (route: JsonObject) => JsonObject): Json {
  if (Array.isArray(value)) return value.map((item: Json) => markActions(item, markRoute));
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as JsonObject;
  const type = fields['@type'];
  if (type === 'type.googleapis.com/envoy.config.route.v3.Route') return markRoute(fields);
  if (type === 'type.googleapis.com/envoy.config.route.v3.RouteList')
    return { ...fields, routes: objectsOf(fields['routes']).map(markRoute) };
  return Object.fromEntries(Object.entries(fields).map(([key, child]) => [key, markActions(child, markRoute)]));
}

function merge(...parts: JsonObject[]): JsonObject {
  return Object.assign({}, ...parts) as JsonObject;
}

function mark(given: JsonObject, values: JsonObject): JsonObject {
  const metadata = given['metadata'] as JsonObject | undefined;
  const others = (metadata?.['filter_metadata'] as JsonObject | undefined) ?? {};
  return { metadata: { ...metadata, filter_metadata: { ...others, [MARK]: values } } };
}

const OLD_OPTIONS = ['http_protocol_options', 'http2_protocol_options', 'common_http_protocol_options', 'upstream_http_protocol_options'];

/** Requests must not share an upstream connection: one into an internal listener would keep the first one's facts. */
function limitReuse(cluster: JsonObject): JsonObject {
  if (cluster['cluster_type'] && !isDns(cluster['cluster_type'] as JsonObject)) return cluster;
  const key = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  // Beside the extension Envoy would not look at the old fields.
  if (OLD_OPTIONS.some((field) => field in cluster)) return { ...cluster, max_requests_per_connection: 1 };
  const options = (cluster['typed_extension_protocol_options'] as JsonObject | undefined) ?? {};
  const plain = { '@type': `type.googleapis.com/${key}`, explicit_http_config: { http_protocol_options: {} } };
  const given = (options[key] as JsonObject | undefined) ?? plain;
  const limited = { ...given, common_http_protocol_options: { max_requests_per_connection: 1 } };
  return { ...cluster, typed_extension_protocol_options: { ...options, [key]: limited } };
}

/** Other clusters that are extensions hand their requests on, or have options of their own. */
function isDns({ typed_config: config }: JsonObject): boolean {
  return textOf((config as JsonObject | undefined)?.['@type']).endsWith('.DnsCluster');
}

function makeLog(kind: string, listener: string, path: string): JsonObject {
  const common = {
    kind,
    listener,
    connection: '%CONNECTION_ID%',
    remote: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%',
    source: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
    local: '%DOWNSTREAM_LOCAL_ADDRESS%',
    serverName: '%REQUESTED_SERVER_NAME%',
    peer: '%DOWNSTREAM_PEER_URI_SAN%',
    tlsVersion: '%DOWNSTREAM_TLS_VERSION%',
    upstreamLocal: '%UPSTREAM_LOCAL_ADDRESS%',
    upstreamRemote: '%UPSTREAM_REMOTE_ADDRESS%',
    chain: '%FILTER_CHAIN_NAME%',
    chainMark: `%METADATA(LISTENER_FILTER_CHAIN:${MARK})%`,
    protocol: '%PROTOCOL%',
    cluster: '%UPSTREAM_CLUSTER_RAW%',
    host: '%UPSTREAM_HOST%',
    code: '%RESPONSE_CODE%',
    flags: '%RESPONSE_FLAGS%',
    details: '%RESPONSE_CODE_DETAILS%',
    termination: '%CONNECTION_TERMINATION_DETAILS%',
    downstreamFailure: '%DOWNSTREAM_TRANSPORT_FAILURE_REASON%',
    upstreamFailure: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
  };
  const http = {
    routeName: '%ROUTE_NAME%',
    routeMark: `%METADATA(ROUTE:${MARK})%`,
    hostMark: `%METADATA(VIRTUAL_HOST:${MARK})%`,
    virtualCluster: '%VIRTUAL_CLUSTER_NAME%',
  };
  const type = 'type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog';
  const format = kind === 'http' ? { ...common, ...http } : common;
  return { name: 'envoy.access_loggers.file', typed_config: { '@type': type, path, log_format: { json_format: format } } };
}
