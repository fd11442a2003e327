/** Reads every name in a message: references and definitions, each with its node, by the tables of sites. */
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../syntax/syntaxTree';
import { ConfigNode, findField } from './configNode';
import type { Field, MessageType } from './messageType';
import { site, type ReferenceKind, type ReferenceSite } from './referenceSite';
import { createScopeTracker, type ScopeTracker } from './scopeTracker';
import { walkMessages, type MessageVisitor } from './walkMessages';

export interface RawReference {
  readonly kind: ReferenceKind;
  readonly site: ReferenceSite;
  /** The scalar that is the name; for `isKey` the value whose key is the name. */
  readonly node: NodeId;
  readonly isKey: boolean;
  /** Never empty. Runtime keys of nested objects are joined with dots. */
  readonly name: string;
  /** The namespace of metadata. */
  readonly qualifier?: string;
  /**
   * The enclosing message of the site's scope (its listener, connection manager …) within the walk; NO_NODE for `proxy` and `workspace`,
   * and where the walk began below it: a route configuration of its own lies in no connection manager.
   */
  readonly scopeNode: NodeId;
}

/** The names in the message at `node` (see walkMessages), in document order of their fields. */
export function collectReferences(tree: SyntaxTree, node: NodeId, messageName: string): RawReference[] {
  const found: RawReference[] = [];
  referenceCollector(tree, (each) => found.push(each))(node, messageName);
  return found;
}

/** The same for the many messages of a dump: one after another, in document order, none inside another. */
export function referenceCollector(
  tree: SyntaxTree,
  found: (reference: RawReference) => void,
): (node: NodeId, messageName: string) => void {
  const visitor = referenceVisitor(tree, found);
  return (node, messageName) => walkMessages(tree, node, messageName, visitor);
}

function referenceVisitor(tree: SyntaxTree, found: Reading['found']): MessageVisitor {
  const reading: Reading = { tree, scopes: createScopeTracker(tree), found };
  let chainMatcherEnd = 0;
  return {
    namesOnly: true,
    message: reading.scopes.enter,
    field(value, field, owner, sites) {
      if (isChainMatcher(field, owner)) chainMatcherEnd = tree.columns.nexts[value] ?? 0;
      else if (value < chainMatcherEnd && owner.name === STRING_VALUE) readSite(reading, FILTER_CHAIN_ACTION, value);
      else for (const entry of sites) readSite(reading, entry, value);
    },
  };
}

interface Reading {
  readonly tree: SyntaxTree;
  readonly scopes: ScopeTracker;
  found(reference: RawReference): void;
}

const STRING_VALUE = 'google.protobuf.StringValue';
const CHAIN_MATCHER = site('envoy.config.listener.v3.Listener.filter_chain_matcher', 'filter_chain', { scope: 'listener' });
/** The actions of a filter chain matcher are strings (Envoy: source/common/listener_manager/filter_chain_manager_impl.cc). */
const FILTER_CHAIN_ACTION = site(`${STRING_VALUE}.value`, 'filter_chain', { scope: 'listener' });

function isChainMatcher(field: Field, owner: MessageType): boolean {
  return field.name === CHAIN_MATCHER.field && owner.name === CHAIN_MATCHER.message;
}

function readSite(reading: Reading, entry: ReferenceSite, value: NodeId): void {
  const { tree } = reading;
  if (entry.unless !== undefined && isNamed(tree, findField(tree, value, entry.unless))) return;
  const start = entry.place === 'sibling' ? tree.parent(value) : value;
  if (entry.path.length > 0 && entry.place === 'value' && tree.kind(start) === NodeKind.array) return readFirstItem(reading, entry, start);
  const at = follow(tree, start, entry.path);
  if (at === NO_NODE) return;
  if (entry.place === 'key') return readKeys(reading, entry, at);
  if (tree.kind(at) !== NodeKind.array) return readName(reading, entry, at);
  for (let item = tree.firstChild(at); item !== NO_NODE; item = tree.nextSibling(item)) readName(reading, entry, item);
}

function isNamed(tree: SyntaxTree, node: NodeId): boolean {
  return node !== NO_NODE && tree.scalar(node) !== '';
}

