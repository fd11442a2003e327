/** A name that was found, as an object: what columns of names say at one index. */
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { findField } from '../configNode';
import type { ReferenceKind, ReferenceSite } from './referenceSite';
import { isKeyCode, nameText, siteOfCode, type ReferenceTape } from './referenceTape';

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

/** The name at an index of the tape. */
export function referenceAt(tree: SyntaxTree, { nodes, sites, scopes, joined }: ReferenceTape, index: number): RawReference {
  const code = sites[index] ?? 0;
  const entry = siteOfCode(code);
  const isKey = isKeyCode(code);
  const node = nodes[index] ?? NO_NODE;
  const qualifier = qualifierOf(tree, entry, node);
  const name = joined.get(index) ?? nameText(tree, node, isKey);
  const reference: RawReference = { kind: entry.kind, site: entry, node, isKey, name, scopeNode: scopes[index] ?? NO_NODE };
  return qualifier === undefined ? reference : { ...reference, qualifier };
}

/** The namespace of a name of metadata: it stands in the message that has the field, up from the name until a parent knows it. */
export function qualifierOf(tree: SyntaxTree, entry: ReferenceSite, node: NodeId): string | undefined {
  if (entry.qualifierField === undefined) return entry.qualifier;
  let owner = tree.parent(node);
  // A path's first key lies in an item of a list in the message.
  if (entry.path.length > 0) owner = tree.parent(tree.parent(owner));
  const at = owner === NO_NODE ? NO_NODE : findField(tree, owner, entry.qualifierField);
  const scalar = at === NO_NODE ? undefined : tree.scalar(at);
  return typeof scalar === 'string' && scalar !== '' ? scalar : entry.qualifier;
}
