/** Whole dumps of the four kinds of proxies, in outline, for a mesh of so many services. */
import { meshServices, type MeshService } from './mesh';
import { list, object, value, type Outline } from './outline';
import {
  cluster,
  clusterName,
  connectionManager,
  inEntry,
  listener,
  loadAssignment,
  tcpProxy,
  typed,
  UPDATED,
  virtualHost,
} from './resources';

export type DumpKind = 'sidecar' | 'gateway' | 'waypoint' | 'ztunnel';

export interface MeshSize {
  readonly services: number;
  readonly seed: number;
}

const ADMIN = 'type.googleapis.com/envoy.admin.v3';

/** The outline can be written once: its lists are streams. */
export function outlineOfDump(kind: DumpKind, mesh: MeshSize): Outline {
  switch (kind) {
    case 'sidecar':
      return configDump('sidecar~10.16.0.1~client-7c9d.default~default.svc.cluster.local', mesh, {
        listeners: sidecarListeners(mesh),
        routes: routeConfigurations(mesh),
      });
    case 'gateway':
      return configDump('router~10.16.0.2~ingress-5f6b.istio-system~istio-system.svc.cluster.local', mesh, {
        listeners: gatewayListeners(),
        routes: [routeConfiguration('http.8080', mesh, 80)],
      });
    case 'waypoint':
      return configDump('waypoint~10.16.0.3~waypoint-66dd.default~default.svc.cluster.local', mesh, {
        listeners: waypointListeners(mesh),
        routes: [],
      });
    case 'ztunnel':
      return ztunnelDump(mesh);
  }
}

function configDump(id: string, mesh: MeshSize, sections: { listeners: Iterable<unknown>; routes: Iterable<Outline> }): Outline {
  const node = { id, cluster: 'bench', metadata: { NAMESPACE: 'default', LABELS: { app: 'client' } }, user_agent_name: 'envoy' };
  const bootstrap = { node, ...BOOTSTRAP };
  const configs = [
    object({ '@type': value(`${ADMIN}.BootstrapConfigDump`), bootstrap: value(bootstrap), last_updated: value(UPDATED) }),
    section('ClustersConfigDump', 'dynamic_active_clusters', list(clusters(mesh))),
    section('EndpointsConfigDump', 'dynamic_endpoint_configs', list(perCluster(mesh, loadAssignment))),
    section('ListenersConfigDump', 'dynamic_listeners', list(sections.listeners)),
    section('RoutesConfigDump', 'dynamic_route_configs', { kind: 'list', items: sections.routes }),
  ];
  return object({ configs: { kind: 'list', items: configs } });
}

/** What every proxy of a mesh begins with. */
const BOOTSTRAP = {
  static_resources: { clusters: ['sds-grpc', 'xds-grpc'].map((name) => ({ name, type: 'STATIC', connect_timeout: '1s' })) },
  dynamic_resources: {
    lds_config: { ads: {}, resource_api_version: 'V3' },
    cds_config: { ads: {}, resource_api_version: 'V3' },
    ads_config: { api_type: 'DELTA_GRPC', grpc_services: [{ envoy_grpc: { cluster_name: 'xds-grpc' } }] },
  },
  layered_runtime: {
    layers: [
      {
        name: 'limits',
        static_layer: { overload: { global_downstream_max_connections: '2147483647' }, 're2.max_program_size.error_level': '32768' },
      },
      { name: 'admin', admin_layer: {} },
    ],
  },
};

function section(message: string, field: string, entries: Outline): Outline {
  return object({ '@type': value(`${ADMIN}.${message}`), version_info: value('2026-03-01T08:15:29Z/42'), [field]: entries });
}

function* clusters(mesh: MeshSize): Generator {
  for (const name of ['BlackHoleCluster', 'sds-grpc'])
    yield inEntry('cluster', 'envoy.config.cluster.v3.Cluster', { name, type: 'STATIC', connect_timeout: '10s' });
  yield inEntry('cluster', 'envoy.config.cluster.v3.Cluster', {
    name: 'PassthroughCluster',
    type: 'ORIGINAL_DST',
    connect_timeout: '10s',
    lb_policy: 'CLUSTER_PROVIDED',
  });
  yield* perCluster(mesh, cluster);
}

function* perCluster({ services, seed }: MeshSize, make: (service: MeshService, port: number, subset: string) => object): Generator {
  for (const service of meshServices(services, seed))
    for (const port of service.ports) for (const subset of ['', ...service.subsets]) yield make(service, port.number, subset);
}

