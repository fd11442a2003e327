/** What a thing is called in a list of which not all have names. */
import type { ConfigNode } from '../../schema/configNode';
import { code } from '../writing/markdown';

/** ` NAME`, else ` #2` by its place in the list (counted from 0, as Envoy does), else nothing; ready to follow a title. */
export function nameOrNumber(node: ConfigNode): string {
  const name = node.string('name');
  if (name !== '') return ` ${code(name)}`;
  const { parent } = node;
  const number = parent?.isArray ? parent.items().findIndex((each) => each.sameAs(node)) : -1;
  return number < 0 ? '' : ` ${code(`#${number}`)}`;
}
