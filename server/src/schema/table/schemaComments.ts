/** What the API's own comments say, for hovers and completion; the file is made at build time by tools/schema/comments.mjs. */

export interface SchemaComments {
  /**
   * One or two sentences of Markdown on a message or an enum, or on a member of it (proto name of a field, name of a value).
   * Undefined where the protos say nothing; they are a little older than the table.
   */
  commentOf(messageOrEnum: string, member?: string): string | undefined;
  /** Where Envoy's own documentation says more: the address of the message, or of a field of it. Undefined where it has no page. */
  pageOf?(message: string, field?: string): string | undefined;
}

export const noSchemaComments: SchemaComments = { commentOf: () => undefined };

/** Reads dist/schemaComments.json, when a hover first asks; text that is no such file gives no comments. */
export function readSchemaComments(json: string): SchemaComments {
  const entries = parseEntries(json);
  return {
    commentOf(messageOrEnum, member = '') {
      const comment = ownValue(ownValue(entries, messageOrEnum), member);
      return typeof comment === 'string' ? comment : undefined;
    },
    pageOf(message, field) {
      const page = ownValue(ownValue(entries, message), PAGE);
      return typeof page === 'string' ? `${DOCUMENTATION}${page}.proto#${anchorOf(message, field)}` : undefined;
    },
  };
}

/** No name of a field: under it stands the page. */
const PAGE = '@';
const DOCUMENTATION = 'https://www.envoyproxy.io/docs/envoy/latest/api-v3/';

/** As Envoy's documentation makes them (envoy: tools/protodoc). */
function anchorOf(message: string, field: string | undefined): string {
  const name = [message.replace(/^envoy\./, ''), ...(field === undefined ? [] : [field])].join('.');
  return `envoy-v3-api-${field === undefined ? 'msg' : 'field'}-${name.toLowerCase().replace(/[._]/g, '-')}`;
}

function parseEntries(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Own properties only: names come from documents, and `constructor` is a name too. */
function ownValue(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null && Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;
}
