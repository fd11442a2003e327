/** Clusters whose kind is an extension (observed with Envoy 1.40). */
import { expect, test } from 'vitest';
import { hopOf } from '../support/traceOf';
import { any, filter, filterPath, fateOf, type FilterFixture } from '../httpFilters/filterTrace';

const kindOf = (name: string, type: string, fields: Record<string, unknown>): Record<string, unknown> => ({
  name: 'kind',
  lb_policy: 'CLUSTER_PROVIDED',
  cluster_type: { name, typed_config: any(`envoy.extensions.clusters.${type}`, fields) },
});
const through = (cluster: Record<string, unknown>): FilterFixture => ({
  filters: [],
  routes: [{ match: { prefix: '/' }, route: { cluster: 'kind' } }],
  clusters: [cluster],
});
const address = { socket_address: { address: '10.0.0.11', port_value: 80 } };
const member = { name: 'm', load_assignment: { cluster_name: 'm', endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] } };
const composite = (...names: string[]): Record<string, unknown> =>
  kindOf('envoy.clusters.composite', 'composite.v3.ClusterConfig', { clusters: names.map((name) => ({ name })) });

test('the first member of a composite cluster gets the first attempt', () => {
  const fixture = through(composite('m', 'none'));
  const hop = hopOf(filterPath({ ...fixture, clusters: [...(fixture.clusters ?? []), member] }));
  expect([hop.cluster, hop.member, hop.endpoint?.address]).toEqual(['kind', 'm', '10.0.0.11:80']);
});

test('a first member that is not there is no host', () => {
  expect(fateOf(filterPath(through(composite('none'))))).toBe('no_endpoint 503 no_healthy_upstream');
});

test('ORIGINAL_DST as an extension has its settings there', () => {
  const settings = { use_http_header: true, http_header_name: 'x-to', upstream_port_override: 9085 };
  const kind = kindOf('envoy.clusters.original_dst', 'original_dst.v3.OriginalDstCluster', settings);
  expect(hopOf(filterPath(through(kind), { headers: { 'x-to': '10.9.9.9:80' } })).endpoint?.address).toBe('10.9.9.9:9085');
});

const dynamic = (config: object, more: object = {}): Record<string, unknown> => ({
  ...kindOf('envoy.clusters.dynamic_forward_proxy', 'dynamic_forward_proxy.v3.ClusterConfig', { ...config }),
  ...more,
});
const CACHE = { dns_cache_config: { name: 'c' } };
const states = (values: Record<string, string>): Record<string, unknown> =>
  filter('s', 'set_filter_state.v3.Config', {
    on_request_headers: Object.entries(values).map(([object_key, inline_string]) => ({
      object_key,
      format_string: { text_format_source: { inline_string } },
    })),
  });
const dialled = (cluster: Record<string, unknown>, filters: Record<string, unknown>[], authority: string): string | undefined =>
  hopOf(filterPath({ ...through(cluster), filters }, { authority })).endpoint?.address;

test('a dynamic forward proxy takes the port of the name before that of filter state, and 443 for TLS only', () => {
  const port = [states({ 'envoy.upstream.dynamic_port': '9082' })];
  expect(dialled(dynamic(CACHE), port, '10.0.0.9:9080')).toBe('10.0.0.9:9080');
  expect(dialled(dynamic(CACHE), port, '10.0.0.9')).toBe('10.0.0.9:9082');
  expect(dialled(dynamic(CACHE, { transport_socket: { name: 'envoy.transport_sockets.raw_buffer' } }), [], '10.0.0.9')).toBe('10.0.0.9:80');
  const tls = { name: 'tls', typed_config: any('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext') };
  expect(dialled(dynamic(CACHE, { transport_socket: tls }), [], '10.0.0.9')).toBe('10.0.0.9:443');
});

test('a cluster of sub clusters has only the host that the filter has made one for', () => {
  const cluster = dynamic({ sub_clusters_config: {} });
  const filterOf = (fields: object): Record<string, unknown> =>
    filter('d', 'dynamic_forward_proxy.v3.FilterConfig', { sub_cluster_config: {}, ...fields });
  const host = states({ 'envoy.upstream.dynamic_host': '10.0.0.8' });
  expect(fateOf(filterPath({ ...through(cluster) }, { authority: '10.0.0.9' }))).toBe('no_endpoint 503 no_healthy_upstream');
  expect(dialled(cluster, [filterOf({})], '10.0.0.9:81')).toBe('10.0.0.9:81');
  expect(dialled(cluster, [host, filterOf({})], '10.0.0.9')).toBeUndefined();
  expect(dialled(cluster, [host, filterOf({ allow_dynamic_host_from_filter_state: true })], '10.0.0.9')).toBe('10.0.0.8:80');
});
