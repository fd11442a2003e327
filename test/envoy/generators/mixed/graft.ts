/** Puts parts of a donor into a case: each function one kind of part, at places that the dice choose. */
import { objectsOf, textOf } from '../../jsonFields';
import type { JsonObject, LabCase } from '../../labCase';
import type { Dice } from './dice';
import type { Donor } from './donor';
import { isObject, isType, mapObjects } from './jsonTree';

type Graft = (given: LabCase, donor: Donor, dice: Dice) => LabCase;

/** What the donor's parts name must be there. */
export const addResources: Graft = (given, { given: donor, clusters }) => ({
  ...given,
  clusters: [...given.clusters, ...clusters],
  files: { ...given.files, ...donor.files },
  runtime: { ...donor.runtime, ...given.runtime },
});

/** HTTP filters before the last, in any order, and what routes and virtual hosts say instead. */
export const addHttpFilters: Graft = (given, { httpFilters, overrides }, dice) => {
  const chosen = dice.some(httpFilters);
  if (chosen.length === 0) return given;
  const names = new Set(chosen.map(({ name }) => name));
  const known = overrides.map((own) => Object.fromEntries(Object.entries(own).filter(([name]) => names.has(name))));
  const override = (object: JsonObject): JsonObject => {
    const own = dice.roll(2) === 1 ? dice.pick(known) : undefined;
    const before = isObject(object['typed_per_filter_config']) ? object['typed_per_filter_config'] : {};
    return own && Object.keys(own).length > 0 ? { ...object, typed_per_filter_config: { ...before, ...own } } : object;
  };
  return mapListeners(given, (object) => {
    if (isType(object, 'HttpConnectionManager')) {
      const filters = objectsOf(object['http_filters']);
      return { ...object, http_filters: [...dice.shuffle([...filters.slice(0, -1), ...chosen]), ...filters.slice(-1)] };
    }
    return Array.isArray(object['domains']) || isRoute(object) ? override(object) : object;
  });
};

/** Where a filter waits for the end of a request that has none, Envoy answers before the client loses its patience. */
export function withIdleTimeout(given: LabCase): LabCase {
  const waits = ({ typed_config: config }: JsonObject): boolean => isObject(config) && isType(config, 'Buffer');
  return mapListeners(given, (object) => {
    if (isType(object, 'HttpConnectionManager') && objectsOf(object['http_filters']).some(waits))
      return { ...object, stream_idle_timeout: '0.4s' };
    return 'idle_timeout' in object && 'cluster' in object ? { ...object, idle_timeout: '0.4s' } : object;
  });
}

export const addNetworkFilters: Graft = (given, { networkFilters }, dice) => {
  const chosen = dice.some(networkFilters);
  if (chosen.length === 0) return given;
  return mapChains(given, (chain) => {
    const filters = objectsOf(chain['filters']);
    return dice.roll(2) === 1
      ? { ...chain, filters: [...dice.shuffle([...filters.slice(0, -1), ...chosen]), ...filters.slice(-1)] }
      : chain;
  });
};

const OWN_FIELDS: ReadonlySet<string> = new Set([
  '@type',
  'route_config',
  'rds',
  'scoped_routes',
  'http_filters',
  'stat_prefix',
  'codec_type',
]);

/** Fields of the connection manager that the case has not set. */
export const addManagerFields: Graft = (given, { managers }, dice) => {
  const fields = Object.entries(dice.pick(managers) ?? {}).filter(([name]) => !OWN_FIELDS.has(name));
  const chosen = Object.fromEntries(dice.some(fields));
  return mapListeners(given, (object) => (isType(object, 'HttpConnectionManager') ? { ...chosen, ...object } : object));
};

/** Routes of the donor before, between or after those that are there; and the fields of its routes on others. */
export const addRoutes: Graft = (given, { routes }, dice) =>
  mapListeners(given, (object) => {
    if (!Array.isArray(object['domains']) || !Array.isArray(object['routes']) || dice.roll(2) === 0) return object;
    const chosen = dice.some(routes).slice(0, 3).map(withoutOverrides);
    const at = dice.roll(objectsOf(object['routes']).length + 1);
    return { ...object, routes: objectsOf(object['routes']).toSpliced(at, 0, ...chosen) };
  });

function withoutOverrides(route: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(route).filter(([name]) => name !== 'typed_per_filter_config'));
}

/** A cluster of the case becomes one of the donor's, under the name that it has. */
export const swapCluster: Graft = (given, { clusters }, dice) => {
  const other = dice.pick(clusters);
  const at = dice.roll(given.clusters.length);
  const own = given.clusters[at];
  if (!other || !own || standsForNobody(own)) return given;
  const swapped: JsonObject = { ...other, name: own['name'] ?? '' };
  return { ...given, clusters: given.clusters.with(at, swapped) };
};

/** What filters ask there is answered by nobody: an upstream of the lab would not answer as such a service does. */
function standsForNobody(cluster: JsonObject): boolean {
  return textOf(cluster['name']).endsWith('empty');
}

const INTERNAL_FIELDS = ['filter_chains', 'default_filter_chain', 'filter_chain_matcher', 'listener_filters', 'metadata'];

/** A cluster of the case leads into the donor's listener. */
export const nestListener: Graft = (given, { listeners }, dice) => {
  const inner = dice.pick(listeners);
  const at = dice.roll(given.clusters.length);
  const own = given.clusters[at];
  if (!inner || !own || standsForNobody(own)) return given;
  const name = textOf(inner['name']);
  const fields = Object.fromEntries(INTERNAL_FIELDS.flatMap((field) => (inner[field] === undefined ? [] : [[field, inner[field]]])));
  const host = { endpoint: { address: { envoy_internal_address: { server_listener_name: name } } } };
  const clusterName = textOf(own['name']);
  const through: JsonObject = {
    name: clusterName,
    connect_timeout: '1s',
    load_assignment: { cluster_name: clusterName, endpoints: [{ lb_endpoints: [host] }] },
    ...(dice.roll(2) === 1 ? { transport_socket: internalSocket() } : {}),
  };
  return {
    ...given,
    listeners: [...given.listeners, { name, internal_listener: {}, ...fields }],
    clusters: given.clusters.with(at, through),
  };
};

function internalSocket(): JsonObject {
  const type = 'type.googleapis.com/envoy.extensions.transport_sockets';
  const raw = { name: 'raw', typed_config: { '@type': `${type}.raw_buffer.v3.RawBuffer` } };
  return { name: 'internal', typed_config: { '@type': `${type}.internal_upstream.v3.InternalUpstreamTransport`, transport_socket: raw } };
}

function isRoute(object: JsonObject): boolean {
  return isObject(object['match']) && ('route' in object || 'direct_response' in object || 'redirect' in object);
}

function mapListeners(given: LabCase, change: (object: JsonObject) => JsonObject): LabCase {
  const { dynamic } = given;
  const all = (listeners: readonly JsonObject[]): JsonObject[] => mapObjects(listeners, change) as JsonObject[];
  return {
    ...given,
    listeners: all(given.listeners),
    ...(dynamic?.listeners ? { dynamic: { ...dynamic, listeners: all(dynamic.listeners) } } : {}),
  };
}

function mapChains(given: LabCase, change: (chain: JsonObject) => JsonObject): LabCase {
  return mapListeners(given, (object) => {
    const fallback = object['default_filter_chain'];
    if (!Array.isArray(object['filter_chains']) && !isObject(fallback)) return object;
    return {
      ...object,
      filter_chains: objectsOf(object['filter_chains']).map(change),
      ...(isObject(fallback) ? { default_filter_chain: change(fallback) } : {}),
    };
  });
}
