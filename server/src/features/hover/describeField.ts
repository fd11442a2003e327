/** Hover of a field that tells nothing of a resource: its type, what the API says of it, its rules. */
import type { DocumentFacts } from '../../index/documentFacts';
import { enumType } from '../../schema/table/messageType';
import { schemaAt } from '../../schema/walk/schemaAt';
import type { SchemaComments } from '../../schema/table/schemaComments';
import type { ConfigNode } from '../../schema/configNode';
import { code } from '../writing/markdown';
import { schemaRootAt } from '../place/schemaRoot';
import type { Field } from '../../schema/table/messageDescription';

/** Undefined where the schema knows nothing of the place. */
export function describeField(facts: DocumentFacts, node: ConfigNode, comments: SchemaComments): string | undefined {
  const root = schemaRootAt(facts, node.id);
  if (!root) return undefined;
  const { field, owner, message } = schemaAt(node.tree, root.node, root.message, node.id) ?? {};
  if (!field || !owner) return undefined;
  const lines = [`${code(field.name)}: ${code(shortTypeName(field))} of ${code(owner.name)}`];
  if (field.deprecated) lines.push('**Deprecated.**');
  const comment = commentOfField(comments, owner, field);
  if (comment !== undefined) lines.push(comment);
  const value = valueComment(field, node, comments);
  if (value !== undefined) lines.push(value);
  else if (message && message.name !== field.message)
    lines.push(`Here a ${code(message.name)}. ${comments.commentOf(message.name) ?? ''}`.trim());
  const rules = describeRules(field);
  if (rules) lines.push(rules);
  const page = comments.pageOf?.(owner.name, field.name);
  if (page !== undefined) lines.push(linkTo(page));
  return lines.join('\n\n');
}

export function linkTo(page: string): string {
  return `[Envoy's documentation](${page})`;
}

/** What the API says of a field, else of the message that it holds. */
export function commentOfField(comments: SchemaComments, owner: { readonly name: string }, field: Field): string | undefined {
  return comments.commentOf(owner.name, field.name) ?? (field.message === undefined ? undefined : comments.commentOf(field.message));
}

/** As a person would say it: without packages, and without the messages that only wrap a scalar: `Cluster[]`, `map<string, Any>`, `uint32`. */
export function shortTypeName(field: Field): string {
  const type = shortName(field.message ?? field.enumName ?? field.type);
  if (field.mapKey !== undefined) return `map<${field.mapKey}, ${type}>`;
  return field.repeated ? `${type}[]` : type;
}

function shortName(type: string): string {
  const wrapped = /^google\.protobuf\.(\w+)Value$/.exec(type)?.[1];
  return wrapped === undefined ? type.replace(/^(?:[a-z]\w*\.)+(?=[A-Z])/, '') : wrapped.toLowerCase();
}

const MAX_VALUES = 12;

/** What the enum's value under the cursor means, and which there are. */
function valueComment(field: Field, node: ConfigNode, comments: SchemaComments): string | undefined {
  const type = field.enumName === undefined ? undefined : enumType(field.enumName);
  if (field.enumName === undefined || !type) return undefined;
  const text = node.asString();
  const comment = text === undefined ? undefined : comments.commentOf(field.enumName, text);
  const values = type.values.filter(({ name }) => !name.endsWith('DO_NOT_USE')).map(({ name }) => name);
  const listed = `Values: ${values.slice(0, MAX_VALUES).map(code).join(', ')}${values.length > MAX_VALUES ? ' …' : ''}`;
  return [comment === undefined ? undefined : `${code(text ?? '')}: ${comment}`, listed].filter((each) => each !== undefined).join('\n\n');
}

/** The rules that a person would ask for: required, and bounds. One of several alternatives is never required, but must not be empty. */
function describeRules({ rules, oneof }: Field): string {
  if (!rules) return '';
  const words: string[] = [];
  const needsText = rules.minLen === 1 || rules.minBytes === 1;
  if (oneof !== undefined && needsText) words.push('not empty');
  else if (oneof === undefined && (rules.required || needsText)) words.push('required');
  if (rules.gt !== undefined) words.push(`greater than ${rules.gt}`);
  if (rules.gte !== undefined) words.push(`at least ${rules.gte}`);
  if (rules.lt !== undefined) words.push(`less than ${rules.lt}`);
  if (rules.lte !== undefined) words.push(`at most ${rules.lte}`);
  if (rules.pattern !== undefined) words.push(`matches ${code(rules.pattern)}`);
  return words.length > 0 ? `Rules: ${words.join(', ')}` : '';
}
