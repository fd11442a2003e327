/** A field of the old API (v2), or one that Envoy refuses unless a runtime key allows it. */
import type { ConfigNode } from '../../../../schema/configNode';
import { enumType, type MessageType } from '../../../../schema/table/messageType';
import { addMember, replaceScalar } from '../../../writing/textChanges';
import { keySpanOf } from '../../problem';
import type { Problem, ProblemFix, SchemaReport, SchemaRule } from '../../rule';
import { memoizeByObject } from '../../../../text/memoizeByObject';
import type { Field } from '../../../../schema/table/messageDescription';
import { enumValueOf } from '../../schemaCheck/enumValueOf';

export const removedField: SchemaRule = {
  code: 'removed-field',
  applies: 'written',
  visit: (report) => ({
    message(message, type, fields) {
      if (message.isIncomplete || isLate(message)) return;
      for (const field of refusedDefaults(type))
        if (!fields.some(({ field: { name } }) => name === field.name))
          refuse(report, message, `"${field.name}" must be set: the value that it has otherwise is no longer supported.`, {
            isLate: true,
            fix: () => setVersion(message, field),
          });
    },
    field(value, field) {
      const { key } = value;
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
      const named = enumValueOf(value, field);
      // config/utility.cc checkTransportVersion
      if (field.name === 'transport_api_version' && named?.name === 'V2' && !isLate(value.parent ?? value))
        refuse(report, value, 'The V2 transport protocol of xDS has been removed: set V3.', {
          fix: () => ({ title: 'Change to "V3"', changes: replaceScalar(value, 'V3') }),
        });
      if (named?.disallowedByDefault)
        refuse(report, value, `The value "${named.name}" of "${field.name}" is deprecated and refused by default.`);
    },
  }),
};

/** Sources that Envoy takes up after it has read its configuration. */
function isLate(message: ConfigNode): boolean {
  const fields = ['lds_config', 'leds_config', 'lrs_server', 'hds_config', 'load_stats_config'];
  return message.isField(...fields) || (message.parent?.isField(...fields) ?? false);
}

/** Enums whose first value, which an unset field has, is refused (source/common/protobuf/utility.cc checkForDeprecatedNonRepeatedEnumValue). */
const refusedDefaults = memoizeByObject((type: MessageType): readonly Field[] => type.fieldList.filter(hasRefusedDefault));

function hasRefusedDefault({ type, repeated, removed, oneof, enumName }: Field): boolean {
  if (type !== 'enum' || repeated || removed || oneof !== undefined) return false;
  return enumType(enumName ?? '')?.values.some(({ number, disallowedByDefault }) => number === 0 && disallowedByDefault) ?? false;
}

function setVersion(message: ConfigNode, { name }: Field): ProblemFix | undefined {
  const changes = name === 'transport_api_version' || name === 'resource_api_version' ? addMember(message, name, 'V3') : undefined;
  return changes && { title: `Add "${name}": V3`, changes };
}

/** Files of unknown origin may be for an older Envoy. */
function refuse(report: SchemaReport, at: ConfigNode, message: string, more: Pick<Problem, 'fix' | 'isLate'> = {}): void {
  const span = keySpanOf(at);
  report.add({
    severity: report.isBootstrap ? 'error' : 'warning',
    at,
    ...(span && { span }),
    message,
    tag: 'deprecated',
    ...more,
  });
}
