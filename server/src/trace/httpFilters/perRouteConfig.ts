/** `typed_per_filter_config` of cluster weight, route, virtual host and route configuration (Envoy: source/common/router/per_filter_config.cc). */
import { memoizeByNode, readTyped, type ConfigNode, type TypedConfig } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import { readKeptBack } from '../../schema/keptBackText';
import type { HttpStream } from '../httpStream';

const FILTER_CONFIG = 'envoy.config.route.v3.FilterConfig';

export interface RouteConfig extends TypedConfig {
  /** Where the entry stands: a level's `typed_per_filter_config[NAME]`. */
  readonly entry: ConfigNode;
}

/** Is the filter off for this route? The most specific entry of its name says so; any entry that does not disable it enables it. */
export function disabledByRoute(http: HttpStream, name: string): { readonly isDisabled: boolean; readonly at: ConfigNode } | undefined {
  const at = entriesOf(http, name)[0];
  return at && { isDisabled: wrapperOf(at)?.bool('disabled') === true, at };
}

/** The most specific configuration that the route gives to the filter. */
export function routeConfigOf(http: HttpStream, name: string): RouteConfig | undefined {
  return routeConfigsOf(http, name)[0];
}

/** All of them, the most specific first. What is meant for a filter around this one is not its own. */
export function routeConfigsOf(http: HttpStream, name: string): RouteConfig[] {
  return entriesOf(http, name)
    .flatMap((entry) => readEntry(entry) ?? [])
    .filter(({ type }) => !WRAPPERS.has(type));
}

const WRAPPERS: ReadonlySet<string> = new Set([
  'envoy.extensions.common.matching.v3.ExtensionWithMatcherPerRoute',
  'envoy.extensions.filters.http.composite.v3.CompositePerRoute',
  'envoy.extensions.filters.http.filter_chain.v3.FilterChainConfigPerRoute',
]);

/** The route's configurations of a filter that runs others, the most specific first: they go by the same name. */
export function wrapperConfigsOf(http: HttpStream, name: string): RouteConfig[] {
  return entriesOf(http, name)
    .flatMap((entry) => readEntry(entry) ?? [])
    .filter(({ type }) => WRAPPERS.has(type));
}

/** The file has lost entries for filters, or which of them is this filter's. */
export function mayLackRouteConfig(http: HttpStream, name: string): boolean {
  for (const level of levelsOf(http)) if (level && mapsOf(level).some((map) => mayLackEntry(map, name))) return true;
  return false;
}

function mayLackEntry(map: ConfigNode, name: string): boolean {
  const isCut = map.isIncomplete || map.entries().some(([key]) => readKeptBack(key) === KEPT_BACK);
  return (isCut && !map.entry(name)) || (name === KEPT_BACK && map.entries().length > 0);
}

/** Whether the route turns the filter off, or on again, is kept back. */
export function hidesSwitch(http: HttpStream, name: string): boolean {
  const [entry] = entriesOf(http, name);
  return entry !== undefined && wrapperOf(entry)?.string('disabled') === KEPT_BACK;
}

/** The entries of a name, the most specific first. */
function entriesOf(http: HttpStream, name: string): ConfigNode[] {
  const found: ConfigNode[] = [];
  for (const level of levelsOf(http)) {
    const entry = level && entryOf(level, name);
    if (entry) found.push(entry);
  }
  return found;
}

function entryOf(level: ConfigNode, name: string): ConfigNode | undefined {
  for (const map of mapsOf(level)) {
    const entry = map.entry(name);
    if (entry) return entry;
  }
  return undefined;
}

/** Without a route there is none; a redirect to https (require_tls) is a route of its own, without configuration. */
function levelsOf({ clusterWeight, route, virtualHost, routeConfiguration }: HttpStream): readonly (ConfigNode | undefined)[] {
  return route ? [clusterWeight, route, virtualHost, routeConfiguration] : [];
}

/** By the names of filters, the newer field first. Most levels have none, and every filter of every request asks. */
const mapsOf: (level: ConfigNode) => readonly ConfigNode[] = memoizeByNode((level) =>
  ['typed_per_filter_config', 'per_filter_config'].flatMap((field) => level.get(field) ?? []),
);

function wrapperOf(entry: ConfigNode): ConfigNode | undefined {
  const typed = readTyped(entry);
  return typed.type === FILTER_CONFIG ? typed.node : undefined;
}

/** Seen through FilterConfig; one that disables, or is empty, gives no configuration. */
function readEntry(entry: ConfigNode): RouteConfig | undefined {
  const wrapper = wrapperOf(entry);
  if (!wrapper) return { ...readTyped(entry), entry };
  const inner = wrapper.get('config');
  if (wrapper.bool('disabled') === true || !inner || (inner.entries().length === 0 && !inner.isIncomplete)) return undefined;
  return { ...readTyped(inner), entry };
}
