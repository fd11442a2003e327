/** The keys of a document, each once, by number; and the texts of its types. */

export interface KeyTable {
  /** Decoded keys by id. */
  readonly names: string[];
  readonly ids: Map<string, number>;
  /** The id of `@type`; until it is met a number that no value has for its key. */
  typeKey: number;
  /** The same of a TypedStruct's `type_url`, in the spelling that was met last. */
  urlKey: number;
}

export function createKeyTable(): KeyTable {
  return { names: [], ids: new Map(), typeKey: -2, urlKey: -2 };
}

/** The id of a key that is given decoded; a new one, where it is not known yet. */
export function internKeyName(table: KeyTable, name: string): number {
  return table.ids.get(name) ?? addKey(table, name);
}

function addKey(table: KeyTable, name: string): number {
  const id = table.names.length;
  table.names.push(name);
  table.ids.set(name, id);
  if (name === '@type') table.typeKey = id;
  else if (name === 'type_url' || name === 'typeUrl') table.urlKey = id;
  return id;
}
