/** Hover of an Istio or Gateway API resource on its name: what became of it in the dumps of the workspace, and for whom it is. */
import type { Snapshot } from '../../index/buildSnapshot';
import type { ProxyScope } from '../../index/proxyScope';
import { isOfMesh, namespaceOf } from '../../model/istio/istioSpec';
import type { ConfigNode } from '../../schema/configNode';
import { shortProxy } from '../../model/summary/shortProxy';
import { istioPlaceAt, placesOfThing } from '../istio/istioPlaces';
import { placesMadeOf } from '../istio/madeOf';
import { proxiesChosenBy } from '../istio/workloads';
import { code, count, escapeMarkdown } from '../writing/markdown';

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
  return [titleOf(resource), `In ${code(fileOf(resource.tree.uri))}.`, ...describeScope(resource)].join('\n\n');
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
  if (value.isArray) return value.items().flatMap((item) => (item.isObject ? item.string('name') || [] : wordsOf(item)));
  const labels = value.get('matchLabels') ?? value.get('labels') ?? value;
  return labels.isObject
    ? labels.entries().map(([key, label]) => `${key}=${label.asString() ?? ''}`)
    : [value.asString() ?? ''].filter(Boolean);
}

function titleOf(resource: ConfigNode): string {
  const name = resource.path('metadata', 'name')?.asString() ?? '';
  return `**${escapeMarkdown(resource.string('kind') || 'Resource')}** ${code(`${namespaceOf(resource)}/${name}`)}`;
}

function describeMade(snapshot: Snapshot, resource: ConfigNode): string | undefined {
  const places = placesMadeOf(snapshot, resource);
  if (places.length === 0) return undefined;
  const made = new Map<string, number>();
  for (const { kind, name, node } of places) {
    const row = `${kind} ${code(name || '(no name)')} in ${code(fileOf(node.tree.uri))}`;
    made.set(row, (made.get(row) ?? 0) + 1);
  }
  const rows = [...made].map(([row, times]) => `${row}${times > 1 ? `: ${count(times, 'place')}` : ''}`);
  return `Became ${count(places.length, 'place')} of the dumps:\n\n${listOf(rows)}`;
}

function describeChosen(proxies: readonly ProxyScope[]): string {
  return `Meant for ${count(proxies.length, 'proxy')} of those that are open:\n\n${listOf(proxies.map(({ id }) => code(shortProxy(id))))}`;
}

function countUses(snapshot: Snapshot, resource: ConfigNode): number {
  const nameNode = resource.path('metadata', 'name');
  const facts = nameNode && snapshot.documents.get(nameNode.tree.uri);
  const own = facts && istioPlaceAt(facts, nameNode.id);
  return own ? placesOfThing(snapshot, own.naming).filter(({ naming }) => naming.role !== 'definition').length : 0;
}

function listOf(rows: readonly string[]): string {
  const shown = rows.slice(0, MAX_ROWS).map((row) => `- ${row}`);
  return [...shown, ...(rows.length > MAX_ROWS ? [`- … and ${rows.length - MAX_ROWS} more`] : [])].join('\n');
}

function fileOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}
