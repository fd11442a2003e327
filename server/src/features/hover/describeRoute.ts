/** Hover of a route, a virtual host and a route configuration. */
import { explainIstioName, type NamedKind } from '../../model/istio/explainIstioName';
import { describeMaker } from '../../model/istio/istioNames';
import { describeRouteAction, describeRouteMatch } from '../../model/summary/routeSummary';
import { isOfIstio } from '../known/isOfIstio';
import { cell, code, count, escapeMarkdown, table, firstOf, restOf } from '../writing/markdown';
import type { Seen } from './seen';
import { nameOrNumber } from './nameOrNumber';

const MAX_ROWS = 10;

export function describeRoute({ node }: Seen): string {
  const host = node.parent?.parent;
  const lines = [
    `**Route**${nameOrNumber(node)}${host?.has('domains') ? ` of virtual host ${code(host.string('name'))}` : ''}`,
    `Matches: ${escapeMarkdown(describeRouteMatch(node))}`,
    `Goes ${escapeMarkdown(describeRouteAction(node))}`.replace(/^Goes (redirects|answers|is|does)/, 'It $1'),
  ];
  const rewrite = node.path('route', 'prefix_rewrite')?.asString() ?? node.path('route', 'regex_rewrite', 'substitution')?.asString();
  if (rewrite !== undefined) lines.push(`Rewrites the path with ${code(rewrite)}`);
  const maker = describeMaker(node.get('metadata'), node.string('name'));
  if (maker !== undefined) lines.push(`Made by ${escapeMarkdown(maker)}`);
  return lines.join('\n\n');
}

/** A paragraph on what Istio means by the name; [] where it means nothing by it. */
function meaningOf({ proxy, node }: Seen, kind: NamedKind): string[] {
  const meaning = explainIstioName(kind, node.string('name'), isOfIstio(proxy));
  return meaning === undefined ? [] : [escapeMarkdown(meaning)];
}

/** Its domains and its routes, in their order. */
export function describeVirtualHost(seen: Seen): string {
  const { node } = seen;
  const domains = node.list('domains').map((domain) => domain.asString() ?? '');
  const routes = node.list('routes');
  const rows = routes
    .slice(0, MAX_ROWS)
    .map((route, index) => [
      cell(route.string('name') || `#${index}`),
      escapeMarkdown(describeRouteMatch(route)),
      escapeMarkdown(describeRouteAction(route)),
    ]);
  return [
    `**Virtual host** ${code(node.string('name'))}`,
    ...meaningOf(seen, 'virtual_host'),
    `Domains: ${firstOf(domains.map(code), 8)}`,
    routes.length === 0
      ? 'No routes: every request gets 404.'
      : `${count(routes.length, 'route')}\n\n${table(['route', 'matches', 'does'], rows)}${restOf(routes.length, MAX_ROWS)}`,
  ].join('\n\n');
}

/** Its virtual hosts, and how many connection managers name it. */
export function describeRouteConfiguration(seen: Seen): string {
  const { snapshot, proxy, node } = seen;
  const name = node.string('name');
  const hosts = node.list('virtual_hosts');
  const rows = hosts.slice(0, MAX_ROWS).map((host) => [
    cell(host.string('name')),
    host
      .list('domains')
      .slice(0, 3)
      .map((domain) => cell(domain.asString() ?? ''))
      .join(' '),
    String(host.list('routes').length),
  ]);
  const uses = snapshot.namesOf(proxy).uses('route_configuration', name).length;
  return [
    `**Route configuration** ${code(name || '(no name)')}`,
    ...meaningOf(seen, 'route_configuration'),
    hosts.length === 0
      ? 'No virtual hosts.'
      : `${count(hosts.length, 'virtual host')}\n\n${table(['virtual host', 'domains', 'routes'], rows)}${restOf(hosts.length, MAX_ROWS)}`,
    uses > 0 ? `Named by ${count(uses, 'connection manager')}` : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}
