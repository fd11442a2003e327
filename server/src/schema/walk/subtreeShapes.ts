/** Compares subtrees by their shapes: the keys, the kinds of values and the nesting, whatever the texts. */
import { KIND_MASK, type NodeId } from '../../syntax/tree/syntaxTree';
import type { TreeColumns } from '../../syntax/tree/treeColumns';

/** Where kinds, keys and the sizes of subtrees are equal in document order, the nesting is, too. Columns are read several nodes at a time. */
export class SubtreeShapes {
  private readonly kinds: DataView;
  private readonly sizes: DataView;
  private readonly keyIds: DataView;
  /** Bytes to a key. */
  private readonly keyWidth: number;

  constructor({ kinds, sizes, keyIds }: TreeColumns) {
    this.kinds = viewOf(kinds);
    this.sizes = viewOf(sizes);
    this.keyIds = viewOf(keyIds);
    this.keyWidth = keyIds.BYTES_PER_ELEMENT;
  }

  /** Whether two subtrees of this many nodes (fewer than LARGE) are alike; where they are not, that shows in the first nodes as a rule. Their own keys do not count. */
  areAlike(first: NodeId, second: NodeId, size: number): boolean {
    const end = first + size;
    const shift = second - first;
    let difference = 0;
    let node = first + 1;
    for (; node + 4 <= end && difference === 0; node += 4) {
      const other = node + shift;
      difference |= (this.kinds.getInt32(node) ^ this.kinds.getInt32(other)) & FOUR_KINDS;
      difference |= this.sizes.getInt32(node * 2) ^ this.sizes.getInt32(other * 2);
      difference |= this.sizes.getInt32(node * 2 + 4) ^ this.sizes.getInt32(other * 2 + 4);
    }
    for (; node < end && difference === 0; node++) {
      difference |= (this.kinds.getInt8(node) ^ this.kinds.getInt8(node + shift)) & KIND_MASK;
      difference |= this.sizes.getInt16(node * 2) ^ this.sizes.getInt16((node + shift) * 2);
    }
    return difference === 0 && this.haveSameKeys(first + 1, second + 1, size - 1);
  }

  private haveSameKeys(first: NodeId, second: NodeId, count: number): boolean {
    const { keyIds, keyWidth } = this;
    const [start, end, shift] = [first * keyWidth, (first + count) * keyWidth, (second - first) * keyWidth];
    let difference = 0;
    let at = start;
    for (; at + 4 <= end && difference === 0; at += 4) difference |= keyIds.getInt32(at) ^ keyIds.getInt32(at + shift);
    for (; at < end; at += 2) difference |= keyIds.getInt16(at) ^ keyIds.getInt16(at + shift);
    return difference === 0;
  }
}

const FOUR_KINDS = KIND_MASK * 0x01010101;

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array | Int16Array | Int32Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
