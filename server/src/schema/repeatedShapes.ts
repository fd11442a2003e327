/**
 * Messages of a dump repeat: thousands of clusters differ in their names only. Where two have the same keys in the same nesting and the
 * same types, their names stand at the same places. So the first is walked, and the places are taken over for all that follow.
 */
import { KIND_MASK, type NodeId, type SyntaxTree } from '../syntax/syntaxTree';
import type { MessageType } from './messageType';

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
  readonly types: readonly TypeText[];
}

interface TypeText {
  readonly node: NodeId;
  readonly text: string;
}

interface OpenShape {
  readonly node: NodeId;
  readonly stop: NodeId;
  readonly type: MessageType;
  readonly first: number;
  readonly exceptions: number;
}

export interface RepeatedShapes {
  /** The message that was walked before and has the shape of this one. */
  find(node: NodeId, type: MessageType): KnownShape | undefined;
  /** This one is being walked now. */
  open(node: NodeId, type: MessageType): void;
  /** The walk has come to `node`: what ended before it is known. */
  closeBefore(node: NodeId): void;
  /** What was just met depends on more than the shape: no message around it may stand for others. */
  except(): void;
}

/** `tape`: where what is found in the messages is written, one behind the other. */
export function createRepeatedShapes(tree: SyntaxTree, tape: { readonly size: number }): RepeatedShapes {
  const known = new Map<MessageType, Map<number, KnownShape[]>>();
  const openShapes: OpenShape[] = [];
  const { nexts } = tree.columns;
  let exceptions = 0;
  // Hostile files may have many messages that are nearly alike: then comparing them is given up.
  let effort = 16 * tree.size + 65_536;
  return {
    find(node, type) {
      const size = (nexts[node] ?? 0) - node;
      if (size < MIN_NODES || size > MAX_NODES || effort <= 0) return undefined;
      const shapes = known.get(type)?.get(size) ?? NONE;
      for (let at = 0; at < shapes.length; at++) {
        const shape = shapes[at];
        if (!shape) continue;
        effort -= size;
        if (!hasShape(tree, shape, node)) continue;
        // What was met last is nearly always met next.
        shapes[at] = shapes[0] ?? shape;
        shapes[0] = shape;
        return shape;
      }
      return undefined;
    },
    open(node, type) {
      const stop = nexts[node] ?? 0;
      if (stop - node >= MIN_NODES && stop - node <= MAX_NODES) openShapes.push({ node, stop, type, first: tape.size, exceptions });
    },
    closeBefore(node) {
      for (let last = openShapes.at(-1); last && last.stop <= node; last = openShapes.at(-1)) {
        openShapes.pop();
        const { node: start, stop, type, first } = last;
        if (last.exceptions !== exceptions) continue;
        const shapes = variantsOf(known, type, stop - start);
        if (shapes.length < MAX_VARIANTS)
          shapes.push({ node: start, size: stop - start, first, end: tape.size, types: typesIn(tree, start, stop) });
      }
    },
    except() {
      exceptions++;
    },
  };
}

const NONE: KnownShape[] = [];

function variantsOf(known: Map<MessageType, Map<number, KnownShape[]>>, type: MessageType, size: number): KnownShape[] {
  let bySize = known.get(type);
  if (!bySize) known.set(type, (bySize = new Map<number, KnownShape[]>()));
  let shapes = bySize.get(size);
  if (!shapes) bySize.set(size, (shapes = []));
  return shapes;
}

/** Whether a message is like one that is known. Nearly all are: so the nodes are compared without a branch at each. */
function hasShape(tree: SyntaxTree, { node: first, size, types }: KnownShape, second: NodeId): boolean {
  const { kinds, keyIds, parents } = tree.columns;
  const shift = second - first;
  let difference = 0;
  for (let node = first + 1; node < first + size; node++) {
    const other = node + shift;
    difference |= ((keyIds[node] ?? 0) ^ (keyIds[other] ?? 0)) | (((parents[node] ?? 0) + shift) ^ (parents[other] ?? 0));
    difference |= ((kinds[node] ?? 0) ^ (kinds[other] ?? 0)) & KIND_MASK;
  }
  return difference === 0 && types.every(({ node, text }) => tree.isString(node + shift, text));
}

/** What stands under the keys that tell of which type a message is. */
function typesIn(tree: SyntaxTree, first: NodeId, end: NodeId): TypeText[] {
  const keys = ['@type', 'type_url', 'typeUrl'].map((key) => tree.idOfKey(key));
  const found: TypeText[] = [];
  for (let node = first; node < end; node++) {
    const keyId = tree.keyId(node);
    const text = keyId >= 0 && keys.includes(keyId) ? tree.scalar(node) : undefined;
    if (typeof text === 'string') found.push({ node, text });
  }
  return found;
}
