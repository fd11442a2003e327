/** Gives a case its own names, ports and intercepted addresses, so that one Envoy serves many cases. */
import type { Json, JsonObject, LabCase, PlacedCase } from './labCase';

/** Cases that one Envoy serves at a time. */
export const SLOTS = 48;
const PORTS = 8;
const FIRST_PORT = 20000;

/** The first of the eight ports of a slot. */
export function basePort(slot: number): number {
  return 10000 + slot * PORTS;
}

export function placeCase(given: LabCase, { slot, index, generator }: Pick<PlacedCase, 'slot' | 'index' | 'generator'>): PlacedCase {
  const place = (value: Json): Json => placeValue(value, slot);
  const { listeners, clusters, dynamic } = given;
  const internal = [...listeners, ...(dynamic?.listeners ?? [])].some((listener) => 'internal_listener' in listener);
  const runtime = place(given.runtime ?? {}) as JsonObject;
  const files: Record<string, JsonObject> = {};
  for (const [name, resource] of Object.entries(given.files ?? {}))
    files[placeText(name, slot)] = discoveryResponse([place(resource) as JsonObject]);
  if (dynamic?.listeners)
    files[LISTENERS_FILE] = discoveryResponse(dynamic.listeners.map((each) => withType('listener.v3.Listener', place(each))));
  if (dynamic?.clusters)
    files[CLUSTERS_FILE] = discoveryResponse(dynamic.clusters.map((each) => withType('cluster.v3.Cluster', place(each))));
  const secrets = (given.secrets ?? []).map(place);
  const bootstrap = makeBootstrap({ listeners: listeners.map(place), clusters: clusters.map(place), secrets, internal, runtime, files });
  const requests = place(given.requests as unknown as Json) as unknown as PlacedCase['requests'];
  return { slot, index, generator, area: given.area, bootstrap, files, requests };
}

export const LISTENERS_FILE = 'lds.json';
export const CLUSTERS_FILE = 'cds.json';

export interface BootstrapParts {
  readonly listeners: Json;
  readonly clusters: Json;
  readonly secrets: readonly Json[];
  readonly internal: boolean;
  readonly runtime: JsonObject;
  readonly files: Readonly<Record<string, JsonObject>>;
}

/** A bootstrap that names the files of listeners and clusters where they are there. */
export function makeBootstrap({ listeners, clusters, secrets, internal, runtime, files }: BootstrapParts): JsonObject {
  const source = (path: string): JsonObject => ({ resource_api_version: 'V3', path_config_source: { path: `./${path}` } });
  const dynamic: JsonObject = {
    ...(files[LISTENERS_FILE] ? { lds_config: source(LISTENERS_FILE) } : {}),
    ...(files[CLUSTERS_FILE] ? { cds_config: source(CLUSTERS_FILE) } : {}),
  };
  return {
    node: { id: 'lab', cluster: 'lab' },
    ...(internal ? { bootstrap_extensions: [internalListeners()] } : {}),
    ...(Object.keys(runtime).length > 0 ? { layered_runtime: { layers: [{ name: 'lab', static_layer: runtime }] } } : {}),
    ...(Object.keys(dynamic).length > 0 ? { dynamic_resources: dynamic } : {}),
    static_resources: { listeners, clusters, ...(secrets.length > 0 ? { secrets } : {}) },
  };
}

export function discoveryResponse(resources: readonly JsonObject[]): JsonObject {
  return { version_info: '1', resources };
}

function withType(type: string, resource: Json): JsonObject {
  return { '@type': `type.googleapis.com/envoy.config.${type}`, ...(resource as JsonObject) };
}

function internalListeners(): JsonObject {
  const type = 'type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener';
  return { name: 'envoy.bootstrap.internal_listener', typed_config: { '@type': type } };
}

/** The case as the engine reads it. */
export function sourcesOf({ bootstrap, files }: Pick<PlacedCase, 'bootstrap' | 'files'>): { uri: string; text: string }[] {
  return Object.entries({ 'bootstrap.json': bootstrap, ...files }).map(([name, content]) => ({
    uri: `lab:/${name}`,
    text: JSON.stringify(content, null, 1),
  }));
}

function placeValue(value: Json, slot: number): Json {
  if (typeof value === 'number') return isPort(value) ? basePort(slot) + (value - FIRST_PORT) : value;
  if (typeof value === 'string') return placeText(value, slot);
  if (Array.isArray(value)) return value.map((item: Json) => placeValue(item, slot));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as JsonObject).map(([key, child]) => [placeText(key, slot), placeValue(child, slot)]));
}

function isPort(value: number): boolean {
  return value >= FIRST_PORT && value < FIRST_PORT + PORTS;
}

function placeText(text: string, slot: number): string {
  return text
    .replaceAll('§', `s${slot}-`)
    .replaceAll(/\b10\.(96|97)\.0\./gu, (_, net: string) => `10.${net}.${slot}.`)
    .replaceAll(/\b2000([0-7])\b/gu, (_, offset: string) => String(basePort(slot) + Number(offset)));
}
