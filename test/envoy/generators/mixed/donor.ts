/** What one case gives to another: its filters, routes, clusters, fields, requests, under names of their own. */
import { objectsOf, textOf } from '../../jsonFields';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { isObject, isType, mapTexts, objectsIn } from './jsonTree';

export interface Donor {
  readonly given: LabCase;
  readonly httpFilters: readonly JsonObject[];
  /** `typed_per_filter_config` of its routes and virtual hosts, by the names of its filters. */
  readonly overrides: readonly JsonObject[];
  readonly networkFilters: readonly JsonObject[];
  readonly managers: readonly JsonObject[];
  readonly routes: readonly JsonObject[];
  readonly listeners: readonly JsonObject[];
  readonly clusters: readonly JsonObject[];
}

/** Names of clusters, files and filters get `prefix`, and endpoints a network of their own, so that they stand beside those of other cases. */
export function makeDonor(original: LabCase, index: number): Donor {
  const prefix = `d${index}-`;
  const rename = (text: string): string => text.replaceAll('§', `§${prefix}`).replaceAll('10.200.', `10.20${index + 1}.`);
  const given = mapTexts(original as unknown as Json, rename) as unknown as LabCase;
  const listeners = [...given.listeners, ...(given.dynamic?.listeners ?? [])];
  const all = objectsIn(listeners);
  const managers = all.filter((object) => isType(object, 'HttpConnectionManager'));
  const chains = listeners.flatMap(({ filter_chains, default_filter_chain: rest }) => [
    ...objectsOf(filter_chains),
    ...(isObject(rest) ? [rest] : []),
  ]);
  const hosts = [...all, ...Object.values(given.files ?? {}).flatMap(objectsIn)].filter(({ domains }) => Array.isArray(domains));
  const routes = hosts.flatMap((host) => objectsOf(host['routes']));
  const own = (filter: JsonObject): JsonObject => ({ ...filter, name: `${prefix}${textOf(filter['name'])}` });
  return {
    given,
    listeners,
    clusters: [...given.clusters, ...(given.dynamic?.clusters ?? [])],
    managers,
    routes,
    httpFilters: managers.flatMap(({ http_filters }) => objectsOf(http_filters).slice(0, -1)).map(own),
    networkFilters: chains.flatMap(({ filters }) => objectsOf(filters).slice(0, -1)).map(own),
    overrides: [...hosts, ...routes].flatMap(({ typed_per_filter_config: own }) => (isObject(own) ? [renameKeys(own, prefix)] : [])),
  };
}

function renameKeys(object: JsonObject, prefix: string): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [`${prefix}${key}`, value]));
}
