/** Completion of `@type`: the messages that configure what the place asks for. */
import { extensionMessages } from '../../schema/extensionNames';
import { messageType } from '../../schema/messageType';
import { messageNames } from '../../schema/readTable';
import { NO_NODE } from '../../syntax/syntaxTree';
import type { Cursor } from './completion';
import type { Candidate } from './writeCandidates';
import { wordTable } from '../../text/wordTable';

const HOST = 'type.googleapis.com/';

/** Packages of the extensions that fit, by the message that holds the `Any` (Envoy: `[#extension-category: …]` in the protos). */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = wordTable({
  'envoy.config.listener.v3.Filter': ['envoy.extensions.filters.network.'],
  'envoy.config.listener.v3.ListenerFilter': ['envoy.extensions.filters.listener.'],
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter': ['envoy.extensions.filters.http.'],
  'envoy.config.core.v3.TransportSocket': ['envoy.extensions.transport_sockets.'],
  'envoy.config.accesslog.v3.AccessLog': ['envoy.extensions.access_loggers.'],
  'envoy.config.accesslog.v3.ExtensionFilter': ['envoy.extensions.access_loggers.filters.'],
  'envoy.config.trace.v3.Tracing.Http': ['envoy.config.trace.', 'envoy.extensions.tracers.'],
  'envoy.config.metrics.v3.StatsSink': ['envoy.config.metrics.', 'envoy.extensions.stat_sinks.'],
  'envoy.config.cluster.v3.Cluster.CustomClusterType': ['envoy.extensions.clusters.'],
  'envoy.config.cluster.v3.Filter': ['envoy.extensions.filters.network.'],
  'envoy.config.bootstrap.v3.Bootstrap': ['envoy.extensions.bootstrap.', 'envoy.extensions.network.'],
  'envoy.config.overload.v3.ResourceMonitor': ['envoy.extensions.resource_monitors.'],
  'envoy.config.route.v3.RetryPolicy.RetryHostPredicate': ['envoy.extensions.retry.host.'],
  'envoy.config.route.v3.RetryPolicy.RetryPriority': ['envoy.extensions.retry.priority.'],
  'envoy.config.core.v3.HealthCheck.CustomHealthCheck': ['envoy.extensions.health_checkers.'],
  'envoy.extensions.transport_sockets.tls.v3.PrivateKeyProvider': ['envoy.extensions.private_key_providers.'],
});

/** The same by the field of which the value lies nearest above, for `TypedExtensionConfig` and maps of `Any`. */
const CATEGORIES_BY_FIELD: Readonly<Record<string, readonly string[]>> = wordTable({
  typed_per_filter_config: ['envoy.extensions.filters.http.'],
  typed_extension_protocol_options: ['envoy.extensions.upstreams.', 'envoy.extensions.filters.network.'],
  policies: ['envoy.extensions.load_balancing_policies.'],
  endpoint_picking_policy: ['envoy.extensions.load_balancing_policies.'],
  input: ['envoy.extensions.matching.', 'envoy.type.matcher.v3.', 'xds.type.matcher.'],
  custom_match: ['envoy.extensions.matching.', 'xds.type.matcher.v3.'],
  path_match_policy: ['envoy.extensions.path.match.'],
  path_rewrite_policy: ['envoy.extensions.path.rewrite.'],
  internal_redirect_policy: ['envoy.extensions.internal_redirect.'],
  predicates: ['envoy.extensions.internal_redirect.'],
  formatters: ['envoy.extensions.formatter.'],
  bootstrap_extensions: ['envoy.extensions.bootstrap.', 'envoy.extensions.clusters.'],
  original_ip_detection_extensions: ['envoy.extensions.http.original_ip_detection.'],
  early_header_mutation_extensions: ['envoy.extensions.http.early_header_mutation.'],
  header_validator_config: ['envoy.extensions.http.header_validators.'],
  request_id_extension: ['envoy.extensions.request_id.'],
  compressor_library: ['envoy.extensions.compression.'],
  decompressor_library: ['envoy.extensions.compression.'],
  rate_limits: ['envoy.extensions.rate_limit_descriptors.'],
  typed_dns_resolver_config: ['envoy.extensions.network.dns_resolver.'],
  upstream_config: ['envoy.extensions.upstreams.'],
  guard: ['envoy.extensions.'],
  http_filters: ['envoy.extensions.filters.http.'],
});

