/** What a matcher of a rule compares its value with, in words that follow the name of the value: `is …`, `begins with …`. */
import { COMPARISON_WORDS, readHeaderComparison, readTextComparison } from '../../model/summary/textComparison';
import type { ConfigNode } from '../../schema/configNode';
import { code } from '../writing/markdown';

/** Lists in lists of alternatives; deeper ones are left to the file. */
const MAX_DEPTH = 4;

/**
 * A plain value, a range of addresses or numbers, or how a text or a value of metadata is compared. Reads `StringMatcher`, `HeaderMatcher`,
 * `ValueMatcher`, `CidrRange`, `Int32Range`, `Int64Range`, `AddressMatcher` and extensions; what is
 * inverted is said by the caller, but for a header that must be absent. '…' where its field is one of none of them.
 */
export function describeComparison(value: ConfigNode | undefined, depth = 0): string {
  if (!value?.isObject) return code(value?.asString() ?? String(value?.asNumber() ?? value?.asBoolean() ?? ''));
  if (value.has('address_prefix')) return rangeOfAddresses(value);
  if (value.has('typed_config')) return describeExtension(value);
  const comparison = readTextComparison(value) ?? readHeaderComparison(value);
  if (comparison) return `${COMPARISON_WORDS[comparison.kind]} ${code(comparison.text)}`;
  if (value.bool('present_match')) return value.bool('invert_match') ? 'is absent' : 'is there';
  return describeValue(value, depth);
}

/** `ValueMatcher` of envoy.type.matcher.v3 where it compares no text, and what else stands for several values. */
function describeValue(value: ConfigNode, depth: number): string {
  const range = value.get('range_match') ?? value.path('double_match', 'range') ?? value;
  if (range.has('start') || range.has('end')) return `from ${range.number('start') ?? 0} to under ${range.number('end') ?? 0}`;
  const exact = value.path('double_match', 'exact') ?? value.get('bool_match');
  if (exact) return `is ${describeComparison(exact)}`;
  if (value.has('null_match')) return 'is null';
  const addresses = value.path('address_match', 'ranges')?.items() ?? [];
  if (addresses.length > 0) return `in ${addresses.map(rangeOfAddresses).join(', ')}`;
  if (depth > MAX_DEPTH) return '…';
  const item = value.path('list_match', 'one_of');
  if (item) return `has an item that ${describeComparison(item, depth + 1)}`;
  const alternatives = value.path('or_match', 'value_matchers')?.items() ?? [];
  return alternatives.map((each) => describeComparison(each, depth + 1)).join(' or ') || '…';
}

function rangeOfAddresses(range: ConfigNode): string {
  return code(`${range.string('address_prefix')}/${range.number('prefix_len') ?? 0}`);
}

/** A `TypedExtensionConfig`: a template of paths by its text, all others by their type. */
function describeExtension(extension: ConfigNode): string {
  const typed = extension.typed();
  const template = typed?.node.get('path_template')?.asString();
  return code(template ?? typed?.type ?? extension.string('name'));
}
