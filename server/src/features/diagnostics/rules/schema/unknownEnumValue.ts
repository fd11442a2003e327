/** A name that the enum does not have. */
import { enumType, enumValueNamed } from '../../../../schema/table/messageType';
import type { SchemaRule } from '../../rule';
import { replaceText } from '../../../writing/textChanges';
import { suggestName } from '../../schemaCheck/suggestName';

export const unknownEnumValue: SchemaRule = {
  code: 'unknown-enum-value',
  applies: 'written',
  visit: (report) => ({
    value(value, field) {
      if (field.type !== 'enum' || field.removed) return;
      const text = value.tree.scalar(value.id);
      const known = enumType(field.enumName ?? '');
      if (typeof text !== 'string' || !known || /^\s*[-+]?\d+\s*$/.test(text)) return;
      const named = enumValueNamed(known, text);
      if (named && (!named.removed || !report.isBootstrap)) return;
      const names = known.values.filter(({ removed, deprecated }) => !removed && !deprecated).map(({ name }) => name);
      const suggestion = suggestName(text, names);
      const list = names.length <= 8 ? ` It may be ${names.join(', ')}.` : '';
      report.add({
        severity: report.isDelivered ? 'warning' : 'error',
        at: value,
        message: `"${field.name}" has no value "${text.slice(0, 80)}".${suggestion === undefined ? list : ` Did you mean "${suggestion}"?`}`,
        ...(suggestion !== undefined && { fix: () => ({ title: `Change to "${suggestion}"`, changes: replaceText(value, suggestion) }) }),
      });
    },
  }),
};
