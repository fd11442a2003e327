/** Completion of keys: the fields of the message around the cursor that are not there yet, in the spelling of their neighbours. */
import type { Field, MessageType } from '../../schema/messageType';
import { findFieldOfKey } from '../../schema/messageType';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/syntaxTree';
import { code } from '../markdown';
import type { Cursor } from './completion';
import { PLACEHOLDER } from './cursorToken';
import { typeName } from '../hover/describeField';
import type { Candidate } from './writeCandidates';

/** [] in maps, Structs and unknown messages; in an `Any` without a type, its `@type`. */
export function completeFields(cursor: Cursor): Candidate[] {
  const { around, facts, parent } = cursor;
  const type = around?.message;
  const isAny = around?.field?.message === 'google.protobuf.Any' && (around.isItem || around.field.mapKey === undefined);
  if (!type) return isAny && around.unknownType === undefined && !hasType(facts.tree, parent) ? [TYPE_KEY] : [];
  const present = presentFields(facts.tree, parent, type);
  const isCamel = spellsCamel(facts.tree, parent);
  const fields = type.fieldList
    .filter((field) => !field.removed && !present.fields.has(field))
    .map((field) => describe(cursor, type, field, { isCamel, isExcluded: field.oneof !== undefined && present.oneofs.has(field.oneof) }));
  return isAny && !hasType(facts.tree, parent) ? [TYPE_KEY, ...fields] : fields;
}

const TYPE_KEY: Candidate = {
  name: '@type',
  kind: 'field',
  detail: 'type URL',
  documentation: 'The message that this object holds, as `type.googleapis.com/` and its full name.',
  rank: 0,
};

function describe(
  { comments }: Cursor,
  owner: MessageType,
  field: Field,
  { isCamel, isExcluded }: { isCamel: boolean; isExcluded: boolean },
): Candidate {
  const isRequired = field.rules?.required === true || (field.rules?.minLen ?? field.rules?.minItems ?? field.rules?.minBytes ?? 0) > 0;
  const excluded = isExcluded ? `Excludes the other fields of ${code(field.oneof ?? '')}.` : undefined;
  const words = [field.deprecated ? '**Deprecated.**' : undefined, excluded, comments.commentOf(owner.name, field.name)];
  const documentation = words.filter((each) => each !== undefined).join('\n\n');
  return {
    name: isCamel ? field.jsonName : field.name,
    kind: 'field',
    opensBlock: opensBlock(field),
    detail: `${typeName(field)}${isRequired ? ', required' : ''}`,
    rank: isExcluded ? 3 : isRequired ? 0 : 1,
    isDeprecated: field.deprecated,
    ...(documentation !== '' && { documentation }),
  };
}

function opensBlock(field: Field): boolean {
  if (field.repeated || field.mapKey !== undefined) return true;
  return field.message !== undefined && !/^google\.protobuf\.(?:\w+Value|Duration|Timestamp|FieldMask)$/.test(field.message);
}

function hasType(tree: SyntaxTree, object: NodeId): boolean {
  return tree.child(object, '@type') !== NO_NODE;
}

/** What the object sets already; the key at the cursor does not count. */
function presentFields(tree: SyntaxTree, object: NodeId, type: MessageType): { fields: ReadonlySet<Field>; oneofs: ReadonlySet<string> } {
  const fields = new Set<Field>();
  const oneofs = new Set<string>();
  for (const child of tree.children(object)) {
    const field = findFieldOfKey(type, tree.key(child) ?? '');
    if (!field) continue;
    fields.add(field);
    if (field.oneof !== undefined) oneofs.add(field.oneof);
  }
  return { fields, oneofs };
}

/** As the object's own keys are spelled; where they do not tell, as those around it; snake_case in the end. */
function spellsCamel(tree: SyntaxTree, object: NodeId): boolean {
  for (let at = object; at !== NO_NODE; at = tree.parent(at)) {
    const keys = tree.children(at).flatMap((child) => tree.key(child) ?? []);
    if (keys.some((key) => /^[a-z0-9]+(?:_[a-z0-9]+)+$/.test(key))) return false;
    if (keys.some((key) => key !== PLACEHOLDER && /^[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+$/.test(key))) return true;
  }
  return false;
}
