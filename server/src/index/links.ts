/** Links of a document: every name that refers to something, with what it refers to. */
import { ConfigNode } from '../schema/configNode';
import { siteOfCode } from '../schema/referenceTape';
import { NO_NODE } from '../syntax/syntaxTree';
import type { DocumentPart } from '../model/readDocument';
import { siteCount, siteOfNumber, type ReferenceKind, type ReferenceSite } from '../schema/referenceSite';
import { proxiesOf, type Snapshot } from './buildSnapshot';
import type { DocumentNames, NamedPlace } from './documentNames';
import { linkSeeker, type LinkSeeker } from './linkSeeker';
import { resolveName, type LinkStatus, type Resolution } from './resolveName';
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

/** The references of a document in document order. */
export interface ResolvedLinks {
  readonly names: DocumentNames | undefined;
  readonly size: number;
  /** The index of each reference among the names. */
  readonly indexes: Int32Array;
  /** Index into STATUSES. */
  readonly statuses: Uint8Array;
  /** What is referred to, where that is one message of the same document; else NO_NODE, and what there is stands in `others`. */
  readonly targets: Int32Array;
  /** By the place among the references. */
  readonly others: ReadonlyMap<number, Resolution>;
}

const STATUSES: readonly LinkStatus[] = ['unchecked', 'resolved', 'missing', 'external'];
const RESOLVED = STATUSES.indexOf('resolved');

const known = new WeakMap<Snapshot, Map<string, ResolvedLinks>>();

/** Resolves every reference of a document, once for each snapshot. */
export function resolveLinks(snapshot: Snapshot, uri: string): ResolvedLinks {
  let ofSnapshot = known.get(snapshot);
  if (!ofSnapshot) known.set(snapshot, (ofSnapshot = new Map<string, ResolvedLinks>()));
  let links = ofSnapshot.get(uri);
  if (!links) ofSnapshot.set(uri, (links = resolveAll(snapshot, snapshot.documents.get(uri)?.names)));
  return links;
}

function resolveAll(snapshot: Snapshot, names: DocumentNames | undefined): ResolvedLinks {
  if (!names)
    return { names, size: 0, indexes: new Int32Array(0), statuses: new Uint8Array(0), targets: new Int32Array(0), others: new Map() };
  const { sites, owners } = names.columns;
  const indexes = referencesIn(names);
  const size = indexes.length;
  const statuses = new Uint8Array(size);
  const targets = new Int32Array(size).fill(NO_NODE);
  const others = new Map<number, Resolution>();
  const proxies = proxiesOfOwners(snapshot, names);
  const seekers = new Map<number, LinkSeeker>();
  for (let at = 0; at < size; at++) {
    const index = indexes[at] ?? 0;
    const own = proxies[owners[index] ?? 0] ?? [];
    const found = seekerOf(snapshot, seekers, sites[index] ?? 0, own).find(names, index);
    if (typeof found === 'string') statuses[at] = STATUSES.indexOf(found);
    else if (found?.node.tree === names.tree) {
      statuses[at] = RESOLVED;
      targets[at] = found.node.id;
    } else {
      const resolution = found ? { status: 'resolved' as const, targets: [found.node] } : resolveIn(snapshot, own, names.passingAt(index));
      statuses[at] = STATUSES.indexOf(resolution.status);
      if (resolution.targets.length > 0) others.set(at, resolution);
    }
  }
  return { names, size, indexes, statuses, targets, others };
}

function referencesIn({ columns: { sites, size } }: DocumentNames): Int32Array {
  const indexes = new Int32Array(size);
  let count = 0;
  for (let index = 0; index < size; index++) if (REFERS[(sites[index] ?? 0) >> 1] === 1) indexes[count++] = index;
  return indexes.slice(0, count);
}

/** By the number of the site: 1 where names there refer to something. */
const REFERS = Uint8Array.from({ length: siteCount() }, (_, number) => (isReferenceSite(siteOfNumber(number)) ? 1 : 0));

/** The seeker of a site; another one where the names of another proxy begin. */
function seekerOf(snapshot: Snapshot, seekers: Map<number, LinkSeeker>, code: number, proxies: readonly ProxyScope[]): LinkSeeker {
  const proxy = proxies.length === 1 ? proxies[0] : undefined;
  let seeker = seekers.get(code);
  if (!seeker || seeker.proxy !== proxy) seekers.set(code, (seeker = linkSeeker(snapshot, proxy, siteOfCode(code))));
  return seeker;
}

/** The proxies of each owner; owners of one part share the list. */
function proxiesOfOwners(snapshot: Snapshot, names: DocumentNames): readonly (readonly ProxyScope[])[] {
  let last: { readonly part: DocumentPart; readonly proxies: readonly ProxyScope[] } | undefined;
  return names.owners.map(({ part }) => {
    if (last?.part !== part) last = { part, proxies: proxiesOfPart(snapshot, part) };
    return last.proxies;
  });
}

/** All links of a document that are wanted, in document order. */
export function linksOf(
  snapshot: Snapshot,
  uri: string,
  isWanted: (status: LinkStatus, site: ReferenceSite) => boolean = () => true,
): Link[] {
  const links = resolveLinks(snapshot, uri);
  const { names, size, indexes, statuses } = links;
  const found: Link[] = [];
  for (let at = 0; names && at < size; at++) {
    const index = indexes[at] ?? 0;
    const place = isWanted(STATUSES[statuses[at] ?? 0] ?? 'unchecked', names.siteAt(index)) ? names.at(index) : undefined;
    if (place) found.push(linkOf(snapshot, place, resolutionAt(links, at)));
  }
  return found;
}

function resolutionAt({ names, statuses, targets, others }: ResolvedLinks, at: number): Resolution {
  const target = targets[at] ?? NO_NODE;
  return (
    others.get(at) ?? {
      status: STATUSES[statuses[at] ?? 0] ?? 'unchecked',
      targets: names && target !== NO_NODE ? [new ConfigNode(names.tree, target)] : [],
    }
  );
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
