import { describe, expect, test } from 'vitest';
import { listResources } from '../../../server/src/features/listResources';
import { readFixture, snapshotOf } from '../../support/fixture';

const BOOTSTRAP = `static_resources:
  listeners:
  - name: web
    address: { socket_address: { address: 0.0.0.0, port_value: 80 } }
    filter_chains:
    - filters:
      - name: h
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: h
          route_config:
            name: local
            virtual_hosts: [{ name: all, domains: ["*"], routes: [{ match: { prefix: /a }, route: { cluster: reviews } }] }]
  clusters:
  - name: reviews
    type: STATIC
    load_assignment: { cluster_name: reviews, endpoints: [{ lb_endpoints: [{ endpoint: {} }, { health_status: UNHEALTHY, endpoint: {} }] }] }
  - { name: unused, type: EDS }
`;

function list(kind: 'cluster' | 'listener' | 'route', uri = 'config.yaml') {
  return listResources(snapshotOf(readFixture(BOOTSTRAP)), { uri, kind });
}

describe('what one can jump to', () => {
  test('clusters: how they find endpoints, and who uses them', () => {
    expect(list('cluster').map(({ name, description }) => `${name}: ${description}`)).toEqual([
      'reviews: STATIC · 2 endpoints (1 healthy) · plaintext',
      'unused: EDS · plaintext',
    ]);
    expect(list('cluster').map(({ detail }) => detail)).toEqual(['used by listener web', 'not used']);
  });
  test('a cluster whose hosts are the original destinations has none to count; users need no name', () => {
    const source = `static_resources: { clusters: [{ name: agent, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, load_assignment: { cluster_name: agent } }] }
tracing: { http: { name: a, typed_config: { "@type": type.googleapis.com/envoy.config.trace.v3.ZipkinConfig, collector_cluster: agent } } }
`;
    expect(listResources(snapshotOf(readFixture(source)), { uri: 'config.yaml', kind: 'cluster' })).toMatchObject([
      { description: 'ORIGINAL_DST · plaintext', detail: 'used by bootstrap' },
    ]);
  });
  test('listeners: where they listen and lead', () =>
    expect(list('listener')).toMatchObject([
      { name: 'web', description: '0.0.0.0:80', detail: '1 filter chain: HTTP, inline routes local' },
    ]));
  test('routes: by configuration, virtual host and number', () =>
    expect(list('route')).toMatchObject([{ name: 'local › all › #0', description: 'prefix /a', detail: 'to reviews' }]));
  test('a document of no proxy offers those of all', () => expect(list('cluster', 'other.txt')).toHaveLength(2));
});
