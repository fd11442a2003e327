/** Reads every name in a message: references and definitions, each with its node, by the tables of sites. */
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { findField } from '../configNode';
import type { MessageType } from '../table/messageType';
import { referenceAt, type RawReference } from './rawReference';
import { site, type ReferenceSite } from './referenceSite';
import { addReference, createReferenceTape, isKeyCode, isNamed, nameText, siteCode, siteOfCode, type ReferenceTape } from './referenceTape';
import { isToldByName } from '../walk/typeNodes';
import { RepeatedShapes, type KnownShape } from '../walk/repeatedShapes';
import { ScopeTracker } from './scopeTracker';
import { MessageWalk, type MessageVisitor } from '../walk/walkMessages';
import type { Field } from '../table/messageDescription';

/** The names in the message at `node` (see walkMessages), in document order of their fields. */
export function collectReferences(tree: SyntaxTree, node: NodeId, messageName: string): RawReference[] {
  const collector = new ReferenceCollector(tree);
  collector.collect(node, messageName);
  const { tape } = collector;
  return Array.from({ length: tape.size }, (_, index) => referenceAt(tree, tape, index));
}

/** For the many messages of a dump. A class, as all that is called for every message: the engine keeps its code between documents (keepShapes.ts). */
export class ReferenceCollector implements MessageVisitor {
  readonly namesOnly = true;
  readonly tape: ReferenceTape = createReferenceTape();
  readonly scopes: ScopeTracker;
  readonly shapes: RepeatedShapes;
  private readonly walk: MessageWalk;
  private chainMatcherEnd = 0;

  constructor(readonly tree: SyntaxTree) {
    this.scopes = new ScopeTracker(tree);
    this.shapes = new RepeatedShapes(tree, this.tape);
    this.walk = new MessageWalk(tree, this);
  }

  /** Puts the names of a message on the tape; messages one after another, in document order, none inside another. */
  collect(node: NodeId, messageName: string): void {
    this.walk.through(node, messageName);
    this.shapes.closeBefore(this.tree.next(node));
  }

  knows(node: NodeId, type: MessageType): boolean {
    this.shapes.closeBefore(node);
    const known = node < this.chainMatcherEnd ? undefined : this.shapes.find(node, type);
    if (known) takeOver(this, known, node);
    return known !== undefined;
  }

  message(node: NodeId, type: MessageType): void {
    this.scopes.enter(node, type);
    // What is read in another way inside a chain matcher must not stand for the same message elsewhere.
    if (node >= this.chainMatcherEnd) this.shapes.open(node, type);
  }

  field(value: NodeId, field: Field, owner: MessageType, sites: readonly ReferenceSite[]): void {
    this.shapes.closeBefore(value);
    if (isToldByName(this.tree, value, field)) this.shapes.except();
    if (isChainMatcher(field, owner)) this.chainMatcherEnd = this.tree.next(value);
    else if (value < this.chainMatcherEnd && owner.name === STRING_VALUE) readSite(this, FILTER_CHAIN_ACTION, value);
    else for (const entry of sites) readSite(this, entry, value);
  }
}

/** Of a message only what is in one message inside of it, such as a virtual host, and what encloses that. */
export class InnerReferenceCollector extends ReferenceCollector {
  private readonly end: NodeId;

  constructor(
    tree: SyntaxTree,
    private readonly inside: NodeId,
  ) {
    super(tree);
    this.end = tree.next(inside);
  }

  wants(node: NodeId, end: NodeId): boolean {
    return node < this.end && end > this.inside;
  }
}

/** Names of a message at the places where those of the known one are. */
function takeOver(reading: ReferenceCollector, known: KnownShape, node: NodeId): void {
  const { tree, tape, scopes } = reading;
  const shift = node - known.node;
  for (let index = known.first; index < known.end; index++) {
    const code = tape.sites[index] ?? 0;
    const entry = siteOfCode(code);
    const place = (tape.nodes[index] ?? 0) + shift;
    if (!isNameOf(tree, entry, place, isKeyCode(code))) continue;
    const scope = tape.scopes[index] ?? NO_NODE;
    const isInside = scope >= known.node;
    addReference(tape, code, place, isInside ? scope + shift : scopeOf(scopes, entry, place));
  }
}

const STRING_VALUE = 'google.protobuf.StringValue';
const CHAIN_MATCHER = site('envoy.config.listener.v3.Listener.filter_chain_matcher', 'filter_chain', { scope: 'listener' });
/** The actions of a filter chain matcher are strings (Envoy: source/common/listener_manager/filter_chain_manager_impl.cc). */
const FILTER_CHAIN_ACTION = site(`${STRING_VALUE}.value`, 'filter_chain', { scope: 'listener' });

