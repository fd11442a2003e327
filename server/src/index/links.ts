/** Links of a document: every name that refers to something, with what it refers to. */
import type { ConfigNode } from '../schema/configNode';
import type { DocumentPart } from '../model/readDocument';
import { siteCount, siteOfNumber, type ReferenceKind, type ReferenceSite } from '../schema/referenceSite';
import { proxiesOf, type Snapshot } from './buildSnapshot';
import type { DocumentNames, NamedPlace } from './documentNames';
import { isFoundByNameAlone, resolveName, type LinkStatus, type Resolution } from './resolveName';
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

/** The references of a document in document order: the index of each among its names, and what it leads to. */
export interface ResolvedLinks {
  readonly names: DocumentNames | undefined;
  readonly indexes: Int32Array;
  readonly resolutions: readonly Resolution[];
}

const known = new WeakMap<Snapshot, Map<string, ResolvedLinks>>();

/** Resolves every reference of a document, once for each snapshot. */
export function resolveLinks(snapshot: Snapshot, uri: string): ResolvedLinks {
  let ofSnapshot = known.get(snapshot);
  if (!ofSnapshot) known.set(snapshot, (ofSnapshot = new Map<string, ResolvedLinks>()));
  let links = ofSnapshot.get(uri);
  if (!links) ofSnapshot.set(uri, (links = resolveAll(snapshot, uri)));
  return links;
}

function resolveAll(snapshot: Snapshot, uri: string): ResolvedLinks {
  const names = snapshot.documents.get(uri)?.names;
  const resolutions: Resolution[] = [];
  if (!names) return { names, indexes: new Int32Array(0), resolutions };
  const { sites, owners, size } = names.columns;
  const indexes = new Int32Array(size);
  const proxies = proxiesOfOwners(snapshot, names);
  const lastOfSite = new Array<LastAnswer | undefined>(siteCount());
  for (let index = 0; index < size; index++) {
    const number = (sites[index] ?? 0) >> 1;
    const way = WAYS[number];
    if (way === NO_LINK) continue;
    const place = names.passingAt(index);
    indexes[resolutions.length] = index;
    const own = proxies[owners[index] ?? 0] ?? [];
    if (way === BY_PLACE) {
      resolutions.push(resolveIn(snapshot, own, place));
      continue;
    }
    // Many sites say the same name again and again: the SDS cluster, the secret of the workload.
    const name = place.name;
    const last = lastOfSite[number];
    const isSame = last?.name === name && last.proxies === own;
    const resolution = isSame ? last.resolution : resolveIn(snapshot, own, place);
    if (!isSame && resolution.status === 'resolved') lastOfSite[number] = { name, proxies: own, resolution };
    resolutions.push(resolution);
  }
  return { names, indexes: indexes.slice(0, resolutions.length), resolutions };
}

const NO_LINK = 0;
const BY_PLACE = 1;
const BY_NAME = 2;
/** By the number of the site: whether names there refer to something, and whether the place matters. */
const WAYS = Uint8Array.from({ length: siteCount() }, (_, number) => {
  const site = siteOfNumber(number);
  return isReferenceSite(site) ? (isFoundByNameAlone(site) ? BY_NAME : BY_PLACE) : NO_LINK;
});

interface LastAnswer {
  readonly name: string;
  readonly proxies: readonly ProxyScope[];
  readonly resolution: Resolution;
}

/** The proxies of each owner; owners of one part share the list. */
function proxiesOfOwners(snapshot: Snapshot, names: DocumentNames): readonly (readonly ProxyScope[])[] {
  const lists = new Map<DocumentPart, readonly ProxyScope[]>();
  return names.owners.map(({ part }) => {
    let list = lists.get(part);
    if (!list) lists.set(part, (list = proxiesOfPart(snapshot, part)));
    return list;
  });
}

/** All links of a document that are wanted, in document order. */
export function linksOf(snapshot: Snapshot, uri: string, isWanted: (status: LinkStatus) => boolean = () => true): Link[] {
  const { names, indexes, resolutions } = resolveLinks(snapshot, uri);
  return resolutions.flatMap((resolution, at) => {
    const place = isWanted(resolution.status) ? names?.at(indexes[at] ?? 0) : undefined;
    return place ? [linkOf(snapshot, place, resolution)] : [];
  });
}

/** Resolves one reference; a document that several proxies share is looked up in each. */
export function resolveLink(snapshot: Snapshot, place: NamedPlace): Link {
  return linkOf(snapshot, place, resolveIn(snapshot, proxiesOfPart(snapshot, place.part), place));
}

function resolveIn(snapshot: Snapshot, proxies: readonly ProxyScope[], place: NamedPlace): Resolution {
  const [proxy] = proxies;
  if (proxy && proxies.length === 1) return resolveName(snapshot, proxy, place);
  const answers = proxies.map((each) => resolveName(snapshot, each, place));
  return {
    status: answers.some(({ status }) => status === 'resolved') ? 'resolved' : (answers[0]?.status ?? 'unchecked'),
    targets: answers.flatMap(({ targets }) => targets),
    proxies: answers.flatMap(({ targets }, at) => targets.flatMap(() => proxies[at] ?? [])),
  };
}

function linkOf(snapshot: Snapshot, place: NamedPlace, { status, targets, proxies }: Resolution): Link {
  const [only] = proxies ? [] : proxiesOfPart(snapshot, place.part);
  const found = targets.flatMap((node, at): LinkTarget[] => {
    const proxy = only ?? proxies?.[at];
    return proxy ? [{ node, proxy }] : [];
  });
  return { kind: place.kind, name: place.name, place, status, targets: found };
}

function proxiesOfPart(snapshot: Snapshot, part: DocumentPart): readonly ProxyScope[] {
  return snapshot.proxies.filter(({ parts }) => parts.has(part));
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

function isReferenceSite({ role }: ReferenceSite): boolean {
  return role === 'reference' || role === 'use' || role === 'shared';
}

/** The text of the name: of a key its token, of a value the scalar (quotes included). */
export function spanOfName(place: NamedPlace): { start: number; end: number } {
  const { tree } = place.resource.node;
  return (place.isKey ? tree.keySpan(place.node) : undefined) ?? tree.span(place.node);
}
