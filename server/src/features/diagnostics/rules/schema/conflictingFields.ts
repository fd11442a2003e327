/** Two fields of which only one may be set (a oneof). Envoy cannot read such a message. */
import { ConfigNode } from '../../../../schema/configNode';
import { errorAt, keySpanOf } from '../../problem';
import { NodeKind } from '../../../../syntax/tree/syntaxTree';
import type { Problem, SchemaReport, SchemaRule, SetField } from '../../rule';

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
        else if (first.field.name === name) {
          if (report.isBootstrap && message.tree.language === 'json') report.add(repeated(message, each));
        } else {
          const at = new ConfigNode(message.tree, each.value);
          const span = keySpanOf(at);
          const related = [{ message: `"${first.field.name}" is set here`, at: new ConfigNode(message.tree, first.value) }];
          report.add(errorAt(at, `Only one of "${first.field.name}" and "${name}" may be set.`, { ...(span && { span }), related }));
        }
      }
    },
    field(value, { mapKey, message }) {
      if (!report.isBootstrap || value.tree.language !== 'json') return;
      if (mapKey !== undefined) addRepeatedKeys(value, report);
      if (FREE.test(message ?? ''))
        for (const inner of objectsIn(value)) if (mapKey === undefined || inner.id !== value.id) addRepeatedKeys(inner, report);
    },
  }),
};

/** Objects of any keys, which are maps of protobuf's. */
const FREE = /^google\.protobuf\.(?:Struct|Value|ListValue)$/;

function objectsIn({ tree, id }: ConfigNode): ConfigNode[] {
  const objects: ConfigNode[] = [];
  for (let node = id; node < tree.next(id); node++) if (tree.kind(node) === NodeKind.object) objects.push(new ConfigNode(tree, node));
  return objects;
}

function addRepeatedKeys(map: ConfigNode, report: SchemaReport): void {
  const seen = new Set<string>();
  for (const [key, entry] of map.entries()) {
    if (seen.has(key)) report.add(errorAt(entry, `The key "${key}" stands here twice.`, spanOfKey(entry)));
    seen.add(key);
  }
}

/** Of other fields the last one counts, and of YAML, too (protobuf's json/internal/parser.cc). */
function repeated({ tree }: ConfigNode, { field, value }: SetField): Problem {
  const at = new ConfigNode(tree, value);
  return errorAt(at, `"${field.name}" is set twice, and Envoy's JSON reader takes one of a oneof only.`, spanOfKey(at));
}

function spanOfKey(at: ConfigNode): Pick<Problem, 'span'> {
  const span = keySpanOf(at);
  return span ? { span } : {};
}
