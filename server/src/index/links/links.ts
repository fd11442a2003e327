/** Links of a document: every name that refers to something, with what it refers to. */
import { ConfigNode } from '../../schema/configNode';
import { NO_NODE } from '../../syntax/tree/syntaxTree';
import { isReferenceSite, type ReferenceKind, type ReferenceSite } from '../../schema/references/referenceSite';
import { proxiesOf } from '../buildSnapshot';
import type { NamedPlace } from '../names/documentNames';
import { resolveName, type LinkStatus, type Resolution } from './resolveName';
import { isInsideResource } from './endpointMetadata';
import { proxiesOfPart, resolveIn, resolveLinks, statusAt } from './resolveLinks';
import type { ResolvedLinks } from '../edited/untouchedLinks';

import type { ProxyScope } from '../proxyScope';
import type { Snapshot } from '../snapshot';

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

/** All links of a document that are wanted, in document order. */
export function linksOf(
  snapshot: Snapshot,
  uri: string,
  isWanted: (status: LinkStatus, site: ReferenceSite) => boolean = () => true,
): Link[] {
  const links = resolveLinks(snapshot, uri);
  const { names, size, indexes } = links;
  const found: Link[] = [];
  for (let at = 0; names && at < size; at++) {
    const index = indexes[at] ?? 0;
    const place = isWanted(statusAt(links, at), names.siteAt(index)) ? names.at(index) : undefined;
    if (!place) continue;
    const standsForOthers = links.targets[at] !== NO_NODE && isInsideResource(place.site);
    found.push(standsForOthers ? resolveLink(snapshot, place) : linkOf(snapshot, place, resolutionAt(links, at)));
  }
  return found;
}

function resolutionAt(links: ResolvedLinks, at: number): Resolution {
  const { names, targets, others } = links;
  const target = targets[at] ?? NO_NODE;
  return (
    others.get(at) ?? {
      status: statusAt(links, at),
      targets: names && target !== NO_NODE ? [new ConfigNode(names.tree, target)] : [],
    }
  );
}

/** Resolves one reference; a document that several proxies share is looked up in each. */
export function resolveLink(snapshot: Snapshot, place: NamedPlace): Link {
  return linkOf(snapshot, place, resolveIn(snapshot, proxiesOfPart(snapshot, place.part), place));
}

function linkOf(snapshot: Snapshot, place: NamedPlace, { status, targets, proxies }: Resolution): Link {
  const [only] = proxies ? [] : proxiesOfPart(snapshot, place.part);
  const found = targets.flatMap((node, at): LinkTarget[] => {
    const proxy = only ?? proxies?.[at];
    return proxy ? [{ node, proxy }] : [];
  });
  return { kind: place.kind, name: place.name, place, status, targets: found };
}

/** The name at an offset (the value, or the key where keys are names): a reference or a definition. */
export function nameAt(snapshot: Snapshot, uri: string, offset: number): NamedPlace | undefined {
  const names = snapshot.documents.get(uri)?.names;
  if (!names) return undefined;
  // Names do not overlap; the cursor may touch the end of one and the beginning of the next.
  let at = names.first((place) => spanOfName(place).start > offset) - 1;
  // One place may name two things (a load assignment's cluster_name): the first counts.
  while (at > 0 && names.at(at - 1)?.node === names.at(at)?.node) at--;
  return [names.at(at), names.at(at - 1)].find((place) => place !== undefined && spanOfName(place).end >= offset);
}

/** A name that its own proxy lacks, found in other proxies: offered, and said to be from elsewhere. */
export function elsewhere(snapshot: Snapshot, uri: string, place: NamedPlace): LinkTarget[] {
  const own = proxiesOf(snapshot, uri);
  return snapshot.proxies
    .filter((proxy) => !own.includes(proxy))
    .flatMap((proxy) => resolveName(snapshot, proxy, place).targets.map((node) => ({ node, proxy })));
}

export function isReference(place: NamedPlace): boolean {
  return isReferenceSite(place.site);
}

/** The text of the name: of a key its token, of a value the scalar (quotes included). */
export function spanOfName(place: NamedPlace): { start: number; end: number } {
  const { tree } = place.resource.node;
  return (place.isKey ? tree.keySpan(place.node) : undefined) ?? tree.span(place.node);
}
