/** The links of a dump after an edit inside one of its resources: what the edit cannot change is moved, the rest is left to be resolved. */
import type { ResourceKind } from '../../model/resources/resource';
import type { ConfigNode } from '../../schema/configNode';
import { siteCount, siteOfNumber, type ReferenceKind } from '../../schema/references/referenceSite';
import type { EditedTree } from '../../syntax/tree/editedTree';
import { NO_NODE } from '../../syntax/tree/syntaxTree';
import { findFirst } from '../../text/findFirst';
import { getOrMake } from '../../text/getOrMake';
import { referencesIn, type DocumentNames } from '../names/documentNames';
import { endpointsNameOf } from '../proxyScope';
import { referenceKindsOf, type Resolution } from '../links/resolveName';
import { changesOf, definitionsIn, namesIn, type MovedNames } from './untouchedNames';
import type { MovedParts, TouchedMessage } from './untouchedParts';

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
  const lost = parts.touched ? moveTargets(targets, parts.touched, edited) : [];
  const open = new Set([...lost, ...Array.from(own, (_, at) => firstOwn + at)]);
  for (const at of 'open' in links ? links.open : links.others.keys()) {
    if (at < firstOwn) open.add(at);
    else if (at >= endOwn) open.add(at + own.length - (endOwn - firstOwn));
  }
  for (const at of affectedBy(changedNames(before, after, parts.touched), names, indexes)) open.add(at);
  for (const at of open) targets[at] = NO_NODE;
  moved.set(names, { names, size, indexes, statuses: join(new Uint8Array(size), links.statuses), targets, open: [...open] });
}

/** Where the references begin that stand at or behind a name. */
function placeOf({ indexes, size }: Pick<ResolvedLinks, 'indexes' | 'size'>, name: number): number {
  return findFirst(size, (at) => (indexes[at] ?? 0) >= name);
}

/** Moves targets behind the edit; those inside the touched message may be others now. Gives their places. */
function moveTargets(targets: Int32Array, { before: { tree }, node }: TouchedMessage, edited: EditedTree): number[] {
  const end = tree.next(node);
  const shift = edited.added - (edited.end - edited.first);
  const lost: number[] = [];
  for (let at = 0; at < targets.length; at++) {
    const target = targets[at] ?? NO_NODE;
    if (target <= node) continue;
    if (target < end) lost.push(at);
    else targets[at] = target + shift;
  }
  return lost;
}

/** Names of a kind; `all` where every name of the kind counts, `outside clusters` where clusters know better. */
type NamesOfKind = Set<string> | 'all' | 'outside clusters';

type ChangedNames = Map<ReferenceKind, NamesOfKind>;

/** The names of each kind that may mean something else after the edit. */
function changedNames(before: DocumentNames, { names, first, end, added }: MovedNames, touched: TouchedMessage | undefined): ChangedNames {
  const changed: ChangedNames = new Map();
  for (const { kind, name } of changesOf(definitionsIn(before, first, end), definitionsIn(names, first, first + added)))
    // Names of headers are the same in any case.
    if (kind === 'header') changed.set(kind, 'all');
    else addAll(changed, kind, [name]);
  const routesIn = (all: DocumentNames, to: number) => namesIn(all, { first, end: to }, ({ kind }) => ROUTES.has(kind));
  if (changesOf(routesIn(before, end), routesIn(names, first + added)).length > 0)
    for (const kind of inManagers()) changed.set(kind, 'all');
  if (touched) {
    const [was, is] = [seenByOthers(touched.kind, touched.before), seenByOthers(touched.kind, touched.after)];
    if (was.join('\n') !== is.join('\n'))
      for (const kind of ['cluster', 'internal_listener'] as const) addAll(changed, kind, [...was, ...is]);
    const [name, newName] = [before, names].map((each) => each.owners.parts[touched.part]?.list.head(touched.index)?.name ?? '');
    // A key that stands twice: both are definitions, and one of them is the resource's name.
    if (name !== newName) for (const kind of referenceKindsOf(touched.kind)) addAll(changed, kind, [name ?? '', newName ?? '']);
    // Which endpoints a cluster has; those of another one do not change by it.
    if (was.join('\n') !== is.join('\n')) changed.set('endpoint_metadata', 'outside clusters');
    if (name !== newName && touched.kind === 'load_assignment') changed.set('endpoint_metadata', 'all');
  }
  const listeners = changed.get('listener');
  if (listeners instanceof Set) addAll(changed, 'internal_listener', listeners);
  return changed;
}

/** By these a route configuration and the connection managers that use it find one another. */
const ROUTES: ReadonlySet<ReferenceKind> = new Set<ReferenceKind>(['route_configuration', 'scoped_routes']);

let kindsInManagers: ReadonlySet<ReferenceKind> | undefined;

/** Kinds of names that mean what the connection manager around has. */
function inManagers(): ReadonlySet<ReferenceKind> {
  const sites = () => Array.from({ length: siteCount() }, (_, number) => siteOfNumber(number));
  return (kindsInManagers ??= new Set(sites().flatMap(({ scope, kind }) => (scope === 'http_connection_manager' ? [kind] : []))));
}

/** The references at these indexes whose names are among those, and all that lead to Istio's resources, which other documents have. */
function affectedBy(changed: ChangedNames, names: DocumentNames, indexes: Int32Array): number[] {
  const bySite = Array.from({ length: siteCount() }, (_, number) => {
    const { kind, field } = siteOfNumber(number);
    const own = changed.get(kind) ?? [];
    if (own === 'outside clusters') return field === 'metadata_match' ? ('all' as const) : [];
    return kind === 'istio_config' || own === 'all' ? ('all' as const) : [...own];
  });
  const affected: number[] = [];
  for (let at = 0; at < indexes.length; at++) {
    const index = indexes[at] ?? 0;
    const wanted = bySite[(names.columns.sites[index] ?? 0) >> 1] ?? [];
    if (wanted === 'all' || isOneOf(names, index, wanted)) affected.push(at);
  }
  return affected;
}

function isOneOf(names: DocumentNames, index: number, wanted: readonly string[]): boolean {
  for (const name of wanted) if (names.isAt(index, name)) return true;
  return false;
}

function addAll(changed: ChangedNames, kind: ReferenceKind, names: Iterable<string>): void {
  const known = getOrMake<ReferenceKind, NamesOfKind>(changed, kind, () => new Set<string>());
  if (known instanceof Set) for (const name of names) known.add(name);
}

/** What the links of others depend on beside names: under which name a cluster asks for its endpoints, and whether a listener is internal. */
function seenByOthers(kind: ResourceKind, node: ConfigNode): string[] {
  if (kind === 'cluster') return [node.string('name'), endpointsNameOf(node)];
  return kind === 'listener' && node.has('internal_listener') ? [node.string('name')] : [];
}
