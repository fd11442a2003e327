/** Small bootstraps of our own that Envoy takes, with a place for one extension of each category. */
import { typesOfCategory } from '../../server/src/schema/extensions/extensionCategories';
import { messageType } from '../../server/src/schema/table/messageType';
import type { Json, JsonObject } from './json';
import { makeMessage } from './makeMessage';
import type { Random } from './random';

export interface FramedSeed {
  readonly name: string;
  /** Where the extension stands. */
  readonly pointer: string;
  readonly config: JsonObject;
}

const TYPE = 'type.googleapis.com/envoy.extensions.';
const typed = (name: string, type: string, fields: JsonObject = {}): JsonObject => ({
  name,
  typed_config: { '@type': TYPE + type, ...fields },
});
const router = typed('envoy.filters.http.router', 'filters.http.router.v3.Router');
const tcpProxy = typed('tcp', 'filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: 't', cluster: 'c' });
const address = (port: number, protocol = 'TCP'): JsonObject => ({ socket_address: { address: '127.0.0.1', port_value: port, protocol } });

export function cluster(name: string, fields: JsonObject = {}): JsonObject {
  const endpoints = [{ lb_endpoints: [{ endpoint: { address: address(80) } }] }];
  return { name, connect_timeout: '1s', type: 'STATIC', load_assignment: { cluster_name: name, endpoints }, ...fields };
}

function manager(fields: JsonObject): JsonObject {
  return typed('hcm', 'filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'h',
    route_config: {
      name: 'r',
      virtual_hosts: [
        { name: 'v', domains: ['a.com'], routes: [{ match: { prefix: '/a' }, route: { cluster: 'c' } }, { match: { path: '/b' }, redirect: { host_redirect: 'b.com' } }] },
        { name: 'w', domains: ['*'], routes: [{ match: { prefix: '/' }, direct_response: { status: 200 } }] },
      ],
    },
    http_filters: [router],
    ...fields,
  }); // prettier-ignore
}

const listener = (filters: Json[], fields: JsonObject = {}, chain: JsonObject = {}): JsonObject => ({
  name: 'l',
  address: address(8080),
  filter_chains: [{ ...(filters.length > 0 && { filters }), ...chain }],
  ...fields,
});
const bootstrap = (listeners: Json[], clusters: Json[] = [], fields: JsonObject = {}): JsonObject => ({
  node: { id: 'n', cluster: 'k' },
  static_resources: { listeners, clusters: [cluster('c'), cluster('d'), ...clusters] },
  ...fields,
});

type Frame = (extension: JsonObject) => readonly [config: JsonObject, pointer: string];
const CHAIN = '/static_resources/listeners/0/filter_chains/0';
const MANAGER = `${CHAIN}/filters/0/typed_config`;
const CLUSTER = '/static_resources/clusters/2';
const named = (typed_config: JsonObject, name = 'x'): JsonObject => ({ name, typed_config });

const FRAMES: Readonly<Record<string, Frame>> = {
  'filters.http': (any) => [bootstrap([listener([manager({ http_filters: [named(any), router] })])]), `${MANAGER}/http_filters/0`],
  'filters.network': (any) => [bootstrap([listener([named(any), tcpProxy])]), `${CHAIN}/filters/0`],
  'filters.network alone': (any) => [bootstrap([listener([named(any)])]), `${CHAIN}/filters/0`],
  'filters.listener': (any) => [
    bootstrap([listener([tcpProxy], { listener_filters: [named(any)] })]),
    '/static_resources/listeners/0/listener_filters/0',
  ],
  'filters.udp_listener': (any) => [
    bootstrap([{ name: 'u', address: address(53, 'UDP'), listener_filters: [named(any)] }]),
    '/static_resources/listeners/0/listener_filters/0',
  ],
  access_loggers: (any) => [bootstrap([listener([manager({ access_log: [named(any)] })])]), `${MANAGER}/access_log/0`],
  tracers: (any) => [bootstrap([listener([manager({ tracing: { provider: named(any) } })])]), `${MANAGER}/tracing/provider`],
  load_balancing_policies: (any) => [
    bootstrap([], [cluster('x', { load_balancing_policy: { policies: [{ typed_extension_config: named(any) }] } })]),
    `${CLUSTER}/load_balancing_policy`,
  ],
  clusters: (any) => [
    bootstrap([], [{ name: 'x', connect_timeout: '1s', lb_policy: 'CLUSTER_PROVIDED', cluster_type: named(any) }]),
    CLUSTER,
  ],
  'clusters balanced': (any) => [bootstrap([], [{ ...cluster('x'), type: null, cluster_type: named(any) }]), CLUSTER],
  'transport_sockets.upstream': (any) => [bootstrap([], [cluster('x', { transport_socket: named(any) })]), `${CLUSTER}/transport_socket`],
  'transport_sockets.downstream': (any) => [
    bootstrap([listener([tcpProxy], {}, { transport_socket: named(any) })]),
    `${CHAIN}/transport_socket`,
  ],
  health_checkers: (any) => [
    bootstrap(
      [],
      [
        cluster('x', {
          health_checks: [{ timeout: '1s', interval: '1s', unhealthy_threshold: 1, healthy_threshold: 1, custom_health_check: named(any) }],
        }),
      ],
    ),
    `${CLUSTER}/health_checks/0`,
  ],
  stats_sinks: (any) => [bootstrap([], [], { stats_sinks: [named(any)] }), '/stats_sinks/0'],
  resource_monitors: (any) => [bootstrap([], [], { overload_manager: { resource_monitors: [named(any)] } }), '/overload_manager'],
  bootstrap: (any) => [bootstrap([], [], { bootstrap_extensions: [named(any)] }), '/bootstrap_extensions/0'],
};

