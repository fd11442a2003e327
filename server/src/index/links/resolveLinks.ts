/** Resolves the references of a document, all of them or those that an edit has left open. */
import { siteOfCode } from '../../schema/references/referenceTape';
import { NO_NODE } from '../../syntax/tree/syntaxTree';
import type { DocumentPart } from '../../model/document/documentPart';
import { referencesIn, type DocumentNames, type NamedPlace } from '../names/documentNames';
import { linkSeeker } from './linkSeeker';
import type { ProxyScope } from '../proxyScope';
import { resolveName, type LinkStatus, type Resolution } from './resolveName';
import { keepLinks, movedLinksOf, type MovedLinks, type ResolvedLinks } from '../edited/untouchedLinks';
import { memoizeByObject } from '../../text/memoizeByObject';
import { finish, type Steps } from '../../text/steps';
import type { Snapshot } from '../snapshot';
import type { LinkSeeker } from './seeker';

/** By the number that stands for them in `statuses`. */
const STATUSES: readonly LinkStatus[] = ['unchecked', 'resolved', 'missing', 'external'];
const RESOLVED = STATUSES.indexOf('resolved');

/** What the reference at a place came to. */
export function statusAt({ statuses }: Pick<ResolvedLinks, 'statuses'>, at: number): LinkStatus {
  return STATUSES[statuses[at] ?? 0] ?? 'unchecked';
}

/** Resolves every reference of a document, once for each snapshot. */
export function resolveLinks(snapshot: Snapshot, uri: string): ResolvedLinks {
  return finish(resolveLinksInSteps(snapshot, uri));
}

/** The same in steps: a large dump has tens of thousands. */
export function* resolveLinksInSteps(snapshot: Snapshot, uri: string): Steps<ResolvedLinks> {
  const known = linksOfSnapshot(snapshot);
  const resolved = known.get(uri) ?? (yield* resolveAll(snapshot, uri));
  known.set(uri, resolved);
  return resolved;
}

const linksOfSnapshot = memoizeByObject((_snapshot: Snapshot) => new Map<string, ResolvedLinks>());

const NO_LINKS: ResolvedLinks = {
  ...{ names: undefined, size: 0, indexes: new Int32Array(0), statuses: new Uint8Array(0), targets: new Int32Array(0) },
  others: new Map(),
};

function* resolveAll(snapshot: Snapshot, uri: string): Steps<ResolvedLinks> {
  const facts = snapshot.documents.get(uri);
  if (!facts) return NO_LINKS;
  const { names, parts } = facts;
  const isAlone = parts.every((part) => isOnlyPart(proxiesOfPart(snapshot, part)));
  const moved = isAlone ? movedLinksOf(names) : undefined;
  const links = moved ? reopened(names, moved) : openLinks(names);
  const resolve = resolver(snapshot, links);
  if (moved) for (const at of moved.open) resolve(at);
  else
    for (let from = 0; from < links.size; from += STEP) {
      for (let at = from; at < Math.min(from + STEP, links.size); at++) resolve(at);
      yield from / links.size;
    }
  if (isAlone) keepLinks(names, links);
  return links;
}

/** References that are resolved in about a millisecond. */
const STEP = 2048;

/** What other documents say does not change what names mean there, but names of Istio's resources. */
function isOnlyPart(proxies: readonly ProxyScope[]): boolean {
  return proxies.length === 1 && proxies[0]?.parts.size === 1;
}

interface OpenLinks extends ResolvedLinks {
  readonly names: DocumentNames;
  readonly others: Map<number, Resolution>;
}

/** As an edit has left them; of its own, since others may resolve the same for another snapshot. */
function reopened(names: DocumentNames, { size, indexes, statuses, targets }: MovedLinks): OpenLinks {
  return { names, size, indexes, statuses: statuses.slice(), targets: targets.slice(), others: new Map() };
}

function openLinks(names: DocumentNames): OpenLinks {
  const indexes = referencesIn(names, 0, names.length);
  const size = indexes.length;
  return { names, size, indexes, statuses: new Uint8Array(size), targets: new Int32Array(size).fill(NO_NODE), others: new Map() };
}

/** Resolves the reference at a place; places in order, as far as may be: then most are found beside the one before. */
function resolver(snapshot: Snapshot, { names, indexes, statuses, targets, others }: OpenLinks): (at: number) => void {
  const { sites } = names.columns;
  const proxiesAt = proxiesOfNames(snapshot, names);
  const seekers: LinkSeeker[] = [];
  return (at) => {
    const index = indexes[at] ?? 0;
    const own = proxiesAt(index);
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
  };
}

/** The seeker of a site; another one where the names of another proxy begin. */
function seekerOf(snapshot: Snapshot, seekers: LinkSeeker[], code: number, proxies: readonly ProxyScope[]): LinkSeeker {
  const proxy = proxies.length === 1 ? proxies[0] : undefined;
  const seeker = seekers[code];
  return seeker?.proxy === proxy && seeker ? seeker : (seekers[code] = linkSeeker(snapshot, proxy, siteOfCode(code)));
}

/** The proxies of the part in which a name stands. Names of one part stand together. */
function proxiesOfNames(snapshot: Snapshot, names: DocumentNames): (index: number) => readonly ProxyScope[] {
  const { owners } = names.columns;
  let last: { readonly part: DocumentPart; readonly proxies: readonly ProxyScope[] } | undefined;
  let lastOwner = -1;
  return (index) => {
    const owner = owners[index] ?? 0;
    if (last && owner === lastOwner) return last.proxies;
    lastOwner = owner;
    const part = names.partAt(index);
    if (last?.part !== part) last = { part, proxies: proxiesOfPart(snapshot, part) };
    return last.proxies;
  };
}

export function proxiesOfPart(snapshot: Snapshot, part: DocumentPart): readonly ProxyScope[] {
  return snapshot.proxies.filter(({ parts }) => parts.has(part));
}

/** Resolves one reference in each of the proxies. */
export function resolveIn(snapshot: Snapshot, proxies: readonly ProxyScope[], place: NamedPlace): Resolution {
  const [proxy] = proxies;
  if (proxy && proxies.length === 1) return resolveName(snapshot, proxy, place);
  const answers = proxies.map((each) => resolveName(snapshot, each, place));
  return {
    status: answers.some(({ status }) => status === 'resolved') ? 'resolved' : (answers[0]?.status ?? 'unchecked'),
    targets: answers.flatMap(({ targets }) => targets),
    proxies: answers.flatMap(({ targets }, at) => targets.flatMap(() => proxies[at] ?? [])),
  };
}
