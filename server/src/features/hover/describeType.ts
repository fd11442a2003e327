/** Hover of a type URL: the message that it names, and what the API says of it. */
import type { DocumentFacts } from '../../index/documentFacts';
import { resourceAt } from '../../index/messagesAt';
import { messageType } from '../../schema/table/messageType';
import type { SchemaComments } from '../../schema/table/schemaComments';
import { messageNameOfTypeUrl, upgradeMessageName } from '../../schema/table/typeUrl';
import type { ConfigNode } from '../../schema/configNode';
import { code, firstOf } from '../writing/markdown';
import { linkTo } from './describeField';

/** On `@type` of an `Any` and `type_url` of a TypedStruct; undefined elsewhere. */
export function describeType(node: ConfigNode, comments: SchemaComments): string | undefined {
  const isType = node.key === '@type' || (node.isField('type_url') && node.parent?.has('value') === true);
  const url = isType ? node.asString() : undefined;
  return url === undefined || url === '' ? undefined : describeUrl(url, comments);
}

/** On the `name` of an extension: what its `typed_config` is. `notes`: what else there is to say, in Markdown. */
export function describeExtension(node: ConfigNode, comments: SchemaComments, notes: readonly string[] = []): string | undefined {
  const config = node.key === 'name' ? node.parent?.get('typed_config') : undefined;
  const url = config?.entry('@type')?.asString();
  const inner = config?.string('type_url') || url;
  return inner === undefined || inner === ''
    ? undefined
    : [`**Extension** ${code(node.asString() ?? '')}`, ...notes, describeUrl(inner, comments)].join('\n\n');
}

/** On the key over a pasted piece (`retry_policy: …`, `lb_endpoints: […]`): the message that the piece was taken for. */
export function describePiece(facts: DocumentFacts, node: ConfigNode, comments: SchemaComments): string | undefined {
  const piece = node.isArray ? node.items()[0] : node;
  const resource = piece && resourceAt(facts, piece.id);
  if (!piece || resource?.kind !== 'fragment' || !resource.node.sameAs(piece)) return undefined;
  return resource.message === undefined ? undefined : describeUrl(resource.message, comments);
}

function describeUrl(url: string, comments: SchemaComments): string {
  const written = messageNameOfTypeUrl(url);
  const name = upgradeMessageName(written);
  const lines = [`**Type** ${code(name)}`];
  if (name !== written) lines.push(`Written with its older name ${code(written)}.`);
  const type = messageType(name);
  const comment = comments.commentOf(name);
  if (comment !== undefined) lines.push(comment);
  if (!type) lines.push('Not in the API that Envoy Lens knows: its fields are neither checked nor linked.');
  else if (type.fieldList.length > 0) lines.push(`Fields: ${listFields(type.fieldList.filter(({ removed }) => !removed))}`);
  const page = comments.pageOf?.(name);
  if (page !== undefined) lines.push(linkTo(page));
  return lines.join('\n\n');
}

const MAX_FIELDS = 12;

function listFields(fields: readonly { readonly name: string }[]): string {
  return firstOf(
    fields.map(({ name }) => code(name)),
    MAX_FIELDS,
  );
}
