/** Which texts stand under `@type` and `type_url`, by number: so few are different that nobody need look at them again. */
import { findFirst } from '../../text/findFirst';
import type { NodeId } from './nodeId';

/** In document order; the number is that of the table of keys. Texts with escapes are left out. */
export class TypeNotes {
  readonly nodes: NodeId[] = [];
  readonly ids: number[] = [];
  /** Where the one that was asked for last is noted: who asks goes forward. */
  private near = 0;

  add(node: NodeId, id: number): void {
    this.nodes.push(node);
    this.ids.push(id);
  }

  /** The number of the text of a node; -1 where it is not noted. */
  idAt(node: NodeId): number {
    const at = this.firstAt(node);
    return this.nodes[at] === node ? (this.ids[at] ?? -1) : -1;
  }

  /** The index of the first that is noted of this node or one behind it. */
  firstAt(node: NodeId): number {
    const { nodes } = this;
    const farthest = this.near + NEAR;
    if ((nodes[this.near - 1] ?? -1) < node) while (this.near < farthest && (nodes[this.near] ?? node) < node) this.near++;
    const isFound = (nodes[this.near - 1] ?? -1) < node && (nodes[this.near] ?? node) >= node;
    if (!isFound) this.near = findFirst(nodes.length, (index) => (nodes[index] ?? 0) >= node);
    return this.near;
  }
}

/** A message has fewer types inside than this, as a rule. */
const NEAR = 32;
