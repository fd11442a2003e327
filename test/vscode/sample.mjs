// Where things stand in the sample that the end to end tests use, computed from its text: no line number is written down.
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import fs from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
/** One sample alone: the worlds of the others have addresses in common with it. */
export const workspace = path.join(root, 'samples/ambient-today');
export const samplePath = 'waypoint.json';

const text = fs.readFileSync(path.join(workspace, samplePath), 'utf8');
const dump = JSON.parse(text);
const tree = parseTree(text);
const cluster = 'inbound-vip|9080|http|productpage.bookinfo.svc.cluster.local';
/** Its routes split the traffic, and no policy stands before them. */
const splitChain = 'inbound-vip|9080|http|reviews.bookinfo.svc.cluster.local';

const configOf = (type) => dump.configs.findIndex((config) => config['@type'].endsWith(`.${type}`));
const indexIn = (list, found) => {
  const index = list.findIndex(found);
  if (index < 0) throw new Error(`${samplePath} is not what this test expects: ${found}`);
  return index;
};

/** Line and column (from 1) inside the value at a JSON path, and the lines that the value covers. */
export function placeOf(jsonPath) {
  const node = findNodeAtLocation(tree, jsonPath);
  if (!node) throw new Error(`${samplePath} has no ${jsonPath.join('/')}`);
  const lineOf = (offset) => text.slice(0, offset).split('\n').length;
  const inside = node.offset + 3;
  const line = lineOf(inside);
  return { line, column: inside - text.lastIndexOf('\n', inside - 1), lines: [lineOf(node.offset), lineOf(node.offset + node.length)] };
}

const listeners = configOf('ListenersConfigDump');
const clusters = configOf('ClustersConfigDump');
const endpoints = configOf('EndpointsConfigDump');
const listenerIndex = (name) => indexIn(dump.configs[listeners].dynamic_listeners, (listener) => listener.name === name);
const listenerPath = (name) => ['configs', listeners, 'dynamic_listeners', listenerIndex(name), 'active_state', 'listener'];
const clusterIndex = (name) => indexIn(dump.configs[clusters].dynamic_active_clusters, (entry) => entry.cluster.name === name);
const clusterPath = (name) => ['configs', clusters, 'dynamic_active_clusters', clusterIndex(name), 'cluster'];
const endpointPath = (name) => [
  'configs',
  endpoints,
  'dynamic_endpoint_configs',
  indexIn(dump.configs[endpoints].dynamic_endpoint_configs, (entry) => entry.endpoint_config.cluster_name === name),
  'endpoint_config',
];
const chainPath = [...listenerPath('main_internal'), 'filter_chains', 0];
const splitPath = [
  ...listenerPath('main_internal'),
  'filter_chains',
  indexIn(valueAt([...listenerPath('main_internal'), 'filter_chains']), ({ name }) => name === splitChain),
];
const routePath = [
  ...chainPath,
  'filters',
  indexIn(valueAt([...chainPath, 'filters']), ({ name }) => name.endsWith('http_connection_manager')),
].concat(['typed_config', 'route_config', 'virtual_hosts', 0, 'routes', 0]);

/** In the chain that splits: its first route with several clusters, which asks for no header. */
function splitRoutePath() {
  const manager = indexIn(valueAt([...splitPath, 'filters']), ({ name }) => name.endsWith('http_connection_manager'));
  const routes = [...splitPath, 'filters', manager, 'typed_config', 'route_config', 'virtual_hosts', 0, 'routes'];
  return [...routes, indexIn(valueAt(routes), ({ route, match }) => route?.weighted_clusters && !match.headers)];
}

function valueAt(jsonPath) {
  return jsonPath.reduce((value, key) => value?.[key], dump);
}

/** The JSON path of the first action of that name in the matcher of a listener. */
function actionPath(listener, name) {
  const search = (value, at) => {
    if (typeof value !== 'object' || value === null) return undefined;
    if (value.action?.typed_config?.value === name) return [...at, 'action', 'typed_config', 'value'];
    for (const [key, child] of Object.entries(value)) {
      const found = search(child, [...at, Array.isArray(value) ? Number(key) : key]);
      if (found) return found;
    }
    return undefined;
  };
  const start = [...listenerPath(listener), 'filter_chain_matcher'];
  const found = search(valueAt(start), start);
  if (!found) throw new Error(`no action ${name} in ${listener}`);
  return found;
}

/** What the tests point at. */
export const places = {
  cluster,
  clusterInRoute: placeOf([...routePath, 'route', 'cluster']),
  clusterItself: placeOf(clusterPath(cluster)),
  endpoints: placeOf(endpointPath(cluster)),
  serverListenerName: placeOf([
    ...clusterPath('main_internal'),
    ...['load_assignment', 'endpoints', 0, 'lb_endpoints', 0, 'endpoint', 'address', 'envoy_internal_address', 'server_listener_name'],
  ]),
  internalListener: placeOf(listenerPath('main_internal')),
  action: placeOf(actionPath('main_internal', cluster)),
  splitChain,
  chainName: placeOf([...splitPath, 'name']),
  splitRoute: placeOf([...splitRoutePath(), 'match', 'prefix']),
  chain: placeOf(splitPath),
};
