/** Completion of values that the schema lists: enum values and booleans. */
import { enumType } from '../../schema/table/messageType';
import type { Cursor } from './cursor';
import type { Candidate } from './writeCandidates';

/** [] where the field takes any text or number. */
export function completeValues({ schema, comments, facts, node }: Cursor): Candidate[] {
  const field = schema?.field;
  if (!field || (field.mapKey !== undefined && !schema.isItem)) return [];
  if (field.type === 'bool' || field.message === 'google.protobuf.BoolValue') return BOOLEANS;
  const { enumName } = field;
  if (enumName === undefined || (field.repeated && !schema.isItem && facts.tree.isContainer(node))) return [];
  return (enumType(enumName)?.values ?? [])
    .filter(({ removed, name }) => !removed && !name.endsWith('DO_NOT_USE'))
    .map(({ name, deprecated, number }): Candidate => {
      const documentation = comments.commentOf(enumName, name);
      return {
        name,
        kind: 'enum_value',
        isDeprecated: deprecated,
        ...(number === 0 && { detail: 'default' }),
        ...(documentation !== undefined && { documentation }),
      };
    });
}

const BOOLEANS: Candidate[] = [
  { name: 'true', kind: 'literal' },
  { name: 'false', kind: 'literal' },
];
