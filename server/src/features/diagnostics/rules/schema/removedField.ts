/** A field of the old API (v2), or one that Envoy refuses unless a runtime key allows it. */
import type { ConfigNode } from '../../../../schema/configNode';
import { enumType } from '../../../../schema/messageType';
import { keySpanOf } from '../../problem';
import type { SchemaReport, SchemaRule } from '../../rule';

export const removedField: SchemaRule = {
  code: 'removed-field',
  applies: 'written',
  visit: (report) => ({
    field(value, field) {
      const key = value.tree.key(value.id) ?? '';
      if (field.removed || key.startsWith('hidden_envoy_deprecated_'))
        refuse(report, value, `"${key}" is a field of the old API that Envoy no longer has.`);
      else if (field.disallowedByDefault)
        refuse(
          report,
          value,
          `"${field.name}" is deprecated and refused unless the runtime key envoy.features.enable_all_deprecated_features allows it.`,
        );
    },
    value(value, field) {
      if (field.type !== 'enum') return;
      const text = value.tree.scalar(value.id);
      const named = typeof text === 'string' ? enumType(field.enumName ?? '')?.byName.get(text.toUpperCase()) : undefined;
      if (named?.disallowedByDefault)
        refuse(report, value, `The value "${named.name}" of "${field.name}" is deprecated and refused by default.`);
    },
  }),
};

/** Files of unknown origin may be for an older Envoy. */
function refuse(report: SchemaReport, at: ConfigNode, message: string): void {
  const span = keySpanOf(at);
  report.add({ severity: report.isBootstrap ? 'error' : 'warning', at, ...(span && { span }), message, tag: 'deprecated' });
}
