/** A key that the message does not have. Envoy refuses it in its own configuration and leaves it out of what xDS delivers. */
import type { ConfigNode } from '../../../../schema/configNode';
import type { SchemaRule } from '../../rule';
import { keySpanOf } from '../../problem';
import { replaceKey } from '../../../textChanges';
import { suggestName } from '../../schemaCheck/suggestName';

export const unknownField: SchemaRule = {
  code: 'unknown-field',
  applies: 'written',
  visit: (report) => ({
    unknownField(value, owner) {
      const key = value.tree.key(value.id) ?? '';
      // Kubernetes tools, editors and people keep notes under such keys in pieces of configuration.
      if (key.startsWith('#') || (key === '@type' && !report.isBootstrap) || isIgnored(value)) return;
      const names = owner.fieldList
        .filter(({ removed }) => !removed)
        .map(({ name, jsonName }) => (key.includes('_') || /^[a-z]+$/.test(key) ? name : jsonName));
      const suggestion = suggestName(key, names);
      const span = keySpanOf(value);
      report.add({
        severity: report.isDelivered ? 'warning' : 'error',
        at: value,
        ...(span && { span }),
        message: `${shortName(owner.name)} has no field "${key}".${suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`}`,
        ...(suggestion !== undefined && { fix: () => ({ title: `Change to "${suggestion}"`, changes: replaceKey(value, suggestion) }) }),
      });
    },
  }),
};

/** `envoy.config.cluster.v3.Cluster.CommonLbConfig` → `Cluster.CommonLbConfig`. */
export function shortName(message: string): string {
  const parts = message.split('.');
  const first = parts.findIndex((part) => /^[A-Z]/.test(part));
  return first < 0 ? message : parts.slice(first).join('.');
}

/** Envoy's YAML reader leaves out keys with the tag `!ignore` (source/common/protobuf/yaml_utility.cc). */
function isIgnored({ tree, id }: ConfigNode): boolean {
  const key = tree.keySpan(id);
  return key !== undefined && /!ignore\s+$/.test(tree.text.slice(Math.max(0, key.start - 20), key.start));
}
