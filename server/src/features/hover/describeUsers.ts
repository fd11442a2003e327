/** Who names a thing, for hovers: the first few as links to their lines. */
import type { NamedPlace } from '../../index/names/documentNames';
import { messagesAt } from '../../index/messagesAt';
import { describeRouteMatch } from '../../model/summary/routeSummary';
import { ConfigNode } from '../../schema/configNode';
import { code, count, linkToLine } from '../writing/markdown';
import { inWords } from '../../text/inWords';
import type { Snapshot } from '../../index/snapshot';

const MAX_USERS = 4;

/** `Named in 2 places: route …, listener …` */
export function describeUsers(snapshot: Snapshot, uses: readonly NamedPlace[]): string {
  const named = new Map<string, string>();
  for (const use of uses) {
    const node = new ConfigNode(use.resource.node.tree, use.node);
    const text = describeUser(snapshot, use, node);
    if (!named.has(text)) named.set(text, linkToLine(text, node.tree.uri, node.tree.lines.lineColumnAt(node.tree.start(node.id)).line + 1));
    if (named.size > MAX_USERS) break;
  }
  const shown = [...named.values()].slice(0, MAX_USERS).join(', ');
  return `Named in ${count(uses.length, 'place')}: ${shown}${named.size > MAX_USERS ? ', …' : ''}`;
}

/** The route, else the resource that the name stands in. */
function describeUser({ documents }: Snapshot, { resource }: NamedPlace, node: ConfigNode): string {
  const facts = documents.get(node.tree.uri);
  const messages = (facts && messagesAt(facts, node.id)?.messages) ?? [];
  const innermost = (type: string) => messages.findLast((each) => each.type.name === type)?.node;
  const route = innermost('envoy.config.route.v3.Route');
  if (route) return `route ${code(route.string('name') || describeRouteMatch(route))}`;
  const chain = innermost('envoy.config.listener.v3.FilterChain')?.string('name') ?? '';
  if (chain !== '') return `filter chain ${code(chain)}`;
  const kind = inWords(resource.kind);
  return resource.name === '' ? kind : `${kind} ${code(resource.name)}`;
}
