/** Metadata as Lua tables and back (Envoy: source/extensions/filters/common/lua/wrappers.cc MetadataMapHelper). */
import { NotKnown } from '../../facts/notKnown';
import { renderSentence, words } from '../../record/sentence';
import { isUnknown, listTable, LuaError, LuaStop, newTable, unknownValue, type LuaTable, type LuaValue } from '../../lua/luaValue';

const MAX_DEPTH = 50;

/** A value of metadata as scripts see it (Envoy: source/extensions/filters/http/lua/wrappers.cc). */
export function luaOfMetadata(value: unknown, depth = 0): LuaValue {
  if (value instanceof NotKnown) return unknownValue(renderSentence(value.missing));
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  if (depth > MAX_DEPTH) return unknownValue('metadata of so many levels');
  if (Array.isArray(value)) return listTable(value.map((each) => luaOfMetadata(each, depth + 1)));
  return newTable(Object.entries(value).map(([key, each]) => [key, luaOfMetadata(each, depth + 1)] as const));
}

/** A table whose keys are all whole numbers is a list; other keys must be texts. */
export function metadataOfLua(value: LuaValue, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isUnknown(value)) return new NotKnown(words(value.what));
  if (value.kind !== 'table') throw new LuaError('unexpected type in dynamicMetadata');
  if (depth > MAX_DEPTH) throw new LuaStop('metadata of so many levels');
  const length = listLength(value);
  if (length > 0) return Array.from({ length }, (_, index) => metadataOfLua(value.entries.get(index + 1) ?? null, depth + 1));
  return Object.fromEntries(
    [...value.entries].map(([key, each]) => {
      if (typeof key !== 'string') throw new LuaError('only string keys are supported');
      return [key, metadataOfLua(each, depth + 1)];
    }),
  );
}

const MAX_LIST = 10_000;

function listLength({ entries }: LuaTable): number {
  let length = 0;
  for (const key of entries.keys()) {
    if (typeof key !== 'number' || !Number.isInteger(key) || key < 1) return 0;
    length = Math.max(length, key);
  }
  if (length > MAX_LIST) throw new LuaStop('a list of that length');
  return length;
}
