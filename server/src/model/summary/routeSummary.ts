/** What a route matches and does, in a few words. */
import type { ConfigNode } from '../../schema/configNode';
import { NO_NODE } from '../../syntax/tree/syntaxTree';
import { COMPARISON_WORDS, readHeaderComparison } from './textComparison';
import { inWords } from '../../text/inWords';

/** `prefix /reviews, header end-user`; every condition is named, values only where they are short. */
export function describeRouteMatch(route: ConfigNode): string {
  const match = route.get('match');
  if (!match) return 'anything';
  const path = describePath(match);
  // Most routes match by their path alone, and outlines describe tens of thousands.
  if (path !== '' && match.tree.nextSibling(match.tree.firstChild(match.id)) === NO_NODE) return path;
  const conditions = [path];
  for (const header of match.list('headers')) conditions.push(`header ${header.string('name')} ${describeHeader(header)}`.trimEnd());
  for (const query of match.list('query_parameters')) conditions.push(`query parameter ${query.string('name')}`);
  if (match.has('grpc')) conditions.push('gRPC');
  if (match.has('runtime_fraction')) conditions.push('a runtime fraction');
  if (match.has('tls_context')) conditions.push('a client certificate');
  if (match.has('dynamic_metadata')) conditions.push('dynamic metadata');
  if (match.has('filter_state')) conditions.push('filter state');
  if (match.has('cookies')) conditions.push('cookies');
  return conditions.filter(Boolean).join(', ');
}

function describePath(match: ConfigNode): string {
  for (const kind of ['prefix', 'path', 'path_separated_prefix']) {
    const value = match.get(kind);
    if (value) return `${inWords(kind)} ${value.asString() ?? ''}`;
  }
  const regex = match.path('safe_regex', 'regex')?.asString() ?? match.get('regex')?.asString();
  if (regex !== undefined) return `path matches ${regex}`;
  if (match.has('connect_matcher')) return 'CONNECT';
  const template = match.path('path_match_policy', 'typed_config', 'path_template')?.asString();
  return template !== undefined ? `path template ${template}` : '';
}

function describeHeader(header: ConfigNode): string {
  const invert = header.bool('invert_match') ? 'not ' : '';
  const comparison = readHeaderComparison(header);
  if (!comparison) return invert ? 'not there' : '';
  const { kind, text } = comparison;
  return `${invert}${kind === 'exact' ? '=' : COMPARISON_WORDS[kind]} ${text}`;
}

/** `→ outbound|9080||reviews`, `60 % a, 40 % b`, `redirect to …`, `answers 502` */
export function describeRouteAction(route: ConfigNode): string {
  const action = route.get('route');
  if (action) return describeClusters(action);
  const redirect = route.get('redirect');
  if (redirect)
    return `redirects to ${redirect.string('host_redirect') || redirect.string('path_redirect') || redirect.string('prefix_rewrite') || 'https'}`;
  const direct = route.get('direct_response');
  if (direct) return `answers ${direct.number('status') ?? 200} by itself`;
  return route.has('non_forwarding_action') || route.has('filter_action') ? 'is left to a filter' : 'does nothing';
}

/** The clusters of a RouteAction with their weights. */
function describeClusters(action: ConfigNode): string {
  const shares = weightedClustersOf(action);
  if (shares.length > 0) {
    const total = shares.reduce((sum, { weight }) => sum + weight, 0);
    return `to ${shares.map(({ name, weight }) => `${name} (${total > 0 ? Math.round((weight / total) * 1000) / 10 : 0} %)`).join(', ')}`;
  }
  const cluster = action.string('cluster');
  if (cluster) return `to ${cluster}`;
  const header = action.string('cluster_header');
  if (header) return `to the cluster that header ${header} names`;
  return action.has('cluster_specifier_plugin') || action.has('inline_cluster_specifier_plugin')
    ? 'to the cluster that a plugin names'
    : 'to no cluster';
}

function weightedClustersOf(action: ConfigNode): { name: string; weight: number; node: ConfigNode }[] {
  return (action.path('weighted_clusters', 'clusters')?.items() ?? []).map((node) => ({
    name: node.string('name') || `(header ${node.string('cluster_header')})`,
    weight: node.number('weight') ?? 0,
    node,
  }));
}