/** Paths of metadata: the first segment is the name, the others lie inside what it names. */
function readFirstItem(reading: Reading, entry: ReferenceSite, list: NodeId): void {
  const { tree } = reading;
  const first = tree.firstChild(list);
  const at = first === NO_NODE ? NO_NODE : follow(tree, first, entry.path);
  if (at !== NO_NODE) readName(reading, entry, at);
}

function follow(tree: SyntaxTree, from: NodeId, path: readonly string[]): NodeId {
  let at = from;
  for (const name of path) {
    if (at === NO_NODE) return NO_NODE;
    at = findField(tree, at, name);
  }
  return at;
}

function readName(reading: Reading, entry: ReferenceSite, node: NodeId): void {
  const { tree } = reading;
  const scalar = tree.scalar(node);
  if (scalar === undefined || scalar === null || scalar === '') return;
  add(reading, entry, {
    node,
    isKey: false,
    name: typeof scalar === 'number' ? (new ConfigNode(tree, node).asString() ?? '') : String(scalar),
  });
}

function readKeys(reading: Reading, entry: ReferenceSite, map: NodeId): void {
  const { tree } = reading;
  if (tree.kind(map) !== NodeKind.object) return;
  if (entry.kind === 'runtime') return readRuntimeKeys(reading, entry, { map, prefix: '', depth: 0 });
  for (let child = tree.firstChild(map); child !== NO_NODE; child = tree.nextSibling(child)) {
    const name = tree.key(child) ?? '';
    if (name !== '') add(reading, entry, { node: child, isKey: true, name });
  }
}

/** Deeper than this no runtime key goes; it also bounds the joined names. */
const RUNTIME_DEPTH = 16;

/** `{a: {b: 1}}` sets `a.b`; an object with `numerator` is a value, a FractionalPercent (Envoy: source/common/runtime/runtime_impl.cc). */
function readRuntimeKeys(
  reading: Reading,
  entry: ReferenceSite,
  { map, prefix, depth }: { map: NodeId; prefix: string; depth: number },
): void {
  const { tree } = reading;
  for (let child = tree.firstChild(map); child !== NO_NODE; child = tree.nextSibling(child)) {
    const name = prefix + (tree.key(child) ?? '');
    const isLayer = tree.kind(child) === NodeKind.object && tree.child(child, 'numerator') === NO_NODE && depth < RUNTIME_DEPTH;
    if (isLayer) readRuntimeKeys(reading, entry, { map: child, prefix: `${name}.`, depth: depth + 1 });
    else if (name !== '') add(reading, entry, { node: child, isKey: true, name });
  }
}

function add(
  { tree, scopes, found }: Reading,
  entry: ReferenceSite,
  { node, isKey, name }: Pick<RawReference, 'node' | 'isKey' | 'name'>,
): void {
  if (entry.shape !== undefined && !entry.shape.test(name)) return;
  const qualifier = qualifierOf(tree, entry, node);
  const scopeNode = entry.scope === 'proxy' || entry.scope === 'workspace' ? NO_NODE : scopes.nodeOf(entry.scope, node);
  const reference: RawReference = { kind: entry.kind, site: entry, node, isKey, name, scopeNode };
  found(qualifier === undefined ? reference : { ...reference, qualifier });
}

/** The namespace stands in the message that has the field: up from the name until a parent knows it. */
function qualifierOf(tree: SyntaxTree, entry: ReferenceSite, node: NodeId): string | undefined {
  if (entry.qualifierField === undefined) return entry.qualifier;
  let owner = tree.parent(node);
  // A path's first key lies in an item of a list in the message.
  if (entry.path.length > 0) owner = tree.parent(tree.parent(owner));
  const at = owner === NO_NODE ? NO_NODE : findField(tree, owner, entry.qualifierField);
  const scalar = at === NO_NODE ? undefined : tree.scalar(at);
  return typeof scalar === 'string' && scalar !== '' ? scalar : entry.qualifier;
}

/** True when a name is an xDS resource locator: what it names is delivered by its authority. */
export function isLocator(name: string): boolean {
  return name.startsWith('xdstp://');
}
