/** Completion of keys: the fields of the message around the cursor that are not there yet, in the spelling of their neighbours. */
import { findFieldOfKey, type MessageType } from '../../schema/table/messageType';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { commentOfField, shortTypeName } from '../hover/describeField';
import { settingsLines } from './completeExtensionNames';
import { isResourcePlace, typeUrl } from './completeTypes';
import type { Cursor } from './cursor';
import { typeByName } from './fittingExtensions';
import { blockMessage, flowBody, isRequired, jsonBody, yamlBody, type AskedField, type Body } from './writeBody';
import type { Candidate } from './writeCandidates';
import type { Field } from '../../schema/table/messageDescription';

/** [] in maps, Structs and unknown messages; in an `Any` without a type, its `@type`. */
export function completeFields(cursor: Cursor): Candidate[] {
  const { around, facts, parent } = cursor;
  const type = around?.message;
  const isAny = around?.field?.message === ANY && (around.isItem || around.field.mapKey === undefined);
  const isOpen = isAny && around.unknownType === undefined && !hasType(facts.tree, parent);
  // A list whose first item is being written reads as an object yet.
  const isItemless = around?.field?.repeated === true && !around.isItem && cursor.isAlone;
  const placed: Pick<Candidate, 'placement'> = isItemless ? { placement: 'item' } : {};
  const fields = type ? fieldsOf(cursor, type, parent) : [];
  const isResource = !around && facts.tree.parent(parent) !== NO_NODE && isResourcePlace(cursor) && !hasType(facts.tree, parent);
  const all = isOpen || isResource ? [typeKey(cursor, facts.tree.parent(parent)), ...fields] : fields;
  return all.map((each) => ({ ...each, ...placed }));
}

/** Behind `key:`, where an object or a list belongs that is not begun yet: its first keys, on lines of their own. */
export function completeBlocks(cursor: Cursor): Candidate[] {
  const { schema, parent } = cursor;
  return blocksOf(cursor, schema?.field, { holder: parent, isItem: schema?.isItem === true }).map(({ candidate, isItem }) => ({
    ...candidate,
    placement: isItem ? 'item_below' : 'below',
  }));
}

/** The keys of what stands in a field, or in the items of its list. */
export function blocksOf(
  cursor: Cursor,
  field: Field | undefined,
  { holder, isItem }: { readonly holder: NodeId; readonly isItem: boolean },
): { candidate: Candidate; isItem: boolean }[] {
  if (!field || (field.mapKey !== undefined && !isItem)) return [];
  const type = blockMessage(field);
  if (!type) return [];
  const keys = type.name === ANY ? [typeKey(cursor, holder)] : fieldsOf(cursor, type, NO_NODE);
  return keys.map((candidate) => ({ candidate, isItem: field.repeated && !isItem }));
}

/** The fields that the object does not have; all of them where there is none. */
export function fieldsOf(cursor: Cursor, type: MessageType, object: NodeId): Candidate[] {
  const present = presentFields(cursor.facts.tree, object, type);
  return type.fieldList
    .filter((field) => !field.removed && !present.fields.has(field))
    .map((field, order) => ({
      ...describe(cursor, type, field, demandOf(type, field, present.oneofs)),
      ...typedBody(cursor, field, object),
      order,
    }));
}

/** How much a message wants a field that it does not have. */
type Demand = 'required' | 'one_of_required' | 'optional' | 'excluded';

function demandOf({ oneofs }: MessageType, field: Field, presentOneofs: ReadonlySet<string>): Demand {
  if (field.oneof === undefined) return isRequired(field) ? 'required' : 'optional';
  if (presentOneofs.has(field.oneof)) return 'excluded';
  return oneofs.some(({ name, required }) => required && name === field.oneof) ? 'one_of_required' : 'optional';
}

/** A `typed_config` beside the name of an extension: its type is known. */
function typedBody(cursor: Cursor, field: Field, holder: NodeId): Pick<Candidate, 'body'> {
  if (field.name !== 'typed_config' || cursor.facts.tree.language === 'json') return {};
  const type = typeByName(cursor, holder);
  return type === undefined ? {} : { body: { sameLine: '', lines: settingsLines(type, cursor.style) } };
}

const ANY = 'google.protobuf.Any';

/** With the type that the extension's name stands for, where it has one. */
function typeKey(cursor: Cursor, holder: NodeId): Candidate {
  const type = typeByName(cursor, holder);
  const url = type === undefined ? undefined : typeUrl(type);
  const isJson = cursor.facts.tree.language === 'json';
  return {
    name: '@type',
    kind: 'field',
    detail: type ?? 'type URL',
    documentation: 'The message that this object holds, as `type.googleapis.com/` and its full name.',
    rank: 0,
    suggestsAgain: url === undefined,
    ...(url !== undefined && { body: { sameLine: isJson ? JSON.stringify(url) : ` ${url}`, lines: [] } }),
  };
}

function describe({ comments, style, facts }: Cursor, owner: MessageType, field: Field, demand: Demand): Candidate {
  const words = [field.deprecated ? '**Deprecated.**' : undefined, commentOfField(comments, owner, field)];
  const documentation = words.filter((each) => each !== undefined).join('\n\n');
  const body: Body | undefined = facts.tree.language === 'json' ? jsonBody(field) : yamlBody(field, style);
  return {
    name: style.isCamel ? field.jsonName : field.name,
    kind: 'field',
    opensBlock: opensBlock(field),
    ...(body && { body }),
    flowBody: flowBody(field),
    suggestsAgain: hasKnownValues(field),
    suggestsInBody: body?.asksFor ? isExtensionName(body.asksFor) || hasKnownValues(body.asksFor.field) : hasKnownValues(field),
    detail: shortTypeName(field) + DEMANDS[demand].detail,
    rank: DEMANDS[demand].rank,
    isDeprecated: field.deprecated,
    ...(documentation !== '' && { documentation }),
  };
}

const DEMANDS: Readonly<Record<Demand, { readonly rank: number; readonly detail: string }>> = {
  required: { rank: 0, detail: ', required' },
  one_of_required: { rank: 0, detail: ', one of these is required' },
  optional: { rank: 1, detail: '' },
  excluded: { rank: 3, detail: ', instead of the one that is set' },
};

function opensBlock(field: Field): boolean {
  return field.repeated || field.mapKey !== undefined || blockMessage(field) !== undefined;
}

/** What comes behind the key is offered too: the values of an enum, the keys of an object. */
function hasKnownValues(field: Field): boolean {
  if (field.mapKey !== undefined) return false;
  const isBoolean = field.type === 'bool' || field.message === 'google.protobuf.BoolValue';
  const type = blockMessage(field);
  return isBoolean || field.enumName !== undefined || (type !== undefined && type.wellKnown !== 'struct');
}

/** Those that fit there are offered. */
function isExtensionName({ field, owner }: AskedField): boolean {
  return field.name === 'name' && owner.fields.has('typed_config');
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
