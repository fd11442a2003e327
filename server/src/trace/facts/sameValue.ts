/** Are two google.protobuf.Values the same (Envoy: source/common/protobuf/utility.cc, ValueUtil::equal)? */
import { isJsonObject } from '../../protocol/jsonValue';

/** The order of items counts, that of fields does not. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => sameValue(item, other[index]));
  if (!isJsonObject(one) || !isJsonObject(other)) return one === other;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => name in other && sameValue(one[name], other[name]));
}
