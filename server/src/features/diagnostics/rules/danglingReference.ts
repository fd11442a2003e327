/** A name that refers to nothing in its proxy, where nothing can deliver it later. An error where Envoy looks the name up while it loads. */
import { linksOf, type Link } from '../../../index/links/links';
import { ConfigNode } from '../../../schema/configNode';
import type { DocumentFacts } from '../../../index/documentFacts';
import type { ProxyScope } from '../../../index/proxyScope';
import type { ReferenceKind } from '../../../schema/references/referenceSite';
import type { SyntaxTree } from '../../../syntax/tree/syntaxTree';
import type { DiagnosticRule, Problem, ProblemFix, RuleContext } from '../rule';
import { replaceText } from '../../writing/textChanges';
import { countUsesOfCluster } from '../../known/countUses';
import { suggestName } from '../schemaCheck/suggestName';
import { otherProtocol } from './route/weightedClusters';
import { typesAbove } from '../typesAbove';
import { memoizeByObject } from '../../../text/memoizeByObject';
import { inWords } from '../../../text/inWords';
import type { Snapshot } from '../../../index/snapshot';

export const danglingReference: DiagnosticRule = {
  code: 'dangling-reference',
  applies: 'always',
  check: ({ snapshot, facts, proxy }: RuleContext): Problem[] =>
    linksOf(
      snapshot,
      facts.uri,
      (status, { kind }) => proxy?.kind === 'bootstrap' || status === 'missing' || (status === 'unchecked' && LOCAL.has(kind)),
    )
      // The name of a load assignment inside its cluster is looked up by nobody.
      .filter((link) => link.place.resource.state !== 'error' && !(link.place.site.back && link.place.resource.kind !== 'load_assignment'))
      .flatMap((link) => describe(link, facts, { snapshot, proxy }) ?? []),
};

interface Around {
  readonly snapshot: Snapshot;
  readonly proxy: ProxyScope | undefined;
}

function describe(link: Link, { tree }: DocumentFacts, { snapshot, proxy }: Around): Problem | undefined {
  const isBootstrap = proxy?.kind === 'bootstrap';
  const isLookedUp = isBootstrap && mustBeKnown(link);
  // What a file of xDS holds comes later, when the clusters of others are there.
  const isNotStatic = isLookedUp && proxy.bootstrap?.tree === tree && !staticClusters(proxy).has(link.name);
  if (link.status !== 'missing' && !isLocalAndMissing(link) && !isNotStatic) return undefined;
  const isError = isLookedUp || (proxy?.kind !== 'dump' && isRefused(link, isBootstrap));
  const nothing = `There ${PLURAL.has(link.kind) ? 'are' : 'is'} no ${inWords(link.kind)} "${link.name}"`;
  return {
    severity: isError ? 'error' : 'warning',
    at: new ConfigNode(tree, link.place.node),
    ...(link.place.isKey && { span: tree.keySpan(link.place.node) }),
    message: isNotStatic
      ? `${nothing} in the bootstrap's static resources, where Envoy looks it up while it loads.`
      : `${nothing} in ${placeOfMissing(link, proxy)}.`,
    ...(isBootstrap && { related: unnamedClusters(snapshot, proxy, link) }),
    ...(proxy && proxy.kind !== 'dump' && { fix: () => nearName(link, tree, proxy) }),
  };
}

/** Kinds that are many things under one name. */
const PLURAL: ReadonlySet<ReferenceKind> = new Set<ReferenceKind>(['endpoints', 'scoped_routes']);

function placeOfMissing({ place }: Link, proxy: ProxyScope | undefined): string {
  if (place.site.scope === 'http_connection_manager') return 'this connection manager';
  return proxy?.kind === 'dump' ? 'this dump' : 'this configuration';
}

/** What may have been meant: clusters that nothing names, as after a renaming. */
function unnamedClusters(snapshot: Snapshot, proxy: ProxyScope, { kind }: Link): { message: string; at: ConfigNode }[] {
  return kind === 'cluster' ? unnamedIn(proxy)(snapshot).map((at) => ({ message: 'Nothing names this cluster', at })) : [];
}

/** Who would choose among more? */
const MAX_UNNAMED = 3;

/** Once for each state of the files. */
const unnamedIn = memoizeByObject((proxy: ProxyScope) =>
  memoizeByObject((snapshot: Snapshot) => {
    const unnamed: ConfigNode[] = [];
    for (const [name, { node }] of proxy.byName.cluster) {
      if (unnamed.length === MAX_UNNAMED) break;
      const own = countUsesOfCluster(snapshot, proxy, name) === 0 ? node.get('name') : undefined;
      if (own) unnamed.push(own);
    }
    return unnamed;
  }),
);

/** The name of the same kind that only a slip lies away. */
function nearName({ kind, name, place }: Link, tree: SyntaxTree, { byName }: ProxyScope): ProblemFix | undefined {
  const names = new Map(Object.entries(byName)).get(kind);
  const near = names && !place.isKey ? suggestName(name, names.keys()) : undefined;
  return near === undefined ? undefined : { title: `Change to "${near}"`, changes: replaceText(new ConfigNode(tree, place.node), near) };
}

/** Read once per bootstrap. */
const staticClusters = memoizeByObject(({ bootstrap }: ProxyScope): ReadonlySet<string> => {
  const clusters = bootstrap?.get('static_resources')?.list('clusters') ?? [];
  return new Set(clusters.map((cluster) => cluster.string('name')));
});

