/** The links of a dump after an edit inside one of its resources: what the edit cannot change is moved, the rest is left to be resolved. */
import type { ConfigNode } from '../schema/configNode';
import { siteCount, siteOfNumber, type ReferenceKind } from '../schema/referenceSite';
import type { EditedTree } from '../syntax/editJson';
import { NO_NODE } from '../syntax/syntaxTree';
import { findFirst } from '../text/findFirst';
import { referencesIn, type DocumentNames } from './documentNames';
import { endpointsNameOf } from './proxyScope';
import type { Resolution } from './resolveName';
import { definitionsIn, type MovedNames } from './untouchedNames';
import type { MovedParts } from './untouchedParts';

/** The references of a document in document order. */
export interface ResolvedLinks {
  readonly names: DocumentNames | undefined;
  readonly size: number;
  /** The index of each reference among the names. */
  readonly indexes: Int32Array;
  /** As `statusAt` (resolveLinks.ts) reads them. */
  readonly statuses: Uint8Array;
  /** What is referred to, where that is one message of the same document; else NO_NODE, and what there is stands in `others`. */
  readonly targets: Int32Array;
  /** By the place among the references. */
  readonly others: ReadonlyMap<number, Resolution>;
}

/** Links that are known but for some places among the references. */
export interface MovedLinks extends Omit<ResolvedLinks, 'others'> {
  readonly open: readonly number[];
}

/** The last links of these names, of documents whose proxies have no other parts: what other documents say does not change them. */
const resolved = new WeakMap<DocumentNames, ResolvedLinks>();
const moved = new WeakMap<DocumentNames, MovedLinks>();

export function keepLinks(names: DocumentNames, links: ResolvedLinks): void {
  resolved.set(names, links);
}

export function movedLinksOf(names: DocumentNames): MovedLinks | undefined {
  return moved.get(names);
}

/** Moves the links of the names before an edit, if they are known, to those after it. */
export function moveLinks(before: DocumentNames, after: MovedNames, { parts, edited }: { parts: MovedParts; edited: EditedTree }): void {
  const links = resolved.get(before) ?? moved.get(before);
  if (!links) return;
  const { names, first, end, added } = after;
  const own = referencesIn(names, first, first + added);
  const firstOwn = placeOf(links, first);
  const endOwn = placeOf(links, end);
  const size = links.size - (endOwn - firstOwn) + own.length;
  const join = <Column extends Int32Array | Uint8Array>(column: Column, from: Column): Column => {
    column.set(from.subarray(0, firstOwn));
    column.set(from.subarray(endOwn, links.size), firstOwn + own.length);
    return column;
  };
  const indexes = join(new Int32Array(size), links.indexes);
  indexes.set(own, firstOwn);
  for (let at = firstOwn + own.length; at < size; at++) indexes[at] = (indexes[at] ?? 0) + added - (end - first);
  const targets = join(new Int32Array(size), links.targets);
  const lost = moveTargets(targets, parts, edited);
  const open = new Set([...lost, ...Array.from(own, (_, at) => firstOwn + at)]);
  for (const at of 'open' in links ? links.open : links.others.keys()) {
    if (at < firstOwn) open.add(at);
    else if (at >= endOwn) open.add(at + own.length - (endOwn - firstOwn));
  }
  const affects = sitesAffected(before, after, parts);
  for (let at = 0; at < size; at++) if (affects[(names.columns.sites[indexes[at] ?? 0] ?? 0) >> 1] === 1) open.add(at);
  for (const at of open) targets[at] = NO_NODE;
  moved.set(names, { names, size, indexes, statuses: join(new Uint8Array(size), links.statuses), targets, open: [...open] });
}

/** Where the references begin that stand at or behind a name. */
function placeOf({ indexes, size }: Pick<ResolvedLinks, 'indexes' | 'size'>, name: number): number {
  return findFirst(size, (at) => (indexes[at] ?? 0) >= name);
}

/** Moves targets behind the edit; those inside the message around it may be others now. Gives their places. */
function moveTargets(targets: Int32Array, { before: { tree }, touched }: MovedParts, edited: EditedTree): number[] {
  const end = tree.columns.nexts[touched] ?? 0;
  const shift = edited.added - (edited.end - edited.first);
  const lost: number[] = [];
  for (let at = 0; at < targets.length; at++) {
    const target = targets[at] ?? NO_NODE;
    if (target <= touched) continue;
    if (target < end) lost.push(at);
    else targets[at] = target + shift;
  }
  return lost;
}

/** By the number of a site: 1 where the edit may have changed what its names mean elsewhere. */
function sitesAffected(before: DocumentNames, { names, first, end, added }: MovedNames, parts: MovedParts): Uint8Array {
  const was = definitionsIn(before, first, end);
  const is = definitionsIn(names, first, first + added);
  const kinds = new Set<ReferenceKind>(['istio_config']);
  for (const kind of [...was.keys(), ...is.keys()]) if (was.get(kind) !== is.get(kind)) kinds.add(kind);
  if (seenByOthers(parts, parts.before) !== seenByOthers(parts, parts.after)) kinds.add('cluster').add('internal_listener');
  if (kinds.has('listener')) kinds.add('internal_listener');
  return Uint8Array.from({ length: siteCount() }, (_, number) => (kinds.has(siteOfNumber(number).kind) ? 1 : 0));
}

/** What the links of others depend on beside names: under which name a cluster asks for its endpoints, and whether a listener is internal. */
function seenByOthers({ kind }: MovedParts, node: ConfigNode): string | boolean {
  return kind === 'cluster' ? endpointsNameOf(node) : node.has('internal_listener');
}