function isChainMatcher(field: Field, owner: MessageType): boolean {
  return field.name === CHAIN_MATCHER.field && owner.name === CHAIN_MATCHER.message;
}

function readSite(reading: ReferenceCollector, entry: ReferenceSite, value: NodeId): void {
  const { tree } = reading;
  if (entry.unless !== undefined && isSet(reading, findField(tree, value, entry.unless))) return;
  const start = entry.place === 'sibling' ? tree.parent(value) : value;
  if (entry.path.length > 0 && entry.place === 'value' && tree.kind(start) === NodeKind.array) return readItems(reading, entry, start);
  const at = follow(tree, start, entry.path);
  if (at === NO_NODE) return;
  if (entry.place === 'key') return readKeys(reading, entry, at);
  if (tree.kind(at) !== NodeKind.array) return add(reading, entry, at, false);
  for (let item = tree.firstChild(at); item !== NO_NODE; item = tree.nextSibling(item)) add(reading, entry, item, false);
}

/** Set to something; where it is the empty text, only this one message is told. */
function isSet({ tree, shapes }: ReferenceCollector, node: NodeId): boolean {
  if (node === NO_NODE) return false;
  const isEmpty = tree.scalar(node) === '';
  if (isEmpty) shapes.except();
  return !isEmpty;
}

/** Of paths of metadata the first segment is the name, the others lie inside what it names; headers and filters have a name each. */
function readItems(reading: ReferenceCollector, entry: ReferenceSite, list: NodeId): void {
  const { tree } = reading;
  const isPath = entry.kind === 'metadata' || entry.kind === 'endpoint_metadata';
  for (let item = tree.firstChild(list); item !== NO_NODE; item = isPath ? NO_NODE : tree.nextSibling(item)) {
    const at = follow(tree, item, entry.path);
    if (at !== NO_NODE) add(reading, entry, at, false);
  }
}

function follow(tree: SyntaxTree, from: NodeId, path: readonly string[]): NodeId {
  let at = from;
  for (const name of path) {
    if (at === NO_NODE) return NO_NODE;
    at = findField(tree, at, name);
  }
  return at;
}

function readKeys(reading: ReferenceCollector, entry: ReferenceSite, map: NodeId): void {
  const { tree } = reading;
  if (tree.kind(map) !== NodeKind.object) return;
  if (entry.kind === 'runtime') return readRuntimeKeys(reading, entry, { map, prefix: '', depth: 0 });
  for (let child = tree.firstChild(map); child !== NO_NODE; child = tree.nextSibling(child)) add(reading, entry, child, true);
}

/** Deeper than this no runtime key goes; it also bounds the joined names. */
const RUNTIME_DEPTH = 16;

/** `{a: {b: 1}}` sets `a.b`; an object with `numerator` is a value, a FractionalPercent (Envoy: source/common/runtime/runtime_impl.cc). */
function readRuntimeKeys(
  reading: ReferenceCollector,
  entry: ReferenceSite,
  { map, prefix, depth }: { map: NodeId; prefix: string; depth: number },
): void {
  const { tree, tape } = reading;
  reading.shapes.except();
  for (let child = tree.firstChild(map); child !== NO_NODE; child = tree.nextSibling(child)) {
    const name = prefix + (tree.key(child) ?? '');
    const isLayer = tree.kind(child) === NodeKind.object && tree.child(child, 'numerator') === NO_NODE && depth < RUNTIME_DEPTH;
    if (isLayer) readRuntimeKeys(reading, entry, { map: child, prefix: `${name}.`, depth: depth + 1 });
    else if (name !== '') {
      tape.joined.set(tape.size, name);
      addReference(tape, siteCode(entry, true), child, NO_NODE);
    }
  }
}

function add(reading: ReferenceCollector, entry: ReferenceSite, node: NodeId, isKey: boolean): void {
  const { tree, tape, scopes, shapes } = reading;
  if (isNameOf(tree, entry, node, isKey)) addReference(tape, siteCode(entry, isKey), node, scopeOf(scopes, entry, node));
  else shapes.except();
}

function isNameOf(tree: SyntaxTree, { shape }: ReferenceSite, node: NodeId, isKey: boolean): boolean {
  return isNamed(tree, node, isKey) && (shape === undefined || shape.test(nameText(tree, node, isKey)));
}

function scopeOf(scopes: ScopeTracker, { scope }: ReferenceSite, node: NodeId): NodeId {
  return scope === 'proxy' || scope === 'workspace' ? NO_NODE : scopes.nodeOf(scope, node);
}
