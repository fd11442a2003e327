/** A node of a tree is its number, in document order. */
export type NodeId = number;

export const NO_NODE = -1;
