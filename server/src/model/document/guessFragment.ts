/** Tells which message a pasted object is that is no resource by itself: a route, a filter, a health check, a connection manager … */
import { readTyped, type ConfigNode } from '../../schema/configNode';
import { messageType } from '../../schema/table/messageType';
import { messagesWithFields } from '../../schema/table/messagesWithFields';
import { walkMessages } from '../../schema/walk/walkMessages';
import { NodeKind, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { messageNameOfTypeUrl, shortNameOf } from '../../schema/table/typeUrl';
import { guessMessage } from './guessMessage';
import type { Field, FieldType } from '../../schema/table/messageDescription';

/** Larger objects are no fragments, and more candidates than this are no clue. */
export const MAX_NODES = 20_000;
const MAX_CANDIDATES = 60;

/** The full name of the message; undefined where none or several fit. A few common words (`name`, `services`) are no evidence. */
export function guessFragment(node: ConfigNode): string | undefined {
  const { tree, id } = node;
  if (tree.next(id) - id > MAX_NODES || node.entry('apiVersion')) return undefined;
  const typed = node.entry('@type') ? readTyped(node).type : '';
  if (typed !== '') return messageType(typed)?.name;
  const guess = guessMessage(node);
  if (guess !== undefined && messageType(guess) && fits(node, guess)) return guess;
  if (isNamedExtension(node)) return NAMED_EXTENSION;
  const keys = node.entries().map(([key]) => key);
  const candidates = candidatesFor(keys);
  const whole = onlyOne(withoutOverrides(candidates.filter((name) => fits(node, name))));
  if (whole !== undefined) return hasLongField(node, whole) || isOnlyOne(node, candidates) ? whole : undefined;
  // Words of the API, and only one message that has them all: what is wrong deeper in it is to be told.
  const only = keys.filter((key) => WORD_OF_API.test(key)).length < 2 ? undefined : onlyOne(withoutOverrides(candidates));
  return only?.startsWith('envoy.') ? only : undefined;
}

const NAMED_EXTENSION = 'envoy.config.core.v3.TypedExtensionConfig';

/** A filter of any kind, a transport socket, an access log …: several messages have just a name and a configuration. */
export function isNamedExtension(node: ConfigNode): boolean {
  const keys = node.entries().map(([key]) => key);
  const typed = node.get('typed_config');
  return keys.length === 2 && node.has('name') && typed !== undefined && messageType(readTyped(typed).type) !== undefined;
}

/** Some object in it names a type of the API, or it is metadata by the namespaces of filters: no other format has either. */
export function tellsItsType(node: ConfigNode): boolean {
  const { tree, id } = node;
  const end = tree.next(id);
  if (end - id > MAX_NODES) return false;
  if (node.get('filter_metadata')?.isObject) return true;
  for (let each = id + 1; each < end; each++)
    if (tree.key(each) === '@type' && messageType(messageNameOfTypeUrl(String(tree.scalar(each))))) return true;
  return false;
}

/** A key of two words, in either spelling: single ones are everybody's. */
export const WORD_OF_API = /[a-z](?:_[a-z]|[A-Z])/;

/** Some field in it has a name of two words, or names an extension, as hardly anybody else has them. */
export function hasLongField({ tree, id }: ConfigNode, message: string): boolean {
  let found = false;
  walkMessages(tree, id, message, {
    wants: () => !found,
    field(value, { name }) {
      found ||= name.includes('_') || (name === 'name' && /^envoy\.\w+\.\w/.test(String(tree.scalar(value))));
    },
  });
  return found;
}

const known = new Map<string, readonly string[]>();
const MAX_KNOWN = 500;

/** Remembered, since lists and lines of JSON have the same keys again and again. */
export function candidatesFor(keys: readonly string[]): readonly string[] {
  const signature = keys.join(' ');
  let candidates = known.get(signature);
  if (!candidates) {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(signature, (candidates = messagesWithFields(keys).slice(0, MAX_CANDIDATES)));
  }
  return candidates;
}

/** Some messages have a twin in another package (google.api.expr and cel.expr), or what a service sends looks like what is configured. */
export function onlyOne(names: readonly string[]): string | undefined {
  const shortNames = new Set(names.map(shortNameOf));
  if (shortNames.size < 2) return names[0];
  const configured = names.filter((name) => !name.startsWith('envoy.service.'));
  return configured.length === 1 ? configured[0] : undefined;
}

/** Single words, but no other message of the API has them all, and there are messages in it: a policy of RBAC. */
function isOnlyOne(node: ConfigNode, candidates: readonly string[]): boolean {
  const values = node.entries().map(([, value]) => value);
  return candidates.length === 1 && values.length > 1 && values.every((value) => value.isObject || value.isArray);
}

/** What a route may say in place of a filter has the filter's own fields: the filter is meant. */
function withoutOverrides(names: readonly string[]): readonly string[] {
  return names.length < 2
    ? names
    : names.filter((name) => !names.includes(name.replace(/(?:PerRoute|Overrides)$/, '')) || !isOverride(name));
}

const isOverride = (name: string): boolean => /(?:PerRoute|Overrides)$/.test(name);

/** Every key, however deep, is a field (of messages that the API describes), and has a value of its kind. */
export function fits({ tree, id }: ConfigNode, message: string): boolean {
  let strange = 0;
  let messages = 0;
  walkMessages(tree, id, message, {
    message: () => messages++,
    unknownField: () => strange++,
    field(value, field) {
      if (!isOfKind(tree, value, field)) strange++;
    },
  });
  return strange === 0 && messages > 0;
}

/** An object for a message or a map, a list for a repeated field, else a single value of its type. */
function isOfKind(tree: SyntaxTree, value: NodeId, field: Field): boolean {
  if (isFree(field)) return true;
  const kind = tree.kind(value);
  if (kind === NodeKind.array) return field.repeated && tree.children(value).every((item) => isOfKind(tree, item, single(field)));
  if (field.mapKey !== undefined)
    return kind === NodeKind.object && tree.children(value).every((item) => isOfKind(tree, item, single(field)));
  const type = field.message === undefined ? undefined : messageType(field.message);
  const isSingle = type === undefined || SINGLE.has(type.wellKnown ?? '');
  if (kind === NodeKind.object) return !isSingle && (type.wellKnown !== 'any' || tree.child(value, '@type') >= 0);
  const scalar = tree.scalar(value);
  return scalar === null || (isSingle && (type !== undefined || isOfType(scalar, field.type)));
}

function single({ mapKey: _, ...field }: Field): Field {
  return { ...field, repeated: false };
}

/** Proto JSON writes large numbers as texts, and enums either way. */
function isOfType(scalar: string | number | boolean | undefined, type: FieldType): boolean {
  if (type === 'string' || type === 'bytes') return typeof scalar === 'string';
  if (type === 'bool') return typeof scalar === 'boolean';
  return typeof scalar === 'number' || (typeof scalar === 'string' && (type === 'enum' || /^-?[\d.]+$/.test(scalar)));
}

/** Messages that JSON writes as a single value. */
const SINGLE: ReadonlySet<string> = new Set(['duration', 'timestamp', 'wrapper', 'field_mask']);

function isFree({ message }: Field): boolean {
  return message === 'google.protobuf.Value' || message === 'google.protobuf.ListValue';
}