/** Messages of the API that stand in a bootstrap at a fixed place. */
const PARTS: readonly [type: string, pointer: string, frame: (part: JsonObject) => JsonObject][] = [
  ['route.v3.Route', `${MANAGER}/route_config/virtual_hosts/0/routes/0`, (part) => routes({ virtual_hosts: [{ name: 'v', domains: ['*'], routes: [part] }] })],
  ['route.v3.VirtualHost', `${MANAGER}/route_config/virtual_hosts/0`, (part) => routes({ virtual_hosts: [part] })],
  ['route.v3.RouteConfiguration', `${MANAGER}/route_config`, routes],
  ['route.v3.RouteAction', `${MANAGER}/route_config/virtual_hosts/0/routes/0/route`, (part) => action({ route: part })],
  ['route.v3.RouteMatch', `${MANAGER}/route_config/virtual_hosts/0/routes/0/match`, (part) => action({ match: part, route: { cluster: 'c' } })],
  ['route.v3.RedirectAction', `${MANAGER}/route_config/virtual_hosts/0/routes/0/redirect`, (part) => action({ redirect: part })],
  ['route.v3.RetryPolicy', `${MANAGER}/route_config/virtual_hosts/0/routes/0/route/retry_policy`, (part) => action({ route: { cluster: 'c', retry_policy: part } })],
  ['cluster.v3.Cluster', CLUSTER, (part) => bootstrap([], [{ ...cluster('x'), ...part, name: 'x' }])],
  ['core.v3.HealthCheck', `${CLUSTER}/health_checks/0`, (part) => bootstrap([], [cluster('x', { health_checks: [part] })])],
  ['cluster.v3.OutlierDetection', `${CLUSTER}/outlier_detection`, (part) => bootstrap([], [cluster('x', { outlier_detection: part })])],
  ['endpoint.v3.ClusterLoadAssignment', `${CLUSTER}/load_assignment`, (part) => bootstrap([], [cluster('x', { load_assignment: part })])],
  ['listener.v3.Listener', '/static_resources/listeners/0', (part) => bootstrap([{ ...listener([tcpProxy]), ...part }])],
  ['listener.v3.FilterChain', CHAIN, (part) => bootstrap([listener([tcpProxy], {}, part)])],
  ['overload.v3.OverloadManager', '/overload_manager', (part) => bootstrap([], [], { overload_manager: part })],
  ['bootstrap.v3.Admin', '/admin', (part) => bootstrap([], [], { admin: part })],
  ['bootstrap.v3.LayeredRuntime', '/layered_runtime', (part) => bootstrap([], [], { layered_runtime: part })],
  ['metrics.v3.StatsConfig', '/stats_config', (part) => bootstrap([], [], { stats_config: part })],
  ['bootstrap.v3.Watchdogs', '/watchdogs', (part) => bootstrap([], [], { watchdogs: part })],
  ['accesslog.v3.AccessLogFilter', `${MANAGER}/access_log/0/filter`, (part) => bootstrap([listener([manager({ access_log: [{ name: 'a', filter: part, typed_config: { '@type': `${TYPE}access_loggers.stream.v3.StdoutAccessLog` } }] })])])],
]; // prettier-ignore

function routes(part: JsonObject): JsonObject {
  return bootstrap([listener([manager({ route_config: part })])]);
}

function action(part: JsonObject): JsonObject {
  return routes({ virtual_hosts: [{ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, ...part }] }] });
}

/** One of each extension and part, filled by chance. */
export function framedSeeds(random: Random): FramedSeed[] {
  const around = { random, clusters: ['c', 'd'] };
  const extensions = Object.entries(FRAMES).flatMap(([frame, place]) =>
    [...typesOfCategory(frame.split(' ')[0] ?? '')].flatMap((name): FramedSeed[] => {
      const type = messageType(name);
      if (!type || /dynamic_modules|wasm/i.test(name)) return [];
      const [config, pointer] = place({ '@type': `type.googleapis.com/${name}`, ...makeMessage(type, around) });
      return [{ name: `${frame} ${name}`, pointer, config }];
    }),
  );
  const parts = PARTS.flatMap(([name, pointer, frame]): FramedSeed[] => {
    const type = messageType(`envoy.config.${name}`);
    return type ? [{ name, pointer, config: frame(makeMessage(type, around)) }] : [];
  });
  return [...extensions, ...parts];
}
