/** Copies a tree that was read from a piece of a text into the tape of the whole text. */
import { FLAG_ENCODED, KIND_MASK, NO_NODE, NodeKind, type NodeId, type Scalar, type SyntaxTree } from './syntaxTree';
import type { Span } from '../../text/span';
import { internKeyName } from './keyTable';
import { addNode, addProblem, closeNode, type NewNode, type Tape } from './tape';
import { lengthAt, parentAt, setSize } from './treeColumns';
import { yamlKeyEnd } from '../yaml/yamlScalar';

/** A tape whose scalars may need their values kept, because the text does not spell them. */
export interface ValueTape {
  readonly tape: Tape;
  readonly values: Map<NodeId, Scalar>;
  /** Ends of keys that the text does not show by itself, by key start. */
  readonly keyEnds: Map<number, number>;
}

export interface Graft {
  readonly inner: SyntaxTree;
  readonly root: NodeId;
  /** From offsets of the inner text to those of the outer one; never decreasing. */
  readonly toOuter: (offset: number) => number;
  /** Added to the kinds, such as FLAG_COPY. */
  readonly flags: number;
  /** Where set, every node has this span. */
  readonly use?: Span | undefined;
}

/** Appends the subtree of `graft.root` as a new root. */
export function graftRoot(target: ValueTape, graft: Graft): void {
  graftValue(target, graft, { parent: NO_NODE, keyId: -1, keyStart: -1 });
}

/** Appends the subtree of `graft.root` as the value at a place. */
export function graftValue(target: ValueTape, graft: Graft, place: Pick<NewNode, 'parent' | 'keyId' | 'keyStart'>): void {
  const { inner, root } = graft;
  const span = outerSpan(graft, inner.span(root));
  const kind = (inner.columns.kinds[root] ?? 0) | graft.flags;
  const { parent, keyId, keyStart } = place;
  const id = addNode(target.tape, { kind, ...span, parent, keyId, keyStart });
  keepValue(target, graft, root, id);
  graftChildren(target, graft, id);
  closeNode(target.tape, id, span.end);
}

/** Appends the subtree of `graft.root` as a member of `parent`, under the key that it has. */
export function graftMember(target: ValueTape, graft: Graft, parent: NodeId): void {
  graftValue(target, graft, { parent, ...graftKey(target, graft, graft.root) });
}

/** Appends what is below `graft.root` as the children of `parent`, which must be the last node. */
export function graftChildren(target: ValueTape, graft: Graft, parent: NodeId): void {
  const { inner, root } = graft;
  const { columns } = inner;
  const shift = parent - root;
  const end = inner.next(root);
  for (let node = root + 1; node < end; node++) {
    const id = addNode(target.tape, {
      kind: (columns.kinds[node] ?? 0) | graft.flags,
      ...outerSpan(graft, inner.span(node)),
      parent: parentAt(columns, node) + shift,
      ...graftKey(target, graft, node),
    });
    setSize(target.tape, id, inner.next(node) - node);
    keepValue(target, graft, node, id);
  }
  setSize(target.tape, parent, target.tape.size - parent);
}

/** The key of a node in the outer text; keeps where it ends where the text does not show it. */
function graftKey({ tape, keyEnds }: ValueTape, graft: Graft, node: NodeId): Pick<NewNode, 'keyId' | 'keyStart'> {
  const { inner } = graft;
  const span = inner.keySpan(node);
  const key = span && outerSpan(graft, span);
  // A key whose quotes are not closed would go on behind its value.
  const isQuoted = key !== undefined && '"\''.includes(tape.text.charAt(key.start));
  const end = Math.min(key?.end ?? 0, isQuoted ? Math.max(key.start, outerSpan(graft, inner.span(node)).end) : Infinity);
  if (key && yamlKeyEnd(tape.text, key.start) !== end) keyEnds.set(key.start, end);
  return { keyId: inner.keyId(node) < 0 ? -1 : internKeyName(tape.keys, inner.key(node) ?? ''), keyStart: key?.start ?? -1 };
}

function outerSpan({ toOuter, use }: Graft, { start, end }: Span): Span {
  return use ?? { start: toOuter(start), end: toOuter(end) };
}

/** Takes over the problems of an inner tree, but for those that `skip` names by their outer offset. */
export function graftProblems(
  target: ValueTape,
  graft: Pick<Graft, 'inner' | 'toOuter' | 'use'>,
  skip?: (offset: number) => boolean,
): void {
  for (const { span, message, severity } of graft.inner.problems) {
    const outer = graft.use ?? { start: graft.toOuter(span.start), end: graft.toOuter(span.end) };
    if (!skip?.(outer.start)) addProblem(target.tape, { span: outer, message, severity });
  }
}

function keepValue(target: ValueTape, { inner }: Graft, node: NodeId, id: NodeId): void {
  const value = inner.scalar(node);
  if (value === undefined) return;
  const kind = (target.tape.kinds[id] ?? 0) & KIND_MASK;
  const { starts, text } = target.tape;
  const isSpelled = kind === NodeKind.string && !inner.hasFlag(node, FLAG_ENCODED) && text.startsWith(String(value), starts[id] ?? 0);
  if (isSpelled && lengthAt(target.tape, id) === String(value).length) return;
  target.tape.kinds[id] = (target.tape.kinds[id] ?? 0) | (kind === NodeKind.string ? FLAG_ENCODED : 0);
  target.values.set(id, value);
}
