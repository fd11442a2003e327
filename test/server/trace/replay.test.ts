/** A path that parts from the one before behind a stretch takes up what that one came to: all must be as if it had gone the whole way itself. */
import { afterEach, expect, test, vi } from 'vitest';
import type { TraceRequest } from '../../../server/src/protocol/trace';
import { Choices } from '../../../server/src/trace/choices';
import { GET, traceOf } from './support/traceOf';

afterEach(() => vi.restoreAllMocks());

const endpoint = (address: string, port: number): string =>
  `{ endpoint: { address: { socket_address: { address: ${address}, port_value: ${port} } } } }`;
const internal = (name: string): string => `{ endpoint: { address: { envoy_internal_address: { server_listener_name: ${name} } } } }`;
const cluster = (name: string, ...endpoints: string[]): string =>
  `{ name: ${name}, type: STATIC, load_assignment: { cluster_name: ${name}, endpoints: [{ lb_endpoints: [${endpoints.join(', ')}] }] } }`;

/** Writes metadata, filter state and headers of requests and answers, each by more than one filter; routes by weight. */
const FILTERS = `
          - name: session
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSession
              session_state: { name: cookie, typed_config: { "@type": type.googleapis.com/envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState, cookie: { name: host, path: / } } }
          - name: mutate
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
              mutations:
                request_mutations: [{ append: { header: { key: x-way, value: "%REQ(:path)%" } } }]
                response_mutations: [{ append: { header: { key: x-host, value: "%UPSTREAM_REMOTE_ADDRESS%" } } }]
          - name: metadata
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.set_metadata.v3.Config
              metadata: [{ metadata_namespace: shop, value: { kind: small } }]
          - name: lua
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
              default_source_code: { inline_string: "function envoy_on_response(h) h:headers():add('x-lua', h:metadata():get('none') or 'gone') end" }
          - { name: router, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }`;

const manager = (clusters: readonly string[]): string => `
    - filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: http
          http_filters:${FILTERS}
          route_config:
            name: routes
            virtual_hosts:
            - name: all
              domains: ["*"]
              response_headers_to_add: [{ header: { key: x-cluster, value: "%UPSTREAM_CLUSTER%" } }]
              routes:
              - match: { prefix: / }
                route:
                  weighted_clusters: { clusters: [${clusters.map((name) => `{ name: ${name}, weight: 1, request_headers_to_add: [{ header: { key: x-weight, value: ${name} } }] }`).join(', ')}] }`;

const MESH = `
bootstrap_extensions: [{ name: internal, typed_config: { "@type": type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener } }]
static_resources:
  listeners:
  - name: door
    address: { socket_address: { address: 0.0.0.0, port_value: 80 } }
    filter_chains:${manager(['far', 'inner'])}
  - name: inside
    internal_listener: {}
    filter_chains:${manager(['near', 'far'])}
  clusters:
  - ${cluster('far', endpoint('10.1.0.1', 80), endpoint('10.1.0.2', 80), endpoint('10.1.0.3', 80))}
  - ${cluster('near', endpoint('10.2.0.1', 80), endpoint('10.2.0.2', 80))}
  - ${cluster('inner', internal('inside'))}
`;

const REQUEST: TraceRequest = { connection: { destination: '10.0.0.1:80', source: '10.9.9.9:40000' }, http: GET };

/** How many paths there are; all of them as if each went the whole way. */
function pathsOf(text: string, request: TraceRequest): number {
  const trace = traceOf(text, request);
  vi.spyOn(Choices.prototype, 'recall').mockReturnValue(undefined);
  const whole = traceOf(text, request);
  expect(trace).toEqual(whole);
  return trace.paths.length;
}

test('paths that part by weight, by host and behind an internal listener', () => {
  expect(pathsOf(MESH, REQUEST)).toBe(8);
});

test('where the first hop ends before its filters, the stretches of the second are its own', () => {
  const at = { uri: '/w/envoy.yaml', pointer: '/static_resources/clusters/2' };
  expect(pathsOf(MESH, { ...REQUEST, start: { at } })).toBe(5);
});

test('a stretch that is taken up is not gone again', () => {
  const recalled = vi.spyOn(Choices.prototype, 'recall');
  traceOf(MESH, { ...REQUEST, random: 0 });
  // Three hosts: of the second and the third path both stretches are known.
  expect(recalled.mock.results.map(({ value }) => value !== undefined)).toEqual([false, false, true, true, true, true]);
});
