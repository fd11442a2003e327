/** Hover of a type URL: the message that it names, and what the API says of it. */
import { messageType } from '../../schema/messageType';
import type { SchemaComments } from '../../schema/schemaComments';
import { messageNameOfTypeUrl, upgradeMessageName } from '../../schema/typeUrl';
import type { ConfigNode } from '../../schema/configNode';
import { code } from '../markdown';

/** On `@type` of an `Any` and `type_url` of a TypedStruct; undefined elsewhere. */
export function describeType(node: ConfigNode, comments: SchemaComments): string | undefined {
  const key = node.tree.key(node.id);
  const isType = key === '@type' || ((key === 'type_url' || key === 'typeUrl') && node.parent?.has('value') === true);
  const url = isType ? node.asString() : undefined;
  if (url === undefined || url === '') return undefined;
  const written = messageNameOfTypeUrl(url);
  const name = upgradeMessageName(written);
  const lines = [`**Type** ${code(name)}`];
  if (name !== written) lines.push(`Written with its older name ${code(written)}.`);
  const type = messageType(name);
  const comment = comments.commentOf(name);
  if (comment !== undefined) lines.push(comment);
  if (!type) lines.push('Not in the API that Envoy Lens knows: its fields are neither checked nor linked.');
  else if (type.fieldList.length > 0) lines.push(`Fields: ${listFields(type.fieldList.filter(({ removed }) => !removed))}`);
  return lines.join('\n\n');
}

const MAX_FIELDS = 12;

function listFields(fields: readonly { readonly name: string }[]): string {
  const shown = fields.slice(0, MAX_FIELDS).map(({ name }) => code(name));
  return `${shown.join(', ')}${fields.length > MAX_FIELDS ? ` and ${fields.length - MAX_FIELDS} more` : ''}`;
}