function* sidecarListeners(mesh: MeshSize): Generator {
  const passthrough = { filters: [tcpProxy('PassthroughCluster')], name: 'PassthroughFilterChain' };
  for (const port of [80, 9090])
    yield listener(
      `0.0.0.0_${port}`,
      { address: '0.0.0.0', port },
      {
        filter_chains: [
          {
            filter_chain_match: { transport_protocol: 'raw_buffer', application_protocols: ['http/1.1', 'h2c'] },
            filters: [connectionManager(String(port))],
          },
        ],
        default_filter_chain: passthrough,
        listener_filters: [
          typed('envoy.filters.listener.http_inspector', 'envoy.extensions.filters.listener.http_inspector.v3.HttpInspector'),
        ],
        traffic_direction: 'OUTBOUND',
        bind_to_port: false,
      },
    );
  for (const service of meshServices(mesh.services, mesh.seed))
    for (const { number, protocol } of service.ports)
      if (protocol === 'tcp')
        yield listener(
          `${service.virtualIp}_${number}`,
          { address: service.virtualIp, port: number },
          {
            filter_chains: [{ filters: [tcpProxy(clusterName(service, number))] }],
            traffic_direction: 'OUTBOUND',
            bind_to_port: false,
          },
        );
  yield listener(
    'virtualOutbound',
    { address: '0.0.0.0', port: 15001 },
    {
      filter_chains: [passthrough],
      use_original_dst: true,
      traffic_direction: 'OUTBOUND',
    },
  );
}

function* routeConfigurations(mesh: MeshSize): Generator<Outline> {
  for (const port of [80, 9090]) yield routeConfiguration(String(port), mesh, port);
}

function routeConfiguration(name: string, mesh: MeshSize, port: number): Outline {
  const route = object({
    '@type': value('type.googleapis.com/envoy.config.route.v3.RouteConfiguration'),
    name: value(name),
    virtual_hosts: list(virtualHosts(mesh, port)),
    validate_clusters: value(false),
    ignore_port_in_host_matching: value(true),
  });
  return object({ version_info: value('2026-03-01T08:15:29Z/42'), route_config: route, last_updated: value(UPDATED) });
}

function* virtualHosts({ services, seed }: MeshSize, port: number): Generator {
  for (const service of meshServices(services, seed))
    if (service.ports.some(({ number }) => number === port)) yield virtualHost(service, port);
}

function* gatewayListeners(): Generator {
  yield listener(
    '0.0.0.0_8080',
    { address: '0.0.0.0', port: 8080 },
    {
      filter_chains: [{ filters: [connectionManager('http.8080')] }],
      traffic_direction: 'OUTBOUND',
    },
  );
}

/** One filter chain with its own routes for each service, as the waypoint's `main_internal` has them. */
function* waypointListeners({ services, seed }: MeshSize): Generator {
  const chains: object[] = [];
  for (const service of meshServices(services, seed)) {
    const routes = { name: `inbound|80|${service.host}`, virtual_hosts: [{ ...virtualHost(service, 80), domains: ['*'] }] };
    const match = { destination_port: 80, prefix_ranges: [{ address_prefix: service.virtualIp, prefix_len: 32 }] };
    chains.push({ name: `inbound-vip|80|http|${service.host}`, filter_chain_match: match, filters: [connectionManager(routes)] });
  }
  yield listener('main_internal', { address: '127.0.0.1', port: 15088 }, { filter_chains: chains, traffic_direction: 'INBOUND' });
}

function ztunnelDump(mesh: MeshSize): Outline {
  return object({ services: list(ztunnelServices(mesh)), workloads: list(ztunnelWorkloads(mesh)), policies: value([]) });
}

function* ztunnelServices({ services, seed }: MeshSize): Generator {
  for (const { name, namespace, host, virtualIp, ports, pods } of meshServices(services, seed)) {
    const endpoints = pods.map((pod) => ({
      workloadUid: `Kubernetes//Pod/${namespace}/${pod.name}`,
      service: '',
      port: { 80: 8080 },
      status: 'Healthy',
    }));
    const portMap = Object.fromEntries(ports.map(({ number }) => [number, number === 80 ? 8080 : number]));
    yield { name, namespace, hostname: host, vips: [`/${virtualIp}`], ports: portMap, endpoints, subjectAltNames: [], ipFamilies: 'IPv4' };
  }
}

function* ztunnelWorkloads({ services, seed }: MeshSize): Generator {
  for (const { name, namespace, pods } of meshServices(services, seed))
    for (const pod of pods)
      yield {
        uid: `Kubernetes//Pod/${namespace}/${pod.name}`,
        workloadIps: [pod.ip],
        protocol: 'HBONE',
        name: pod.name,
        namespace,
        serviceAccount: name,
        workloadName: name,
        workloadType: 'deployment',
        canonicalName: name,
        canonicalRevision: pod.version,
        node: `node-${pod.zone}`,
        status: 'Healthy',
        clusterId: 'Kubernetes',
        locality: { region: 'north-1', zone: pod.zone },
        capacity: 1,
      };
}