const RESOURCES = [
  'envoy.config.listener.v3.Listener',
  'envoy.config.cluster.v3.Cluster',
  'envoy.config.route.v3.RouteConfiguration',
  'envoy.config.route.v3.ScopedRouteConfiguration',
  'envoy.config.route.v3.VirtualHost',
  'envoy.config.endpoint.v3.ClusterLoadAssignment',
  'envoy.extensions.transport_sockets.tls.v3.Secret',
  'envoy.config.core.v3.TypedExtensionConfig',
  'envoy.service.runtime.v3.Runtime',
];

/** Type URLs; what the extension's own name says comes first. */
export function completeTypes(cursor: Cursor): Candidate[] {
  const { facts, parent, comments, around } = cursor;
  const names = isResourcePlace(cursor) ? RESOURCES : around?.field?.message === 'google.protobuf.Any' ? fittingTypes(cursor) : [];
  const nameNode = facts.tree.child(facts.tree.parent(parent), 'name');
  const extension = nameNode === NO_NODE ? undefined : facts.tree.scalar(nameNode);
  const named = typeof extension === 'string' ? extensionMessages.get(extension) : undefined;
  return names.map((name): Candidate => {
    const documentation = comments.commentOf(name);
    return {
      name: HOST + name,
      kind: 'type',
      rank: name === named ? 0 : name.includes('PerRoute') ? 2 : 1,
      ...(documentation !== undefined && { documentation }),
    };
  });
}

/** An item of `resources`, or the top of a file, before its type is known. */
function isResourcePlace({ facts: { tree }, parent, around }: Cursor): boolean {
  if (around?.field || around?.enclosing) return false;
  const list = tree.parent(parent);
  return list === NO_NODE || (tree.parent(tree.parent(list)) === NO_NODE && tree.key(list) === 'resources');
}

/** Extensions whose name is that of their package: `envoy.extensions.filters.http.router.v3.Router` is `envoy.filters.http.router`. */
const NAMED_BY_PACKAGE: ReadonlySet<string> = new Set([
  'envoy.config.listener.v3.Filter',
  'envoy.config.listener.v3.ListenerFilter',
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter',
  'envoy.config.core.v3.TransportSocket',
]);

/** Names of the extensions that fit, in the `name` beside a `typed_config`. */
export function completeExtensionNames({ schema }: Cursor): Candidate[] {
  const owner = schema?.field?.name === 'name' ? schema.owner?.name : undefined;
  if (owner === undefined || !NAMED_BY_PACKAGE.has(owner)) return [];
  return typesIn(CATEGORIES[owner] ?? []).map((type): Candidate => {
    const name = type.replace(/^envoy\.extensions\./, 'envoy.').replace(/\.v\d\w*\.\w+$/, '');
    return { name, kind: 'type', detail: 'extension' };
  });
}

function fittingTypes(cursor: Cursor): string[] {
  const prefixes = CATEGORIES[cursor.around?.enclosing?.name ?? ''] ?? prefixesByField(cursor) ?? ['envoy.extensions.'];
  return typesIn(prefixes);
}

function typesIn(prefixes: readonly string[]): string[] {
  return messageNames().filter(
    (name) => prefixes.some((prefix) => name.startsWith(prefix)) && isOutermost(name) && !partsOf(name).has(name),
  );
}

function prefixesByField({ facts: { tree }, parent }: Cursor): readonly string[] | undefined {
  for (let at = parent, steps = 0; at !== NO_NODE && steps < 6; at = tree.parent(at), steps++) {
    const key = tree.key(at)?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const found = key === undefined ? undefined : CATEGORIES_BY_FIELD[key];
    if (found) return found;
  }
  return undefined;
}

/** `….v3.Router`, not `….v3.Router.Option`. */
function isOutermost(name: string): boolean {
  return /^[A-Z]/.test(name.slice(name.lastIndexOf('.') + 1)) && !/\.[A-Z]\w*\./.test(name);
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
