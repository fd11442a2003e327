/** A field or an enum value that the API calls deprecated: it works, and will go. */
import type { ConfigNode } from '../../../../schema/configNode';
import type { MessageType } from '../../../../schema/table/messageType';
import { wrapValue } from '../../../writing/textChanges';
import { keySpanOf } from '../../problem';
import type { ProblemFix, SchemaRule } from '../../rule';
import type { Field } from '../../../../schema/table/messageDescription';
import { enumValueOf } from '../../schemaCheck/enumValueOf';

/** Fields whose value stands in another field in the same form: `message.field` → [the field, the member in it]. */
const REPLACED: Readonly<Record<string, readonly [field: string, member: string] | undefined>> = {
  ...Object.fromEntries(
    ['exact', 'prefix', 'suffix', 'contains', 'safe_regex'].map((kind) => [
      `envoy.config.route.v3.HeaderMatcher.${kind}_match`,
      ['string_match', kind] as const,
    ]),
  ),
  'envoy.config.core.v3.ConfigSource.path': ['path_config_source', 'path'],
};

function fixOf(value: ConfigNode, { name }: Field, owner: MessageType): { fix?: () => ProblemFix | undefined } {
  const replacement = REPLACED[`${owner.name}.${name}`];
  if (!replacement) return {};
  const [field, member] = replacement;
  return {
    fix: () => {
      const changes = wrapValue(value, field, member);
      return changes.length > 0 ? { title: `Change to "${field}"`, changes } : undefined;
    },
  };
}

export const deprecatedField: SchemaRule = {
  code: 'deprecated-field',
  applies: 'written',
  visit: (report) => ({
    field(value, field, owner) {
      if (!field.deprecated || field.removed || field.disallowedByDefault) return;
      const span = keySpanOf(value);
      report.add({
        severity: 'hint',
        at: value,
        ...(span && { span }),
        tag: 'deprecated',
        message: `"${field.name}" is deprecated.`,
        ...fixOf(value, field, owner),
      });
    },
    value(value, field) {
      if (field.type !== 'enum') return;
      const named = enumValueOf(value, field);
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
