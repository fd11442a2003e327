/** The names that a walk finds, in columns: a large dump has a hundred thousand of them. */
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { ConfigNode } from '../configNode';
import { siteOfNumber, type ReferenceSite } from './referenceSite';

export interface ReferenceTape {
  size: number;
  /** The scalar that is the name; of a key the value under it. */
  nodes: Int32Array;
  /** Twice the number of the site, plus one where the name is a key. */
  sites: Uint16Array;
  /** The enclosing message of the site's scope, or NO_NODE. */
  scopes: Int32Array;
  /** Names that stand nowhere as they are: runtime keys of nested objects, joined with dots. */
  readonly joined: Map<number, string>;
}

const FIRST_ROOM = 64;

export function createReferenceTape(): ReferenceTape {
  return {
    size: 0,
    nodes: new Int32Array(FIRST_ROOM),
    sites: new Uint16Array(FIRST_ROOM),
    scopes: new Int32Array(FIRST_ROOM),
    joined: new Map(),
  };
}

export function addReference(tape: ReferenceTape, site: number, node: NodeId, scopeNode: NodeId): void {
  if (tape.size === tape.nodes.length) grow(tape, tape.size * 2);
  tape.nodes[tape.size] = node;
  tape.sites[tape.size] = site;
  tape.scopes[tape.size] = scopeNode;
  tape.size++;
}

function grow(tape: ReferenceTape, room: number): void {
  const { nodes, sites, scopes } = tape;
  tape.nodes = new Int32Array(room);
  tape.nodes.set(nodes);
  tape.sites = new Uint16Array(room);
  tape.sites.set(sites);
  tape.scopes = new Int32Array(room);
  tape.scopes.set(scopes);
}

/** How a site is written in the column. */
export function siteCode({ number }: ReferenceSite, isKey: boolean): number {
  return number * 2 + (isKey ? 1 : 0);
}

/** The site is in the bits above the lowest. */
export function siteOfCode(code: number): ReferenceSite {
  return siteOfNumber(code >> 1);
}

/** Whether the name is a key, not a value (the lowest bit of a code). */
export function isKeyCode(code: number): boolean {
  return (code & 1) === 1;
}

/** The name at a place, never of a container; '' where there is none. */
export function nameText(tree: SyntaxTree, node: NodeId, isKey: boolean): string {
  if (isKey) return tree.key(node) ?? '';
  const scalar = tree.scalar(node);
  if (typeof scalar === 'string') return scalar;
  if (scalar === undefined || scalar === null) return '';
  return typeof scalar === 'number' ? (new ConfigNode(tree, node).asString() ?? '') : String(scalar);
}

/** Whether something is named at the place. */
export function isNamed(tree: SyntaxTree, node: NodeId, isKey: boolean): boolean {
  if (isKey) return tree.key(node) !== '';
  const kind = tree.kind(node);
  if (kind === NodeKind.string) return !tree.isEmptyString(node);
  return node !== NO_NODE && (kind === NodeKind.number || kind === NodeKind.boolean);
}
