import { describe, expect, test } from 'vitest';
import { dump, linksOf, type } from './linkFixture';

describe('metadata of endpoints', () => {
  const endpoint = (version: string) => ({
    metadata: { filter_metadata: { 'envoy.lb': { version }, 'envoy.transport_socket_match': { tls: 'on' } } },
  });
  const cluster = (name: string) => ({
    name,
    lb_subset_config: { subset_selectors: [{ keys: ['version'] }] },
    transport_socket_matches: [{ name: 'm', match: { tls: 'on' } }],
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [endpoint('1'), endpoint('2')] }] },
  });
  const match = { filter_metadata: { 'envoy.lb': { version: '1' } } };
  const tcp = {
    '@type': type('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy'),
    stat_prefix: 's',
    cluster: 'b',
    metadata_match: match,
  };
  const config = {
    static_resources: {
      clusters: [cluster('a'), cluster('b')],
      listeners: [{ name: 'l', filter_chains: [{ filters: [{ name: 't', typed_config: tcp }] }] }],
    },
  };
  const at = (index: number, key: string) =>
    [0, 1]
      .map((each) => `/static_resources/clusters/${index}/load_assignment/endpoints/0/lb_endpoints/${each}/metadata/filter_metadata/${key}`)
      .join(', ');

  test('is that of the cluster that chooses by it', () => {
    expect(linksOf(config, 'subset_selectors')).toEqual([
      `/static_resources/clusters/0/lb_subset_config/subset_selectors/0/keys/0 → ${at(0, 'envoy.lb/version')}`,
      `/static_resources/clusters/1/lb_subset_config/subset_selectors/0/keys/0 → ${at(1, 'envoy.lb/version')}`,
    ]);
    expect(linksOf(config, 'clusters/0/transport_socket_matches')).toEqual([
      `/static_resources/clusters/0/transport_socket_matches/0/match/tls → ${at(0, 'envoy.transport_socket_match/tls')}`,
    ]);
  });

  test('is that of the cluster beside a match', () =>
    expect(linksOf(config, 'metadata_match')).toEqual([
      `/static_resources/listeners/0/filter_chains/0/filters/0/typed_config/metadata_match/filter_metadata/envoy.lb/version → ${at(1, 'envoy.lb/version')}`,
    ]));
});

describe('metadata of endpoints that EDS brings', () => {
  const socket = { name: 's', match: { tlsMode: 'istio' } };
  const cluster = (name: string, more: object = {}) => ({
    cluster: { '@type': type('envoy.config.cluster.v3.Cluster'), name, type: 'EDS', transport_socket_matches: [socket], ...more },
  });
  const endpoints = (name: string, ...keys: string[]) => ({
    endpoint_config: {
      '@type': type('envoy.config.endpoint.v3.ClusterLoadAssignment'),
      cluster_name: name,
      endpoints: [
        { lb_endpoints: keys.map((key) => ({ metadata: { filter_metadata: { 'envoy.transport_socket_match': { [key]: 'istio' } } } })) },
      ],
    },
  });
  const metadata = (section: number, assignment: number, endpoint = 0) =>
    `/configs/${section}/dynamic_endpoint_configs/${assignment}/endpoint_config/endpoints/0/lb_endpoints/${endpoint}/metadata/filter_metadata/envoy.transport_socket_match/tlsMode`;

  test('is that of the endpoints of the cluster, in whatever order they stand', () => {
    const config = dump({
      Clusters: {
        dynamic_active_clusters: [cluster('a'), cluster('b', { eds_cluster_config: { service_name: 'B' } }), cluster('c'), cluster('d')],
      },
      Endpoints: { dynamic_endpoint_configs: [endpoints('B', 'tlsMode', 'tlsMode'), endpoints('a', 'tlsMode'), endpoints('c', 'other')] },
    });
    const match = (index: number) => `/configs/0/dynamic_active_clusters/${index}/cluster/transport_socket_matches/0/match/tlsMode`;
    expect(linksOf(config, 'tlsMode').filter((link) => link.startsWith('/configs/0'))).toEqual([
      `${match(0)} → ${metadata(1, 1)}`,
      `${match(1)} → ${metadata(1, 0)}, ${metadata(1, 0, 1)}`,
      `${match(2)} → unchecked`,
      `${match(3)} → unchecked`,
    ]);
  });
});
