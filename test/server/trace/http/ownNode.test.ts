/** Headers that say who the proxy is: files without a bootstrap do not tell. */
import { describe, expect, test } from 'vitest';
import type { TracePath } from '../../../../server/src/protocol/trace';
import { GET, onlyPath, traceOf } from '../support/traceOf';

const listener = {
  '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
  name: 'door',
  address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
  filter_chains: [
    {
      filters: [
        {
          name: 'http',
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
            stat_prefix: 'h',
            add_user_agent: true,
            proxy_status_config: { use_node_id: true },
            http_filters: [
              {
                name: 'checks',
                typed_config: {
                  '@type': 'type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck',
                  pass_through_mode: true,
                  headers: [{ name: ':path', string_match: { exact: '/health' } }],
                },
              },
              { name: 'router', typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' } },
            ],
            route_config: {
              name: 'r',
              virtual_hosts: [
                {
                  name: 'v',
                  domains: ['*'],
                  routes: [
                    { match: { path: '/none' }, route: { cluster: 'none' } },
                    ...['x-envoy-downstream-service-cluster', 'x-envoy-downstream-service-node', 'user-agent'].map((name) => ({
                      match: { path: `/${name}`, headers: [{ name, string_match: { exact: 'shop' } }] },
                      direct_response: { status: 299 },
                    })),
                    { match: { prefix: '/' }, route: { cluster: 'web' } },
                  ],
                },
              ],
            },
          },
        },
      ],
    },
  ],
};
const cluster = (name: string, endpoints: object[]): object => ({
  '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  name,
  load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: endpoints }] },
});
const clusters = [
  cluster('web', [{ endpoint: { address: { socket_address: { address: '10.1.0.1', port_value: 80 } } } }]),
  cluster('none', []),
];

const FILES = { '/w/lds.json': JSON.stringify([listener]), '/w/cds.json': JSON.stringify(clusters) };
const bootstrap = (node: object): string => JSON.stringify({ ...node, static_resources: { listeners: [listener], clusters } });

const pathOf = (files: string | Record<string, string>, path: string): TracePath =>
  onlyPath(traceOf(files, { connection: { destination: '10.0.0.1:80', source: '10.9.9.9:40000' }, http: { ...GET, path } }));

const SHOP = bootstrap({ node: { id: 'one', cluster: 'shop' } });

describe('add_user_agent', () => {
  const names = ['x-envoy-downstream-service-cluster', 'x-envoy-downstream-service-node', 'user-agent'];
  test('writes what the bootstrap says', () => {
    const headers = pathOf(SHOP, '/').hops[0]?.upstream?.http?.headers;
    expect(headers?.filter(([name]) => names.includes(name))).toEqual([
      ['x-envoy-downstream-service-cluster', 'shop'],
      ['user-agent', 'shop'],
      ['x-envoy-downstream-service-node', 'one'],
    ]);
    expect(pathOf(SHOP, '/user-agent').response?.code).toBe(299);
  });
  test.each(names)('of files without one nobody knows what it writes: %s', (name) => {
    const path = pathOf(FILES, `/${name}`);
    expect(path.disposition).toBe('insufficient_info');
    expect(path.missing?.join()).toMatch(/the `(?:id|cluster)` of the proxy's node, which the open files do not tell/);
  });
});

test('an answer to a health check names the cluster of the node', () => {
  expect(pathOf(SHOP, '/health').response?.headers).toMatchObject({
    set: [['x-envoy-upstream-healthchecked-cluster', 'shop']],
  });
  expect(pathOf(FILES, '/health').response?.headers).toMatchObject({ uncertain: ['x-envoy-upstream-healthchecked-cluster'] });
});

test('proxy-status names the node', () => {
  const changes = (files: string | Record<string, string>) => pathOf(files, '/none').response?.headers;
  expect(changes(SHOP)).toEqual({ set: [], append: [['proxy-status', 'one; error=destination_unavailable; details="no_healthy_upstream; UH"']], remove: [] }); // prettier-ignore
  expect(changes(FILES)).toEqual({ set: [], append: [['proxy-status', '?']], remove: [], uncertain: ['proxy-status'] });
});
