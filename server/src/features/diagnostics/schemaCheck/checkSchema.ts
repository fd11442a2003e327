/** Runs all rules of the schema over a document in one walk. */
import type { DocumentFacts } from '../../../index/documentFacts';
import { ConfigNode } from '../../../schema/configNode';
import { findFieldOfKey, type MessageType } from '../../../schema/table/messageType';
import { MANY_LEVELS, walkMessages } from '../../../schema/walk/walkMessages';
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../../../syntax/tree/syntaxTree';
import { isRepeatedKey } from '../../../syntax/json/reportDuplicates';
import { patchRoots, writtenRoots, type MessageRoot } from '../documentMessages';
import type { Problem, SchemaRule, SchemaVisitor, SetField } from '../rule';
import type { Field } from '../../../schema/table/messageDescription';

export interface SchemaProblem {
  readonly code: string;
  readonly problem: Problem;
}

export function checkSchema(facts: DocumentFacts, rules: readonly SchemaRule[]): SchemaProblem[] {
  const found: SchemaProblem[] = [];
  for (const root of writtenRoots(facts)) checkRoot(facts.tree, root, { rules, found });
  return [...found, ...checkPatches(facts, rules)];
}

/** Of a patch only what is wrong wherever it is put, and as a warning: the control plane has the last word. */
function checkPatches(facts: DocumentFacts, rules: readonly SchemaRule[]): SchemaProblem[] {
  const found: SchemaProblem[] = [];
  const fitting = rules.filter(({ code }) => PATCH_RULES.has(code));
  for (const root of patchRoots(facts)) checkRoot(facts.tree, root, { rules: fitting, found });
  return found.map(({ code, problem }) => ({ code, problem: { ...problem, severity: 'warning' } }));
}

/** Not the types of values: istiod's reader takes more than Envoy's (`500ms`). */
const PATCH_RULES: ReadonlySet<string> = new Set(['unknown-field', 'unknown-enum-value', 'unknown-type', 'removed-field']);

function checkRoot(tree: SyntaxTree, root: MessageRoot, { rules, found }: { rules: readonly SchemaRule[]; found: SchemaProblem[] }): void {
  const visitors = rules.map(({ code, visit }) => visit({ ...root, add: (problem) => found.push({ code, problem }) }));
  const onMessage = handlersOf(visitors, 'message');
  const onField = handlersOf(visitors, 'field');
  const onValue = handlersOf(visitors, 'value');
  const onUnknownField = handlersOf(visitors, 'unknownField');
  const onUnknownType = handlersOf(visitors, 'unknownType');
  const outdone = outdoneMembers(tree);
  walkMessages(tree, root.node.id, root.type, {
    maxLevels: MANY_LEVELS,
    ...(outdone && { wants: (node: NodeId) => !outdone.has(node) }),
    message(node, type) {
      if (type.wellKnown === 'wrapper') return;
      const fields = setFieldsOf(tree, node, type);
      for (const handle of onMessage) handle(new ConfigNode(tree, node), type, fields);
    },
    field(value, field, owner) {
      // What a field has written out (`{value: 5}`) is looked at there; in an Any there is no such field.
      if (owner.wellKnown === 'wrapper' && tree.child(tree.parent(value), '@type') === NO_NODE) return;
      const node = new ConfigNode(tree, value);
      for (const handle of onField) handle(node, field, owner);
      for (const item of valuesOf(tree, value, field))
        for (const handle of onValue) handle(item === value ? node : new ConfigNode(tree, item), field, owner);
    },
    unknownField(value, owner) {
      for (const handle of onUnknownField) handle(new ConfigNode(tree, value), owner);
    },
    unknownType(node, name) {
      for (const handle of onUnknownType) handle(new ConfigNode(tree, node), name);
    },
  });
}

/** Members of YAML mappings whose key stands there again: the last one counts, and nobody reads the others. Undefined where there are none. */
function outdoneMembers(tree: SyntaxTree): ReadonlySet<NodeId> | undefined {
  if (tree.language !== 'yaml' || !tree.problems.some(isRepeatedKey)) return undefined;
  const outdone = new Set<NodeId>();
  for (let node = 0; node < tree.size; node++) {
    if (tree.kind(node) !== NodeKind.object) continue;
    const last = new Map<number, NodeId>();
    for (const child of tree.children(node)) {
      const before = last.get(tree.keyId(child));
      if (before !== undefined) outdone.add(before);
      last.set(tree.keyId(child), child);
    }
  }
  return outdone;
}

function handlersOf<Key extends keyof SchemaVisitor>(visitors: readonly SchemaVisitor[], key: Key): NonNullable<SchemaVisitor[Key]>[] {
  return visitors.flatMap((visitor) => {
    const handler = visitor[key];
    return handler === undefined ? [] : [handler];
  });
}

/** The fields that are set, in document order; keys that are no fields are left out. */
function setFieldsOf(tree: SyntaxTree, node: NodeId, type: MessageType): SetField[] {
  const fields: SetField[] = [];
  for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) {
    const kind = tree.kind(child);
    if (kind === NodeKind.null || kind === NodeKind.missing) continue;
    const field = findFieldOfKey(type, tree.key(child) ?? '');
    if (field) fields.push({ field, value: child });
  }
  return fields;
}

/** The items of a list (lists in lists are flattened, as protobuf's reader does), the values of a map, or the value itself. */
export function valuesOf(tree: SyntaxTree, value: NodeId, field: Field): NodeId[] {
  const kind = tree.kind(value);
  if (field.mapKey !== undefined) return kind === NodeKind.object ? tree.children(value) : [value];
  if (!field.repeated || kind !== NodeKind.array) return [value];
  return tree.listItems(value);
}
