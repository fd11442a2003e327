/** Metadata of a configuration as the request finds it: what the file keeps back or has lost is not known. */
import type { ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import { say, words } from '../record/sentence';
import { NotKnown } from './notKnown';

/** The value of a namespace of `core.v3.Metadata`; undefined where it is certain that there is none. */
export function metadataOf(holder: ConfigNode | undefined, namespace: string): unknown {
  const all = holder?.get('filter_metadata');
  const value = all?.entry(namespace);
  if (value) return known(value);
  return (all ?? holder)?.isIncomplete === true ? new NotKnown(say`the metadata ${namespace}, which the file leaves out`) : undefined;
}

function known(node: ConfigNode): unknown {
  if (node.isIncomplete) return new NotKnown(words('metadata that the file leaves out'));
  if (node.isObject) return Object.fromEntries(node.entries().map(([key, value]) => [key, known(value)]));
  if (node.isArray) return node.items().map(known);
  const value = node.toValue();
  return value === KEPT_BACK ? new NotKnown(words('metadata that the dump keeps back')) : value;
}
