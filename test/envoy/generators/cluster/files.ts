/** Filesystem xDS: listeners, routes, clusters and endpoints that come by files. */
import fc from 'fast-check';
import type { JsonObject, LabCase } from '../../labCase';
import { cluster, connectionManager, endpoint, httpRequest, listener, often, plainRequest, tcpProxy, virtualHost } from '../parts';

const source = (path: string): JsonObject => ({ resource_api_version: 'V3', path_config_source: { path: `./${path}` } });

interface EndpointFile {
  readonly serviceName: boolean;
  readonly health: string;
  readonly count: number;
}

const endpointFile = fc.record({
  serviceName: fc.boolean(),
  health: fc.constantFrom('HEALTHY', 'UNHEALTHY', 'UNKNOWN'),
  count: fc.constantFrom(0, 1, 2),
});

function edsCluster(index: number, { serviceName }: EndpointFile): JsonObject {
  const named: JsonObject = serviceName ? { service_name: `§service${index}` } : {};
  return {
    name: `§c${index}`,
    type: 'EDS',
    connect_timeout: '1s',
    common_lb_config: { healthy_panic_threshold: { value: 0 } },
    eds_cluster_config: { ...named, eds_config: { ...source(`§eds${index}.json`), initial_fetch_timeout: '0.2s' } },
  };
}

function assignment(index: number, { serviceName, health, count }: EndpointFile): JsonObject {
  const hosts = Array.from({ length: count }, (_, host) => endpoint(`10.200.${index}.${host + 1}`, 9080, { health_status: health }));
  return {
    '@type': 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
    cluster_name: serviceName ? `§service${index}` : `§c${index}`,
    endpoints: [{ locality: { zone: 'z' }, lb_endpoints: hosts }],
  };
}

export const fileDiscovery: fc.Arbitrary<LabCase> = fc
  .record({
    ends: fc.tuple(endpointFile, endpointFile),
    byFile: fc.record({ listener: fc.boolean(), clusters: fc.boolean(), routes: fc.boolean() }),
    targets: fc.array(fc.constantFrom('§c1', '§c2', '§c3', '§missing'), { minLength: 1, maxLength: 3 }),
    raw: fc.boolean(),
    requests: fc.array(plainRequest, { minLength: 2, maxLength: 4 }),
  })
  .map(({ ends, byFile, targets, raw, requests }) => {
    const prefixes = ['/a', '/b', '/'];
    const routes = targets.map((to, index) => ({ match: { prefix: prefixes[index] ?? '/' }, route: { cluster: to } }));
    const configuration: JsonObject = { name: '§rc', virtual_hosts: [virtualHost('v', ['*'], routes)], validate_clusters: false };
    const rds: JsonObject = { rds: { route_config_name: '§rc', config_source: { ...source('§rds.json'), initial_fetch_timeout: '0.2s' } } };
    const manager = byFile.routes ? withRds(connectionManager({}), rds) : connectionManager(configuration);
    const own = listener('l', [{ name: 'f', filters: [raw ? tcpProxy({ cluster: targets[0] ?? '' }) : manager] }]);
    const all = [edsCluster(1, ends[0]), edsCluster(2, ends[1]), cluster(3)];
    const dynamic = { ...(byFile.listener ? { listeners: [own] } : {}), ...(byFile.clusters ? { clusters: all } : {}) };
    const type = 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration';
    return {
      area: 'file_discovery',
      listeners: byFile.listener ? [] : [own],
      clusters: byFile.clusters ? [] : all,
      dynamic,
      files: {
        '§eds1.json': assignment(1, ends[0]),
        '§eds2.json': assignment(2, ends[1]),
        ...(byFile.routes && !raw ? { '§rds.json': { '@type': type, ...configuration } } : {}),
      },
      requests: often(raw ? [httpRequest({})] : requests, 6),
    };
  });

function withRds(manager: JsonObject, rds: JsonObject): JsonObject {
  const config = Object.entries(manager['typed_config'] as JsonObject).filter(([key]) => key !== 'route_config');
  return { ...manager, typed_config: { ...Object.fromEntries(config), ...rds } };
}
