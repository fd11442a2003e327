/** Hover of an Istio or Gateway API resource on its name: what became of it in the dumps of the workspace, and for whom it is. */
import type { ProxyScope } from '../../index/proxyScope';
import { isOfMesh, namespaceOf, resourceNameOf } from '../../model/istio/istioSpec';
import { ConfigNode } from '../../schema/configNode';
import { shortProxy } from '../../model/summary/shortProxy';
import { istioPlaceAt, placesOfThing } from '../istio/istioPlaces';
import { placesMadeOf } from '../istio/madeOf';
import { proxiesChosenBy } from '../istio/workloads';
import { code, count, escapeMarkdown, bulletList } from '../writing/markdown';
import { fileNameOf } from '../../text/uriParts';
import type { Snapshot } from '../../index/snapshot';

const MAX_ROWS = 10;

/** Undefined for resources of others that nothing names. */
export function describeIstioResource(snapshot: Snapshot, resource: ConfigNode): string | undefined {
  const title = titleOf(resource);
  const made = describeMade(snapshot, resource);
  const chosen = proxiesChosenBy(snapshot, resource);
  const uses = countUses(snapshot, resource);
  const words = [
    made,
    chosen && chosen.length > 0 ? describeChosen(chosen) : undefined,
    uses > 0 ? `Named in ${count(uses, 'place')} of other resources.` : undefined,
  ].filter((each) => each !== undefined);
  if (words.length === 0 && !isOfMesh(resource)) return undefined;
  return [title, ...(words.length > 0 ? words : ['Nothing in the open dumps names it.'])].join('\n\n');
}

/** The same in short, where a dump names it. */
export function describeMaking(resource: ConfigNode): string {
  return [titleOf(resource), `In ${code(fileNameOf(resource.tree.uri))}.`, ...describeScope(resource)].join('\n\n');
}

/** Fields of a `spec` that say what it is for. */
const TELLING = ['hosts', 'host', 'hostnames', 'gateways', 'parentRefs', 'subsets', 'selector', 'workloadSelector', 'targetRefs'];
const MAX_WORDS = 5;

/** `hosts: reviews` · `gateways: mesh` */
function describeScope(resource: ConfigNode): string[] {
  const told = TELLING.flatMap((field) => {
    const words = wordsOf(resource.path('spec', field));
    const rest = words.length > MAX_WORDS ? ' …' : '';
    return words.length === 0 ? [] : [`${field}: ${words.slice(0, MAX_WORDS).map(code).join(', ')}${rest}`];
  });
  return told.length === 0 ? [] : [told.join(' · ')];
}

/** The texts of a list, the names of what is listed, the labels of a selector. */
function wordsOf(value: ConfigNode | undefined): string[] {
  if (!value) return [];
  if (value.isArray)
    return value.tree.listItems(value.id).flatMap((id) => {
      const item = new ConfigNode(value.tree, id);
      return item.isObject ? item.string('name') || [] : wordsOf(item);
    });
  const labels = value.get('matchLabels') ?? value.get('labels') ?? value;
  return labels.isObject
    ? labels.entries().map(([key, label]) => `${key}=${label.asString() ?? ''}`)
    : [value.asString() ?? ''].filter(Boolean);
}

function titleOf(resource: ConfigNode): string {
  return `**${escapeMarkdown(resource.string('kind') || 'Resource')}** ${code(`${namespaceOf(resource)}/${resourceNameOf(resource)}`)}`;
}

function describeMade(snapshot: Snapshot, resource: ConfigNode): string | undefined {
  const places = placesMadeOf(snapshot, resource);
  if (places.length === 0) return undefined;
  const made = new Map<string, number>();
  for (const { kind, name, node } of places) {
    const row = `${kind} ${code(name || '(no name)')} in ${code(fileNameOf(node.tree.uri))}`;
    made.set(row, (made.get(row) ?? 0) + 1);
  }
  const rows = bulletList([...made], MAX_ROWS, ([row, times]) => `${row}${times > 1 ? `: ${count(times, 'place')}` : ''}`);
  return `Became ${count(places.length, 'place')} of the dumps:\n\n${rows}`;
}

function describeChosen(proxies: readonly ProxyScope[]): string {
  const rows = bulletList(proxies, MAX_ROWS, ({ id }) => code(shortProxy(id)));
  return `Meant for ${count(proxies.length, 'proxy')} of those that are open:\n\n${rows}`;
}

function countUses(snapshot: Snapshot, resource: ConfigNode): number {
  const nameNode = resource.path('metadata', 'name');
  const facts = nameNode && snapshot.documents.get(nameNode.tree.uri);
  const own = facts && istioPlaceAt(facts, nameNode.id);
  return own ? placesOfThing(snapshot, own.naming).filter(({ naming }) => naming.role !== 'definition').length : 0;
}
