/**
 * Messages of a dump repeat: thousands of clusters differ in their names only. Where two have the same keys in the same nesting and the
 * same types, their names stand at the same places. So the first is walked, and the places are taken over for all that follow.
 */
import { KIND_MASK, type NodeId, type SyntaxTree } from '../syntax/syntaxTree';
import type { MessageType } from './messageType';
import type { ReferenceTape } from './referenceTape';

/** Smaller messages are walked faster than compared; larger ones hardly repeat, and comparing all that encloses a place must stay cheap. */
const MIN_NODES = 4;
const MAX_NODES = 4096;
/** How many shapes of one message and size are kept. */
const MAX_VARIANTS = 8;

/** A message whose names are on the tape, from `first` to `end`. */
export interface KnownShape {
  readonly node: NodeId;
  readonly size: number;
  readonly first: number;
  end: number;
}

interface OpenShape extends KnownShape {
  readonly type: MessageType;
  readonly stop: NodeId;
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

export function createRepeatedShapes(tree: SyntaxTree, tape: ReferenceTape): RepeatedShapes {
  const known = new Map<MessageType, Map<number, KnownShape[]>>();
  const openShapes: OpenShape[] = [];
  const typeKeys = ['@type', 'type_url', 'typeUrl'].map((key) => tree.idOfKey(key)).filter((id) => id >= 0);
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
        const compared = compareShapes(tree, { first: shape.node, second: node, size }, typeKeys);
        effort -= Math.abs(compared);
        if (compared < 0) continue;
        // What was met last is nearly always met next.
        shapes[at] = shapes[0] ?? shape;
        shapes[0] = shape;
        return shape;
      }
      return undefined;
    },
    open(node, type) {
      const stop = nexts[node] ?? 0;
      const size = stop - node;
      if (size >= MIN_NODES && size <= MAX_NODES) openShapes.push({ node, size, stop, type, first: tape.size, end: tape.size, exceptions });
    },
    closeBefore(node) {
      for (let last = openShapes.at(-1); last && last.stop <= node; last = openShapes.at(-1)) {
        openShapes.pop();
        last.end = tape.size;
        if (last.exceptions === exceptions) remember(known, last);
      }
    },
    except() {
      exceptions++;
    },
  };
}

const NONE: KnownShape[] = [];

function remember(known: Map<MessageType, Map<number, KnownShape[]>>, { type, node, size, first, end }: OpenShape): void {
  let bySize = known.get(type);
  if (!bySize) known.set(type, (bySize = new Map()));
  let shapes = bySize.get(size);
  if (!shapes) bySize.set(size, (shapes = []));
  if (shapes.length < MAX_VARIANTS) shapes.push({ node, size, first, end });
}

interface Pair {
  readonly first: NodeId;
  readonly second: NodeId;
  readonly size: number;
}

/** How many nodes were compared; negative where the shapes differ. */
function compareShapes(tree: SyntaxTree, { first, second, size }: Pair, typeKeys: readonly number[]): number {
  const { kinds, keyIds, parents } = tree.columns;
  const shift = second - first;
  const [typeKey, urlKey] = typeKeys;
  for (let node = first + 1; node < first + size; node++) {
    const keyId = keyIds[node] ?? -1;
    const isAlike =
      keyId === keyIds[node + shift] &&
      (parents[node] ?? 0) + shift === parents[node + shift] &&
      (((kinds[node] ?? 0) ^ (kinds[node + shift] ?? 0)) & KIND_MASK) === 0;
    if (!isAlike) return first - node;
    if (keyId >= 0 && (keyId === typeKey || keyId === urlKey || keyId === typeKeys[2]) && tree.scalar(node) !== tree.scalar(node + shift))
      return first - node;
  }
  return size;
}
