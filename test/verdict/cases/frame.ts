/** Places in a small bootstrap for the cases: each gives a name, the pointer of what is wrong (or not), and the bootstrap. */
import type { Json, JsonObject } from '../json';

/** Name, pointer, configuration. */
export type Case = readonly [name: string, pointer: string, config: JsonObject];

const TYPE = 'type.googleapis.com/envoy.extensions.';
const ADDRESS = '127.0.0.1';

/** A message with its type; `!` before a full name. */
export const message = (type: string, fields: JsonObject = {}): JsonObject => ({
  '@type': type.startsWith('!') ? `type.googleapis.com/${type.slice(1)}` : TYPE + type,
  ...fields,
});
export const typed = (name: string, type: string, fields: JsonObject = {}): JsonObject => ({ name, typed_config: message(type, fields) });
export const router = typed('envoy.filters.http.router', 'filters.http.router.v3.Router');
export const address = (port: number, protocol = 'TCP', text = ADDRESS): JsonObject => ({
  socket_address: { address: text, port_value: port, protocol },
});
export const tcp = (fields: JsonObject = {}): JsonObject =>
  typed('tcp', 'filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: 't', cluster: 'c', ...fields });
export const endpoints = (at: JsonObject = address(80)): JsonObject[] => [{ lb_endpoints: [{ endpoint: { address: at } }] }];
export const cluster = (name: string, fields: JsonObject = {}): JsonObject => ({
  name,
  connect_timeout: '1s',
  type: 'STATIC',
  load_assignment: { cluster_name: name, endpoints: endpoints() },
  ...fields,
});
export const manager = (fields: JsonObject = {}): JsonObject =>
  typed('hcm', 'filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'h',
    route_config: {
      name: 'r',
      virtual_hosts: [{ name: 'w', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'c' } }] }],
    },
    http_filters: [router],
    ...fields,
  });
export const listener = (filters: Json[], fields: JsonObject = {}, chain: JsonObject = {}): JsonObject => ({
  name: 'l',
  address: address(8080),
  filter_chains: [{ filters, ...chain }],
  ...fields,
});
export const bootstrap = (listeners: Json[], clusters: Json[] = [], fields: JsonObject = {}): JsonObject => ({
  node: { id: 'n', cluster: 'k' },
  static_resources: { listeners, clusters: [cluster('c'), cluster('d'), ...clusters] },
  ...fields,
});

export const CHAIN = '/static_resources/listeners/0/filter_chains/0';
export const MANAGER = `${CHAIN}/filters/0/typed_config`;
const ROUTE = `${MANAGER}/route_config/virtual_hosts/0/routes/0`;
const CLUSTER = '/static_resources/clusters/2';

export const inHttpFilter = (name: string, type: string, fields: JsonObject = {}): Case => [
  name,
  `${MANAGER}/http_filters/0`,
  bootstrap([listener([manager({ http_filters: [typed('x', type, fields), router] })])]),
];
export const inNetworkFilter = (name: string, type: string, fields: JsonObject = {}, isLast = true): Case => [
  name,
  `${CHAIN}/filters/0`,
  bootstrap([listener(isLast ? [typed('x', type, fields)] : [typed('x', type, fields), tcp()])]),
];
export const inManager = (name: string, fields: JsonObject, at = ''): Case => [
  name,
  MANAGER + at,
  bootstrap([listener([manager(fields)])]),
];
export const inRoutes = (name: string, fields: JsonObject, at = ''): Case => [
  name,
  `${MANAGER}/route_config${at}`,
  bootstrap([listener([manager({ route_config: { name: 'r', ...fields } })])]),
];
export const inRoute = (name: string, fields: JsonObject, at = ''): Case => {
  const routes = [{ match: { prefix: '/' }, ...fields }];
  return [name, ROUTE + at, inRoutes(name, { virtual_hosts: [{ name: 'w', domains: ['*'], routes }] })[2]];
};
export const inAction = (name: string, fields: JsonObject, at = ''): Case =>
  inRoute(name, { route: { cluster: 'c', ...fields } }, `/route${at}`);
export const inCluster = (name: string, fields: JsonObject, at = ''): Case => [name, CLUSTER + at, bootstrap([], [cluster('x', fields)])];
export const inBootstrap = (name: string, fields: JsonObject, at = ''): Case => [name, at, bootstrap([], [], fields)];
export const inLog = (name: string, type: string, fields: JsonObject = {}): Case => [
  name,
  `${MANAGER}/access_log/0`,
  bootstrap([listener([manager({ access_log: [typed('x', type, fields)] })])]),
];

interface Around {
  readonly at?: string;
  readonly filters?: Json[];
  readonly chain?: JsonObject;
  readonly bootstrap?: JsonObject;
}

export const inListener = (name: string, fields: JsonObject, around: Around = {}): Case => [
  name,
  `/static_resources/listeners/0${around.at ?? ''}`,
  bootstrap([listener(around.filters ?? [tcp()], fields, around.chain ?? {})], [], around.bootstrap ?? {}),
];
