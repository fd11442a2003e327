/** The extensions that fit where the cursor is, by Envoy's own registry; what the registry does not tell, by the packages of the API. */
import { extensionMessages } from '../../schema/table/extensionNames';
import { snakeCase } from '../../schema/configNode';
import { messageType } from '../../schema/table/messageType';
import { messageNames } from '../../schema/table/readTable';
import { messageNameOfTypeUrl, shortNameOf } from '../../schema/table/typeUrl';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { wordTable } from '../../text/wordTable';
import { categoriesOfField, isRouteSettings, typesOfCategory } from '../../schema/extensions/extensionCategories';
import type { Cursor } from './cursor';

/** Packages of the extensions that fit, by the field of which the value lies nearest above, where the registry says nothing of it. */
const PACKAGES_BY_FIELD: Readonly<Record<string, readonly string[]>> = wordTable({
  typed_extension_protocol_options: ['envoy.extensions.upstreams.', 'envoy.extensions.filters.network.'],
  policies: ['envoy.extensions.load_balancing_policies.'],
  endpoint_picking_policy: ['envoy.extensions.load_balancing_policies.'],
  formatters: ['envoy.extensions.formatter.'],
  rate_limits: ['envoy.extensions.rate_limit_descriptors.'],
  guard: ['envoy.extensions.'],
});

const CUSTOM_MATCHERS = ['matching.input_matchers', 'matching.network.custom_matchers', 'matching.http.custom_matchers'];

/** What a unified matcher looks at, and by what: connections in listeners, requests elsewhere. */
function matcherCategories(key: string, isOfConnection: boolean): readonly string[] | undefined {
  if (key === 'custom_match') return CUSTOM_MATCHERS;
  if (key !== 'input') return undefined;
  return [isOfConnection ? 'matching.network.input' : 'matching.http.input', 'matching.common_inputs'];
}

/** What the actions of matchers may be (envoy: source/common/matcher; router, filter chains, RBAC and filters with a matcher read them). */
const ACTIONS = [
  'envoy.config.route.v3.Route',
  'envoy.config.route.v3.RouteList',
  'google.protobuf.StringValue',
  'envoy.config.rbac.v3.Action',
  'envoy.extensions.filters.common.matcher.action.v3.SkipFilter',
  'envoy.extensions.filters.http.composite.v3.ExecuteFilterAction',
  'envoy.extensions.filters.udp.udp_proxy.v3.Route',
  'envoy.extensions.http.custom_response.local_response_policy.v3.LocalResponsePolicy',
  'envoy.extensions.http.custom_response.redirect_policy.v3.RedirectPolicy',
];

/** Full names of the messages that may configure the extension of `holder`: the message with `name` and `typed_config`. */
export function typesForHolder(cursor: Cursor, holder: NodeId): readonly string[] {
  const { message, field, owner } = cursor.schemaOf(holder) ?? {};
  const own = message?.fields.get('typed_config') ?? message?.fields.get('config');
  // The place knows better than the message: HTTP filters of a cluster are others than those of a listener.
  const categories = (field && owner && categoriesOfField(field, owner)) ?? (own && message && categoriesOfField(own, message));
  const types = categories?.flatMap((category) => [...typesOfCategory(category)]) ?? typesByField(cursor, holder);
  return [...new Set(types)].filter((type) => !isRouteSettings(type));
}

/** Of those the one that the `name` of `holder` stands for, in today's or an older spelling; undefined where it tells nothing. */
export function typeByName(cursor: Cursor, holder: NodeId): string | undefined {
  const { tree } = cursor.facts;
  const node = holder === NO_NODE ? NO_NODE : tree.child(holder, 'name');
  const name = node === NO_NODE ? undefined : tree.scalar(node);
  if (typeof name !== 'string') return undefined;
  return typesForHolder(cursor, holder).find((type) => extensionName(type) === name || extensionMessages.get(name) === type);
}

/** The same for the value of a map of `Any`, by its key: settings of a route for a filter, protocol options of a cluster. */
export function typesForEntry(cursor: Cursor, entry: NodeId): readonly string[] {
  const { field } = cursor.schemaOf(entry) ?? {};
  const key = cursor.facts.tree.key(entry) ?? '';
  if (field?.name === 'typed_per_filter_config') return routeSettingsOf(cursor, key);
  if (messageType(key)) return [key];
  return typesByField(cursor, entry);
}

/** Switches any filter off, or gives it settings. */
export const ROUTE_SETTINGS_WRAPPER = 'envoy.config.route.v3.FilterConfig';

