/** The value of an enum field, given by its name or its number. */
import type { ConfigNode } from '../../../schema/configNode';
import type { EnumValue, Field } from '../../../schema/table/messageDescription';
import { enumType, enumValueGiven } from '../../../schema/table/messageType';

/** Undefined where the enum has no such value. */
export function enumValueOf(node: ConfigNode, { enumName = '' }: Field): EnumValue | undefined {
  const given = node.tree.scalar(node.id);
  return typeof given === 'string' || typeof given === 'number' ? enumValueGiven(enumType(enumName), given) : undefined;
}