/** Names that only their own message or route configuration can define: missing even where the file is a piece of a whole. */
const LOCAL: ReadonlySet<ReferenceKind> = new Set<ReferenceKind>(['cluster_specifier_plugin', 'jwt_provider', 'jwt_requirement']);
const JWT_RULES = 'envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig';

function isLocalAndMissing({ kind, status, place }: Link): boolean {
  return (
    status === 'unchecked' &&
    LOCAL.has(kind) &&
    place.site.message !== JWT_RULES &&
    place.resource.state === 'plain' &&
    !place.resource.node.isIncomplete
  );
}

const PRIORITY_GROUP = 'envoy.extensions.router.cluster_specifiers.priority_group.v3';
const ROUTE_SITES = new Set([
  ...['RouteAction.cluster', 'WeightedCluster.ClusterWeight.name', 'RouteAction.RequestMirrorPolicy.cluster'].map(
    (name) => `envoy.config.route.v3.${name}`,
  ),
  `${PRIORITY_GROUP}.ClusterWeight.cluster_name`,
]);
const THRIFT = 'envoy.extensions.filters.network.thrift_proxy.v3';
/** Clusters that tracers, loggers, statistics and Thrift routes look up while they are made (observed with Envoy 1.40). */
const LOADING_SITES = new Set([
  'envoy.config.trace.v3.ZipkinConfig.collector_cluster',
  'envoy.config.trace.v3.DatadogConfig.collector_cluster',
  'envoy.config.metrics.v3.StatsdSink.tcp_cluster_name',
  'envoy.config.metrics.v3.DogStatsdSink.tcp_cluster_name',
  'envoy.extensions.access_loggers.fluentd.v3.FluentdAccessLogConfig.cluster',
  `${THRIFT}.RouteAction.cluster`,
  `${THRIFT}.WeightedCluster.ClusterWeight.name`,
  `${THRIFT}.RouteAction.RequestMirrorPolicy.cluster`,
]);
const GRPC_CLUSTER = 'envoy.config.core.v3.GrpcService.EnvoyGrpc.cluster_name';
const HTTP_CLUSTER = 'envoy.config.core.v3.HttpUri.cluster';
const GRPC_SINKS = /^envoy\.(?:config\.metrics|extensions\.stat_sinks)\./;

/** A cluster that Envoy looks up while it makes what names it: for what stands in the bootstrap, before any but the static ones can be there. */
function mustBeKnown({ kind, place }: Link): boolean {
  if (kind !== 'cluster') return false;
  const field = `${place.site.message}.${place.site.field}`;
  const node = new ConfigNode(place.resource.node.tree, place.node);
  if (LOADING_SITES.has(field)) return !field.startsWith(THRIFT) || isValidated(node);
  if (field === HTTP_CLUSTER) return typesAbove(node)[0] === 'envoy.config.trace.v3.ZipkinConfig';
  if (field === GRPC_CLUSTER) return GRPC_SINKS.test(typesAbove(node)[0] ?? '');
  if (!ROUTE_SITES.has(field) || !isValidated(node) || otherProtocol(node) !== undefined) return false;
  if (field.startsWith(PRIORITY_GROUP)) return isUsedPlugin(node);
  return !field.endsWith('RequestMirrorPolicy.cluster') || isMirrored(node);
}

/** Clusters of a plugin that stands by itself are looked up for the routes that name it. */
function isUsedPlugin(name: ConfigNode): boolean {
  const plugin = name.enclosing('extension');
  const routes = plugin?.parent?.owner;
  if (!plugin || !routes?.has('cluster_specifier_plugins')) return true;
  return routes
    .list('virtual_hosts')
    .flatMap((host) => host.list('routes'))
    .some((route) => route.get('route')?.string('cluster_specifier_plugin') === plugin.string('name'));
}

/** Mirrors of a virtual host or route configuration are looked up for the routes that have none of their own (config_impl.cc). */
function isMirrored(name: ConfigNode): boolean {
  const owner = name.parent?.owner;
  if (!owner || owner.isField('route')) return true;
  const hosts = owner.has('virtual_hosts') ? owner.list('virtual_hosts').filter((host) => host.list(MIRRORS).length === 0) : [owner];
  return hosts.some((host) => host.list('routes').some((route) => (route.get('route')?.list(MIRRORS).length ?? 0) === 0));
}

const MIRRORS = 'request_mirror_policies';

/** Envoy: "unknown cluster …", "Required provider … is not configured", "Unknown static secret", "Unknown cluster specifier plugin". */
function isRefused({ kind, place }: Link, isBootstrap: boolean): boolean {
  if (LOCAL.has(kind)) return place.site.message !== JWT_RULES;
  if (!isBootstrap) return false;
  return kind === 'secret' && place.site.message.endsWith('.SdsSecretConfig');
}

/** Clusters of a route configuration that stands in its connection manager are looked up, unless `validate_clusters` says no (config_impl.cc). */
function isValidated(name: ConfigNode): boolean {
  const routes = name.enclosing('matcher', 'route_config', 'route_configuration');
  // Routes that a matcher chooses are not looked at.
  return routes !== undefined && !routes.isField('matcher') && routes.bool('validate_clusters') !== false;
}
