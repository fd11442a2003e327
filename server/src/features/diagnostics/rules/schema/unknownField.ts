/** A key that the message does not have. Envoy refuses it in its own configuration and leaves it out of what xDS delivers. */
import { ConfigNode } from '../../../../schema/configNode';
import { messageType } from '../../../../schema/table/messageType';
import { FLAG_COPY, type NodeId, type SyntaxTree } from '../../../../syntax/tree/syntaxTree';
import type { Problem, SchemaReport, SchemaRule } from '../../rule';
import { errorAt, keySpanOf, warningAt } from '../../problem';
import { lineStartAt } from '../../../../text/lineEnds';
import { replaceKey } from '../../../writing/textChanges';
import { findHome, type SeenMessage } from '../../schemaCheck/findHome';
import { suggestName } from '../../schemaCheck/suggestName';

export const unknownField: SchemaRule = {
  code: 'unknown-field',
  applies: 'written',
  visit: (report) => {
    const seen = new Map<NodeId, SeenMessage>();
    return {
      message(message, type, fields) {
        seen.set(message.id, { type, fields });
        const merged = message.tree.language === 'yaml' ? fields.find(({ value }) => isMerged(message.tree, value)) : undefined;
        if (merged) report.add(mergeKey(new ConfigNode(message.tree, merged.value), report));
      },
      value(value, field) {
        const type = report.isBootstrap && value.isObject && field.type === 'message' ? messageType(field.message ?? '') : undefined;
        const named = type && type.wellKnown === undefined ? value.entry('@type') : undefined;
        if (!type || !named) return;
        const span = keySpanOf(named);
        report.add(
          errorAt(
            named,
            `${shortName(type.name)} has no field "@type": only what stands in a list of resources or a typed_config names its type.`,
            {
              ...(span && { span }),
            },
          ),
        );
      },
      unknownField(value, owner) {
        const { key } = value;
        // Kubernetes tools, editors and people keep notes under such keys in pieces of configuration.
        if (key.startsWith('#') || (key === '@type' && !report.isBootstrap) || isIgnored(value) || isAfterTab(value)) return;
        const names = owner.fieldList
          .filter(({ removed }) => !removed)
          .map(({ name, jsonName }) => (key.includes('_') || /^[a-z]+$/.test(key) ? name : jsonName));
        const suggestion = suggestName(key, names) ?? onlyLonger(key, names);
        const help = suggestion === undefined ? findHome(value, seen) : `Did you mean "${suggestion}"?`;
        const span = keySpanOf(value);
        report.add({
          severity: report.isDelivered ? 'warning' : 'error',
          at: value,
          ...(span && { span }),
          message: `${shortName(owner.name)} has no field "${key}".${help === undefined ? '' : ` ${help}`}`,
          ...(suggestion !== undefined && { fix: () => ({ title: `Change to "${suggestion}"`, changes: replaceKey(value, suggestion) }) }),
        });
      },
    };
  },
};

/** A tab where YAML counts blanks has put the key into another message: the tab is what is wrong. */
function isAfterTab(value: ConfigNode): boolean {
  const { tree } = value;
  const start = keySpanOf(value)?.start;
  return tree.language === 'yaml' && start !== undefined && /^ *\t/.test(tree.text.slice(lineStartAt(tree.text, start), start));
}

/** `envoy.config.cluster.v3.Cluster.CommonLbConfig` → `Cluster.CommonLbConfig`. */
export function shortName(message: string): string {
  const parts = message.split('.');
  const first = parts.findIndex((part) => /^[A-Z]/.test(part));
  return first < 0 ? message : parts.slice(first).join('.');
}

/** `port` for `port_value`, `retries` for `num_retries`. */
function onlyLonger(key: string, names: readonly string[]): string | undefined {
  const [only, ...others] = names.filter((name) => name.startsWith(`${key}_`) || name.endsWith(`_${key}`));
  return others.length === 0 ? only : undefined;
}

/** A member that a merge key brought stands where the merged mapping is named or written. */
function isMerged(tree: SyntaxTree, value: NodeId): boolean {
  if (!tree.hasFlag(value, FLAG_COPY) || tree.hasFlag(tree.parent(value), FLAG_COPY)) return false;
  const start = tree.start(value);
  return MERGE.test(tree.text.slice(Math.max(0, start - MERGE_WINDOW), start));
}

/** `<<: ` or `<<: [*one, ` before what is merged. */
const MERGE = /<<\s*:\s*(?:\[[^\]]*)?(?:-\s+(?:\*\S+\s+-\s+)*)?$/;
const MERGE_WINDOW = 200;

/** yaml-cpp knows no merge keys: Envoy takes `<<` for a field. */
function mergeKey(at: ConfigNode, { isBootstrap }: SchemaReport): Problem {
  const message =
    'Envoy\'s YAML reader does not know merge keys: it takes "<<" for an unknown field. Repeat the fields, or use an alias for a whole value.';
  return (isBootstrap ? errorAt : warningAt)(at, message, { span: at.tree.span(at.id) });
}

/** Envoy's YAML reader leaves out keys with the tag `!ignore` (source/common/protobuf/yaml_utility.cc). */
function isIgnored({ tree, id }: ConfigNode): boolean {
  const key = tree.keySpan(id);
  return key !== undefined && /!ignore\s+$/.test(tree.text.slice(Math.max(0, key.start - 20), key.start));
}
