/** A place of a dump that comes of an Istio or Gateway API resource. */
import type { NamedPlace } from '../../index/names/documentNames';
import { ConfigNode } from '../../schema/configNode';
import { nameNodeOf } from '../place/place';
import { inWords } from '../../text/inWords';
import type { Snapshot } from '../../index/snapshot';

/** A place in a dump, and of what it is a part. */
export interface MadePlace {
  readonly node: ConfigNode;
  /** The name is the node's key. */
  readonly isKey: boolean;
  /** Example: `cluster`, `route configuration`. */
  readonly kind: string;
  /** Of the resource that has it. */
  readonly name: string;
}

/** What became of a resource of one kind. */
export type MakingRule = (snapshot: Snapshot, resource: ConfigNode) => MadePlace[];

/** A name of the dump itself. */
export function placeOfName({ node, isKey, resource }: NamedPlace): MadePlace {
  return { node: new ConfigNode(resource.node.tree, node), isKey, kind: inWords(resource.kind), name: resource.name };
}

/** A message, by its name where it has one. */
export function placeOf(message: ConfigNode, kind: string, name: string): MadePlace {
  return { node: nameNodeOf(message) ?? message, isKey: false, kind, name };
}
