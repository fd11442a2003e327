/** What the API's own comments say, for hovers and completion; the file is made at build time by tools/schema/comments.mjs. */

export interface SchemaComments {
  /**
   * One or two sentences of Markdown on a message or an enum, or on a member of it (proto name of a field, name of a value).
   * Undefined where the protos say nothing; they are a little older than the table.
   */
  commentOf(messageOrEnum: string, member?: string): string | undefined;
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
  };
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
