/** Two fields of which only one may be set (a oneof). Envoy cannot read such a message. */
import { ConfigNode } from '../../../../schema/configNode';
import { errorAt, keySpanOf } from '../../problem';
import type { SchemaRule, SetField } from '../../rule';

export const conflictingFields: SchemaRule = {
  code: 'conflicting-fields',
  applies: 'written',
  visit: (report) => ({
    message(message, _type, fields) {
      const chosen = new Map<string, SetField>();
      for (const each of fields) {
        const { oneof, name } = each.field;
        if (oneof === undefined) continue;
        const first = chosen.get(oneof);
        if (!first) chosen.set(oneof, each);
        else if (first.field.name !== name) {
          const at = new ConfigNode(message.tree, each.value);
          const span = keySpanOf(at);
          const related = [{ message: `"${first.field.name}" is set here`, at: new ConfigNode(message.tree, first.value) }];
          report.add(errorAt(at, `Only one of "${first.field.name}" and "${name}" may be set.`, { ...(span && { span }), related }));
        }
      }
    },
  }),
};
