/** Hover of a listener: address, how connections reach it, its filters and chains. */
import { describeListenerAddress, describeDestination, filterChainsOf, isBound } from '../../model/summary/listenerSummary';
import { explainIstioName } from '../../model/istio/explainIstioName';
import { isOfIstio } from '../known/isOfIstio';
import { cell, code, count, escapeMarkdown, table, restOf } from '../writing/markdown';
import { matchConditions } from './describeFilterChain';
import type { Seen } from './seen';

const MAX_CHAINS = 10;

export function describeListener({ snapshot, proxy, node }: Seen): string {
  const name = node.string('name');
  const resource = proxy.resources.find((each) => each.node.sameAs(node));
  const lines = [`**Listener** ${code(name || '(no name)')} · ${escapeMarkdown(describeListenerAddress(node))}`];
  const meaning = explainIstioName('listener', name, isOfIstio(proxy));
  if (meaning !== undefined) lines.push(escapeMarkdown(meaning));
  if (resource && (resource.state === 'warming' || resource.state === 'draining' || resource.state === 'error'))
    lines.push(`**${resource.state}**: takes no new connections.`);
  const notes: string[] = [];
  const direction = node.enumName('traffic_direction');
  if (direction && direction !== 'UNSPECIFIED') notes.push(direction.toLowerCase());
  if (node.has('internal_listener')) {
    const uses = snapshot.namesOf(proxy).uses('internal_listener', name).length;
    notes.push(uses === 0 ? 'no endpoint leads into it' : `${count(uses, 'endpoint')} ${uses === 1 ? 'leads' : 'lead'} into it`);
  } else if (!isBound(node)) notes.push('not bound: reached by hand-over from another listener');
  if (node.bool('use_original_dst')) notes.push('hands connections over by their original destination');
  if (notes.length > 0) lines.push(notes.join(' · '));
  const filters = node.list('listener_filters').map((filter) => code(filter.string('name')));
  if (filters.length > 0) lines.push(`Listener filters: ${filters.join(' → ')}`);
  lines.push(describeChains(node));
  return lines.filter(Boolean).join('\n\n');
}

function describeChains(listener: Seen['node']): string {
  const chains = filterChainsOf(listener);
  if (chains.length === 0) return '';
  const matched = listener.has('filter_chain_matcher');
  const rows = chains.slice(0, MAX_CHAINS).map(({ chain, index }) => {
    const conditions = matched || index === null ? '' : matchConditions(chain.get('filter_chain_match')).join(', ').replace(/\|/g, '\\|');
    const when = conditions || (matched ? '' : index === null ? 'no other is taken' : 'any connection');
    return [
      index === null ? cell(chain.string('name') || 'default') : cell(chain.string('name') || `#${index}`),
      when,
      escapeMarkdown(describeDestination(chain)),
    ];
  });
  const chosen = matched ? ', chosen by its matcher' : '';
  const heads = ['chain', matched ? '' : 'when', 'leads to'];
  return `${count(chains.length, 'filter chain')}${chosen}\n\n${table(heads, rows)}${restOf(chains.length, MAX_CHAINS)}`;
}
