/** Links of a document: every name that refers to something, with what it refers to. */
import type { ConfigNode } from '../schema/configNode';
import type { DocumentPart } from '../model/readDocument';
import type { ReferenceKind } from '../schema/referenceSite';
import { proxiesOf, type Snapshot } from './buildSnapshot';
import type { NamedPlace } from './collectNames';
import { resolveName, type LinkStatus } from './resolveName';
import type { ProxyScope } from './proxyScope';

export interface Link {
  readonly kind: ReferenceKind;
  readonly name: string;
  readonly place: NamedPlace;
  readonly status: LinkStatus;
  readonly targets: readonly LinkTarget[];
}

export interface LinkTarget {
  readonly node: ConfigNode;
  readonly proxy: ProxyScope;
}

/** All links of a document, in document order. */
export function linksOf(snapshot: Snapshot, uri: string): Link[] {
  const links: Link[] = [];
  let part: DocumentPart | undefined;
  let proxies: readonly ProxyScope[] = [];
  for (const place of snapshot.documents.get(uri)?.names ?? []) {
    if (!isReference(place)) continue;
    if (place.part !== part) proxies = proxiesOfPart(snapshot, (part = place.part));
    links.push(resolveIn(snapshot, proxies, place));
  }
  return links;
}

/** The name at an offset (the value, or the key where keys are names): a reference or a definition. */
export function nameAt(snapshot: Snapshot, uri: string, offset: number): NamedPlace | undefined {
  const names = snapshot.documents.get(uri)?.names ?? [];
  // Names are sorted by their place and do not overlap; the cursor may touch the end of one and the beginning of the next.
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = names[middle];
    if (place && spanOfName(place).start <= offset) low = middle + 1;
    else high = middle;
  }
  let at = low - 1;
  // One place may name two things (a load assignment's cluster_name): the first counts.
  while (at > 0 && names[at - 1]?.node === names[at]?.node) at--;
  return [names[at], names[at - 1]].find((place) => place !== undefined && spanOfName(place).end >= offset);
}

/** Resolves one reference; a document that several proxies share is looked up in each. */
export function resolveLink(snapshot: Snapshot, place: NamedPlace): Link {
  return resolveIn(snapshot, proxiesOfPart(snapshot, place.part), place);
}

function proxiesOfPart(snapshot: Snapshot, part: DocumentPart): readonly ProxyScope[] {
  return snapshot.proxies.filter(({ parts }) => parts.has(part));
}

function resolveIn(snapshot: Snapshot, proxies: readonly ProxyScope[], place: NamedPlace): Link {
  const { kind, name } = place;
  const [proxy] = proxies;
  if (proxy && proxies.length === 1) {
    const { status, targets } = resolveName(snapshot, proxy, place);
    return { kind, name, place, status, targets: targets.map((node) => ({ node, proxy })) };
  }
  const answers = proxies.map((each) => ({ proxy: each, ...resolveName(snapshot, each, place) }));
  const targets = answers.flatMap(({ proxy: each, targets: nodes }) => nodes.map((node) => ({ node, proxy: each })));
  const status = answers.some((answer) => answer.status === 'resolved') ? 'resolved' : (answers[0]?.status ?? 'unchecked');
  return { kind, name, place, status, targets };
}

/** A name that its own proxy lacks, found in other proxies: offered, and said to be from elsewhere. */
export function elsewhere(snapshot: Snapshot, uri: string, place: NamedPlace): LinkTarget[] {
  const own = proxiesOf(snapshot, uri);
  return snapshot.proxies
    .filter((proxy) => !own.includes(proxy))
    .flatMap((proxy) => resolveName(snapshot, proxy, place).targets.map((node) => ({ node, proxy })));
}

export function isReference(place: NamedPlace): boolean {
  return place.site.role === 'reference' || place.site.role === 'use' || place.site.role === 'shared';
}

/** The text of the name: of a key its token, of a value the scalar (quotes included). */
export function spanOfName(place: NamedPlace): { start: number; end: number } {
  const { tree } = place.resource.node;
  return (place.isKey ? tree.keySpan(place.node) : undefined) ?? tree.span(place.node);
}
