/** Pieces from which the generators of all areas build configurations. */
import fc from 'fast-check';
import type { RequestHttp, TraceRequest } from '../../../server/src/protocol/trace';
import type { Json, JsonObject, LabRequest } from '../labCase';

const EXTENSIONS = 'type.googleapis.com/envoy.extensions';

/** `@type` of an extension, by what follows `envoy.extensions.`. */
export function typed(type: string, fields: JsonObject = {}): JsonObject {
  return { '@type': `${EXTENSIONS}.${type}`, ...fields };
}

export function extension(name: string, type: string, fields: JsonObject = {}): JsonObject {
  return { name, typed_config: typed(type, fields) };
}

export function socketAddress(address: string, port: number): JsonObject {
  return { socket_address: { address, port_value: port } };
}

export interface ClusterOptions {
  readonly endpoints?: readonly JsonObject[];
  readonly fields?: JsonObject;
}

/** `§c1` at 10.200.0.1:9080, `§c2` at 10.200.0.2:9080 and so on, unless told otherwise. */
export function cluster(index: number, { endpoints, fields }: ClusterOptions = {}): JsonObject {
  const name = `§c${index}`;
  const plain = [{ lb_endpoints: [endpoint(`10.200.0.${index}`)] }];
  return { name, connect_timeout: '1s', load_assignment: { cluster_name: name, endpoints: endpoints ?? plain }, ...fields };
}

export function endpoint(address: string, port = 9080, fields: JsonObject = {}): JsonObject {
  return { endpoint: { address: socketAddress(address, port) }, ...fields };
}

export function clusters(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, index) => cluster(index + 1));
}

export function listener(name: string, chains: readonly JsonObject[], fields: JsonObject = {}): JsonObject {
  return { name: `§${name}`, address: socketAddress('0.0.0.0', 20000), filter_chains: chains, ...fields };
}

export function tcpProxy(fields: JsonObject): JsonObject {
  return extension('envoy.filters.network.tcp_proxy', 'filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: 't', ...fields });
}

export const ROUTER = extension('envoy.filters.http.router', 'filters.http.router.v3.Router');

/** A chain of one connection manager. `routes` is a RouteConfiguration; `httpFilters` come before the router. */
export function httpChain(
  routes: JsonObject,
  { httpFilters = [], fields = {} }: { httpFilters?: readonly JsonObject[]; fields?: JsonObject } = {},
): JsonObject {
  return { name: 'http', filters: [connectionManager(routes, httpFilters, fields)] };
}

export function connectionManager(routes: JsonObject, httpFilters: readonly JsonObject[] = [], fields: JsonObject = {}): JsonObject {
  const type = 'filters.network.http_connection_manager.v3.HttpConnectionManager';
  const config = { stat_prefix: 'h', route_config: { name: 'rc', ...routes }, http_filters: [...httpFilters, ROUTER], ...fields };
  return extension('envoy.filters.network.http_connection_manager', type, config);
}

export function virtualHost(name: string, domains: readonly string[], routes: readonly JsonObject[], fields: JsonObject = {}): JsonObject {
  return { name, domains, routes, ...fields };
}

export const TLS_INSPECTOR = extension('tls_inspector', 'filters.listener.tls_inspector.v3.TlsInspector');
export const HTTP_INSPECTOR = extension('http_inspector', 'filters.listener.http_inspector.v3.HttpInspector');
export const ORIGINAL_DST = extension('original_dst', 'filters.listener.original_dst.v3.OriginalDst');

/** Optional fields: each is there in half of the cases (`freq: 2` is one in two). */
export function optional(fields: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<JsonObject> {
  const entries = Object.entries(fields).map(([name, value]) =>
    fc.option(value, { freq: 2, nil: undefined }).map((given): [string, Json | undefined] => [name, given]),
  );
  return fc.tuple(...entries).map((all) => Object.fromEntries(all.filter((entry): entry is [string, Json] => entry[1] !== undefined)));
}

export const authority = fc.constantFrom(
  'a.test',
  'b.test',
  'www.a.test',
  'A.Test',
  'x.y.a.test',
  'a.test:8080',
  'c.example.org',
  '10.1.1.1',
);
export const requestPath = fc.constantFrom(
  '/',
  '/a',
  '/a/b',
  '/a/b/c',
  '/A/B',
  '/ab',
  '/a?x=1',
  '/a/b?x=2&y=3',
  '/b',
  '/b/',
  '/api/v1/users/7',
  '/a/./b',
  '/a/../b',
  '/a//b',
  '/a%2Fb',
  '/?x',
);
export const source = fc.constantFrom('10.1.2.3', '10.1.9.9', '192.168.7.7', '203.0.113.9', '127.0.0.5');

const HEADER_VALUES = ['', 'abc', 'abcdef', '5', '17', '-3', 'a,b', 'ABC', 'bob', '§c1'];
export const headerName = fc.constantFrom('x', 'y', 'end-user');
const requestHeaders = fc
  .uniqueArray(fc.tuple(headerName, fc.constantFrom(...HEADER_VALUES)), { maxLength: 3, selector: ([name]) => name })
  .map((headers) => headers as [string, string][]);

/** An HTTP request in plain text to the first port. */
export const plainRequest: fc.Arbitrary<TraceRequest> = fc
  .record({
    authority,
    path: requestPath,
    headers: requestHeaders,
    source,
    version: version(),
    method: fc.constantFrom('GET', 'GET', 'POST', 'HEAD'),
  })
  .map(({ source: from, ...http }) => httpRequest(http, { source: from }));

function version(): fc.Arbitrary<'http1' | 'http2'> {
  return fc.constantFrom('http1', 'http1', 'http2');
}

export function httpRequest(http: Partial<RequestHttp>, connection: Partial<TraceRequest['connection']> = {}): TraceRequest {
  const whole: RequestHttp = {
    version: 'http1',
    method: 'GET',
    scheme: connection.transport === 'tls' ? 'https' : 'http',
    authority: 'a.test',
    path: '/',
    headers: [],
    ...http,
  };
  return { connection: { destination: '10.1.1.1:20000', source: '10.1.2.3', transport: 'raw_buffer', ...connection }, http: whole };
}

export function once(requests: readonly TraceRequest[]): LabRequest[] {
  return requests.map((request) => ({ request, repeat: 1 }));
}

export function often(requests: readonly TraceRequest[], repeat = 24): LabRequest[] {
  return requests.map((request) => ({ request, repeat }));
}

/** A string matcher over short words. */
export function stringMatcher(words: readonly string[]): fc.Arbitrary<JsonObject> {
  const word = fc.constantFrom(...words);
  return fc
    .tuple(fc.constantFrom('exact', 'prefix', 'suffix', 'contains', 'safe_regex'), word, fc.boolean())
    .map(([kind, text, ignoreCase]): JsonObject => {
      if (kind === 'safe_regex') return { safe_regex: { regex: `${text}.*` } };
      const matched = text === '' ? 'a' : text;
      return { [kind]: matched, ...(ignoreCase ? { ignore_case: true } : {}) };
    });
}
