/**
 * Messages of a dump repeat: thousands of clusters differ in their names only. Where two have the same keys in the same nesting and the
 * same types, their names stand at the same places. So the first is walked, and the places are taken over for all that follow.
 */
import type { NodeId, SyntaxTree } from '../../syntax/tree/syntaxTree';
import { nextOf, type TreeColumns } from '../../syntax/tree/treeColumns';
import { TypeNotes } from '../../syntax/tree/typeNotes';
import { SubtreeShapes } from './subtreeShapes';
import type { MessageType } from '../table/messageType';

/** Smaller messages are walked faster than compared; larger ones hardly repeat, and comparing all that encloses a place must stay cheap. */
const MIN_NODES = 4;
const MAX_NODES = 4096;
/** How many shapes of one message and size are kept. */
const MAX_VARIANTS = 8;

/** A message; what was found in it is on the tape, from `first` to `end`. */
export interface KnownShape {
  readonly node: NodeId;
  readonly size: number;
  readonly first: number;
  readonly end: number;
  /** Looked for when something is compared with it: many messages never come again. */
  types: readonly TypeText[] | undefined;
}

interface TypeText {
  readonly node: NodeId;
  readonly text: string;
  /** Its number, where the tree notes it (SyntaxTree.parts.types), else -1. */
  readonly id: number;
}

interface OpenShape {
  readonly node: NodeId;
  readonly stop: NodeId;
  readonly type: MessageType;
  readonly first: number;
  readonly exceptions: number;
}

export class RepeatedShapes {
  private readonly known = new Map<MessageType, Map<number, KnownShape[]>>();
  private readonly openShapes: OpenShape[] = [];
  private readonly columns: TreeColumns;
  private readonly subtrees: SubtreeShapes;
  private exceptions = 0;
  private readonly types: TypeNotes;
  /** Hostile files may have many messages that are nearly alike: then comparing them is given up. */
  private effort: number;

  /** `tape`: where what is found in the messages is written, one behind the other. */
  constructor(
    private readonly tree: SyntaxTree,
    private readonly tape: { readonly size: number },
  ) {
    this.columns = tree.columns;
    this.subtrees = new SubtreeShapes(tree.columns);
    this.types = tree.parts.types ?? new TypeNotes();
    this.effort = 16 * tree.size + 65_536;
  }

  /** The message that was walked before and has the shape of this one. */
  find(node: NodeId, type: MessageType): KnownShape | undefined {
    const size = nextOf(this.columns, node) - node;
    if (size < MIN_NODES || size > MAX_NODES || this.effort <= 0) return undefined;
    const shapes = this.known.get(type)?.get(size) ?? NONE;
    for (let at = 0; at < shapes.length; at++) {
      const shape = shapes[at];
      if (!shape) continue;
      this.effort -= size;
      if (!this.subtrees.areAlike(shape.node, node, size) || !this.hasTypes(shape, node)) continue;
      // What was met last is nearly always met next.
      shapes[at] = shapes[0] ?? shape;
      shapes[0] = shape;
      return shape;
    }
    return undefined;
  }

  private hasTypes(shape: KnownShape, node: NodeId): boolean {
    const { nodes, ids } = this.types;
    const shift = node - shape.node;
    const types = (shape.types ??= typesIn(this.tree, shape.node, shape.node + shape.size));
    let noted = this.types.firstAt(node);
    for (const { node: at, id, text } of types) {
      if (id >= 0 && nodes[noted] === at + shift && ids[noted] === id) noted++;
      else if (!this.tree.isString(at + shift, text)) return false;
    }
    return true;
  }

  /** This one is being walked now. */
  open(node: NodeId, type: MessageType): void {
    const stop = nextOf(this.columns, node);
    if (stop - node < MIN_NODES || stop - node > MAX_NODES) return;
    this.openShapes.push({ node, stop, type, first: this.tape.size, exceptions: this.exceptions });
  }

  /** The walk has come to `node`: what ended before it is known. */
  closeBefore(node: NodeId): void {
    for (let last = this.openShapes.at(-1); last && last.stop <= node; last = this.openShapes.at(-1)) {
      this.openShapes.pop();
      const { node: start, stop, type, first } = last;
      if (last.exceptions !== this.exceptions) continue;
      const shapes = variantsOf(this.known, type, stop - start);
      if (shapes.length < MAX_VARIANTS) shapes.push({ node: start, size: stop - start, first, end: this.tape.size, types: undefined });
    }
  }

  /** What was just met depends on more than the shape: no message around it may stand for others. */
  except(): void {
    this.exceptions++;
  }
}

const NONE: KnownShape[] = [];

function variantsOf(known: Map<MessageType, Map<number, KnownShape[]>>, type: MessageType, size: number): KnownShape[] {
  let bySize = known.get(type);
  if (!bySize) known.set(type, (bySize = new Map<number, KnownShape[]>()));
  let shapes = bySize.get(size);
  if (!shapes) bySize.set(size, (shapes = []));
  return shapes;
}

/** What stands under the keys that tell of which type a message is. */
function typesIn(tree: SyntaxTree, first: NodeId, end: NodeId): TypeText[] {
  const keys = ['@type', 'type_url', 'typeUrl'].map((key) => tree.idOfKey(key));
  const found: TypeText[] = [];
  for (let node = first; node < end; node++) {
    const keyId = tree.keyId(node);
    const text = keyId >= 0 && keys.includes(keyId) ? tree.scalar(node) : undefined;
    if (typeof text === 'string') found.push({ node, text, id: tree.parts.types?.idAt(node) ?? -1 });
  }
  return found;
}
