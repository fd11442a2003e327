/** A field or an enum value that the API calls deprecated: it works, and will go. */
import { enumType } from '../../../../schema/messageType';
import { keySpanOf } from '../../problem';
import type { SchemaRule } from '../../rule';

export const deprecatedField: SchemaRule = {
  code: 'deprecated-field',
  applies: 'written',
  visit: (report) => ({
    field(value, field) {
      if (!field.deprecated || field.removed || field.disallowedByDefault) return;
      const span = keySpanOf(value);
      report.add({ severity: 'hint', at: value, ...(span && { span }), tag: 'deprecated', message: `"${field.name}" is deprecated.` });
    },
    value(value, field) {
      if (field.type !== 'enum') return;
      const text = value.tree.scalar(value.id);
      const named = typeof text === 'string' ? enumType(field.enumName ?? '')?.byName.get(text.toUpperCase()) : undefined;
      if (named?.deprecated && !named.removed && !named.disallowedByDefault)
        report.add({
          severity: 'hint',
          at: value,
          tag: 'deprecated',
          message: `The value "${named.name}" of "${field.name}" is deprecated.`,
        });
    },
  }),
};
