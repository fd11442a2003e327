/** Hover of a filter chain: when it is taken, what it speaks, its filters, where it leads. */
import { clusterNamesOf } from '../../model/clusterNames';
import { describeTransport } from '../../model/summary/clusterSummary';
import { chainCriteria } from '../../model/summary/filterChainConditions';
import { explainIstioName } from '../../model/istio/explainIstioName';
import { describeMaker } from '../../model/istio/istioNames';
import { connectionManagerOf, describeDestination } from '../../model/summary/listenerSummary';
import type { ConfigNode } from '../../schema/configNode';
import { isOfIstio } from '../known/isOfIstio';
import { code, escapeMarkdown } from '../writing/markdown';
import type { Seen } from './seen';
import { nameOrNumber } from './nameOrNumber';

export function describeFilterChain({ proxy, node }: Seen): string {
  const lines = [`**Filter chain**${nameOrNumber(node)}`];
  const meaning = explainIstioName('filter_chain', node.string('name'), isOfIstio(proxy));
  if (meaning !== undefined) lines.push(escapeMarkdown(meaning));
  const conditions = matchConditions(node.get('filter_chain_match'));
  if (node.isField('default_filter_chain')) lines.push('Taken when no other chain is.');
  else if (conditions.length > 0) lines.push(`Taken when ${conditions.join(', ')}`);
  lines.push(...describeContent(node));
  return lines.join('\n\n');
}

/** Transport, filters and destination of a chain, each as a paragraph. */
export function describeContent(chain: ConfigNode): string[] {
  const filters = chain.list('filters').map((filter) => code(filter.string('name')));
  const maker = describeMaker(chain.get('metadata'));
  return [
    `Speaks ${escapeMarkdown(describeTransport(chain.get('transport_socket')?.typed()))}`,
    filters.length > 0 ? `Filters: ${filters.slice(0, 12).join(' → ')}` : '**No filters**: the connection is closed.',
    `Leads to: ${escapeMarkdown(describeDestination(chain))}`,
    ...describeRoutedClusters(chain),
    ...(maker === undefined ? [] : [`Made by ${escapeMarkdown(maker)}`]),
  ];
}

const MAX_CLUSTERS = 6;

/** The clusters of the routes that stand in the chain itself. */
function describeRoutedClusters(chain: ConfigNode): string[] {
  const clusters = new Set<string>();
  for (const host of connectionManagerOf(chain)?.node.get('route_config')?.list('virtual_hosts') ?? [])
    for (const route of host.list('routes')) {
      const action = route.get('route');
      for (const name of action ? clusterNamesOf(action) : []) clusters.add(name);
      if (clusters.size > MAX_CLUSTERS) break;
    }
  if (clusters.size === 0) return [];
  return [
    `Its routes go to ${[...clusters].slice(0, MAX_CLUSTERS).map(code).join(', ')}${clusters.size > MAX_CLUSTERS ? ' and others' : ''}`,
  ];
}

/** The criteria of a FilterChainMatch in Envoy's order, in words (Markdown). */
export function matchConditions(match: ConfigNode | undefined): string[] {
  return chainCriteria(match).map(
    ({ what, values }) => `${what} is ${values.slice(0, 8).map(code).join(' or ')}${values.length > 8 ? ' or …' : ''}`,
  );
}
