/** A name that refers to nothing in its proxy, where nothing can deliver it later. An error where Envoy looks the name up while it loads. */
import { linksOf, type Link } from '../../../index/links';
import { ConfigNode } from '../../../schema/configNode';
import type { ReferenceKind } from '../../../schema/referenceSite';
import type { DiagnosticRule, Problem, RuleContext } from '../rule';

export const danglingReference: DiagnosticRule = {
  code: 'dangling-reference',
  applies: 'always',
  check: ({ snapshot, facts, proxy }: RuleContext): Problem[] =>
    linksOf(snapshot, facts.uri, (status) => status === 'missing' || status === 'unchecked')
      // The name of a load assignment inside its cluster is looked up by nobody.
      .filter((link) => link.place.resource.state !== 'error' && !(link.place.site.back && link.place.resource.kind !== 'load_assignment'))
      .filter((link) => link.status === 'missing' || isLocalAndMissing(link))
      .map((link) => ({
        severity: proxy?.kind !== 'dump' && isRefused(link, proxy?.kind === 'bootstrap') ? 'error' : 'warning',
        at: new ConfigNode(facts.tree, link.place.node),
        ...(link.place.isKey && { span: facts.tree.keySpan(link.place.node) }),
        message: `There is no ${link.kind.replace(/_/g, ' ')} "${link.name}" in ${proxy?.kind === 'dump' ? 'this dump' : 'this configuration'}.`,
      })),
};

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

const ROUTE_SITES = new Set(
  ['RouteAction.cluster', 'WeightedCluster.ClusterWeight.name', 'RouteAction.RequestMirrorPolicy.cluster'].map(
    (name) => `envoy.config.route.v3.${name}`,
  ),
);
const TRACER_SITES = new Set(
  ['ZipkinConfig.collector_cluster', 'DatadogConfig.collector_cluster'].map((name) => `envoy.config.trace.v3.${name}`),
);

/** Envoy: "unknown cluster …", "Required provider … is not configured", "Unknown static secret", "Unknown cluster specifier plugin". */
function isRefused({ kind, place }: Link, isBootstrap: boolean): boolean {
  if (LOCAL.has(kind)) return place.site.message !== JWT_RULES;
  if (!isBootstrap) return false;
  const field = `${place.site.message}.${place.site.field}`;
  if (kind === 'secret') return place.site.message.endsWith('.SdsSecretConfig');
  if (TRACER_SITES.has(field)) return true;
  return ROUTE_SITES.has(field) && isValidated(new ConfigNode(place.resource.node.tree, place.node));
}

/** Clusters of a route configuration that stands in its connection manager are looked up, unless `validate_clusters` says no (config_impl.cc). */
function isValidated(name: ConfigNode): boolean {
  for (let at = name.parent; at; at = at.parent) {
    const key = at.tree.key(at.id);
    // Routes that a matcher chooses are not looked at.
    if (key === 'matcher') return false;
    if (key === 'route_config' || key === 'routeConfig') return at.bool('validate_clusters') !== false;
  }
  return false;
}
