/** Clusters whose kind is an extension (observed with Envoy 1.40). */
import { expect, test } from 'vitest';
import { hopOf } from '../support/traceOf';
import { any, filterPath, fateOf, type FilterFixture } from '../httpFilters/filterTrace';

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