/** What a route may hold for the filter of a name: its own settings for routes, else the filter's configuration again; and the switch. */
export function routeSettingsOf(cursor: Cursor, filterName: string): readonly string[] {
  const all = [...typesOfCategory('filters.http')];
  const type = typeOfFilter(cursor, filterName);
  if (type === undefined) return [...all.filter(isRouteSettings), ROUTE_SETTINGS_WRAPPER];
  const start = type.slice(0, type.lastIndexOf('.') + 1);
  const settings = all.filter((each) => each.startsWith(start) && isRouteSettings(each));
  return [...(settings.length > 0 ? settings : [type]), ROUTE_SETTINGS_WRAPPER];
}

/** By the filter of that name in the same document, else by what extensions are called. */
function typeOfFilter({ facts }: Cursor, name: string): string | undefined {
  const { tree } = facts;
  const filter = facts.names.slice().find((each) => each.name === name && each.kind === 'http_filter' && each.site.role === 'definition');
  const config = filter && tree.child(tree.parent(filter.node), 'typed_config');
  const url = config === undefined || config === NO_NODE ? undefined : tree.scalar(tree.child(config, '@type'));
  if (typeof url === 'string') return messageNameOfTypeUrl(url);
  return extensionMessages.get(name) ?? [...typesOfCategory('filters.http')].find((type) => extensionName(type) === name);
}

const OTHER_NAMES: Readonly<Record<string, string>> = wordTable({
  'envoy.extensions.access_loggers.stream.v3.StdoutAccessLog': 'envoy.access_loggers.stdout',
  'envoy.extensions.access_loggers.stream.v3.StderrAccessLog': 'envoy.access_loggers.stderr',
  'envoy.config.trace.v3.OpenTelemetryConfig': 'envoy.tracers.opentelemetry',
  'envoy.config.trace.v3.SkyWalkingConfig': 'envoy.tracers.skywalking',
  'envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig': 'envoy.filters.udp_listener.udp_proxy',
});

const NAMES_BY_MESSAGE: ReadonlyMap<string, string> = new Map([...extensionMessages].reverse().map(([name, type]) => [type, name]));

/** What Envoy calls the extension that a message configures: its package without the version (envoy: source/extensions/extensions_build_config.bzl). */
export function extensionName(type: string): string {
  const other = OTHER_NAMES[type];
  if (other !== undefined) return other;
  const name = type
    .replace(/^envoy\.extensions\./, 'envoy.')
    .replace(/^envoy\.retry\.host\./, 'envoy.retry_host_predicates.')
    .replace(/^envoy\.retry\.priority\./, 'envoy.retry_priorities.')
    .replace(/\.v\d\w*\.\w+$/, '');
  return extensionMessages.get(name) === type ? name : (NAMES_BY_MESSAGE.get(type) ?? name);
}

function typesByField({ facts: { tree } }: Cursor, from: NodeId): readonly string[] {
  for (let at = from, steps = 0; at !== NO_NODE && steps < 6; at = tree.parent(at), steps++) {
    const written = tree.key(at);
    if (written === undefined) continue;
    const key = snakeCase(written);
    const found = PACKAGES_BY_FIELD[key];
    if (found) return typesIn(found);
    if (key === 'action') return ACTIONS;
    const categories = matcherCategories(key, isInChainMatcher(tree, at));
    if (categories) return categories.flatMap((category) => [...typesOfCategory(category)]);
  }
  return typesIn(['envoy.extensions.']);
}

function isInChainMatcher(tree: SyntaxTree, from: NodeId): boolean {
  for (let at = from; at !== NO_NODE; at = tree.parent(at)) if (/^filter_?chain_?matcher$/i.test(tree.key(at) ?? '')) return true;
  return false;
}

function typesIn(prefixes: readonly string[]): string[] {
  return messageNames().filter(
    (name) => prefixes.some((prefix) => name.startsWith(prefix)) && isOutermost(name) && !partsOf(name).has(name),
  );
}

/** `….v3.Router`, not `….v3.Router.Option`. */
function isOutermost(name: string): boolean {
  return /^[A-Z]/.test(shortNameOf(name)) && !/\.[A-Z]\w*\./.test(name);
}

const partsByPackage = new Map<string, ReadonlySet<string>>();

/** The messages of the name's package that are only parts of others there: types of their fields. */
function partsOf(name: string): ReadonlySet<string> {
  const start = name.slice(0, name.lastIndexOf('.') + 1);
  let parts = partsByPackage.get(start);
  if (!parts) {
    const inPackage = messageNames().filter((each) => each.startsWith(start));
    const used = inPackage.flatMap((each) =>
      (messageType(each)?.fieldList ?? []).flatMap(({ message }) => (message !== undefined && message !== each ? [message] : [])),
    );
    partsByPackage.set(start, (parts = new Set(used)));
  }
  return parts;
}
