/** A branch of a unified matcher (xds.type.matcher.v3.Matcher) read from the inside out: which conditions lead to it, what it chooses. */
import { readTyped, type ConfigNode } from '../../schema/configNode';
import { shortNameOf } from '../../schema/table/typeUrl';

export interface MatcherCondition {
  /** What is looked at. Example: `destination port`, `filter state io.istio.connect_authority` */
  readonly input: string;
  /** The input's message name. Example: `envoy.extensions.matching.common_inputs.network.v3.DestinationPortInput`; '' unknown. */
  readonly inputType: string;
  /** `otherwise`: no other branch of that matcher was taken. `predicate`: see `predicate`. */
  readonly test: 'is' | 'begins_with' | 'in_range' | 'in_domain' | 'predicate' | 'otherwise';
  readonly values: readonly string[];
  readonly predicate?: ConfigNode;
  /** Where the condition stands. */
  readonly at: ConfigNode;
}

/** The conditions on the way to a node inside a matcher, outermost first; [] when it is in none. */
export function conditionsTo(node: ConfigNode): MatcherCondition[] {
  const found: MatcherCondition[] = [];
  for (let at: ConfigNode | undefined = node; at; at = at.parent) {
    const condition = conditionOf(at);
    if (condition) found.unshift(condition);
  }
  return found;
}

/** The condition under which an `OnMatch` (or an entry of a map, a range, a domain) is taken. */
function conditionOf(node: ConfigNode): MatcherCondition | undefined {
  const { key, parent } = node;
  if (!parent) return undefined;
  if (node.isField('on_no_match')) return { ...inputOf(parent.get('matcher_tree')), test: 'otherwise', values: [], at: node };
  if (node.isField('on_match')) return conditionOfMatch(parent, node);
  const map = parent.isField('map') ? parent.parent : undefined;
  if (map?.isField('exact_match_map')) return { ...inputOf(map.parent), test: 'is', values: [key], at: node };
  if (map?.isField('prefix_match_map')) return { ...inputOf(map.parent), test: 'begins_with', values: [key], at: node };
  return undefined;
}

/** `on_match` of a matcher list's entry, of an IPMatcher's range, of a ServerNameMatcher's domains. */
function conditionOfMatch(entry: ConfigNode, at: ConfigNode): MatcherCondition | undefined {
  const predicate = entry.get('predicate');
  if (predicate) return { input: '', inputType: '', test: 'predicate', values: [], predicate, at };
  const ranges = entry.list('ranges').map((range) => `${range.string('address_prefix')}/${range.number('prefix_len') ?? 0}`);
  const input = inputOf(enclosingTree(entry));
  if (ranges.length > 0) return { ...input, test: 'in_range', values: ranges, at };
  const domains = entry.list('domains').map((domain) => domain.asString() ?? '');
  return domains.length > 0 ? { ...input, test: 'in_domain', values: domains, at } : undefined;
}

function enclosingTree(node: ConfigNode): ConfigNode | undefined {
  for (let at: ConfigNode | undefined = node; at; at = at.parent) if (at.has('input')) return at;
  return undefined;
}

function inputOf(tree: ConfigNode | undefined): { input: string; inputType: string } {
  const input = tree?.get('input');
  const typed = input?.typed();
  return { input: describeInput(typed?.type ?? '', typed?.node) || input?.string('name') || '', inputType: typed?.type ?? '' };
}

/** `…DestinationPortInput` → `destination port`; with the key, header or parameter that it reads. */
function describeInput(type: string, config: ConfigNode | undefined): string {
  const short = shortNameOf(type).replace(/(Match)?Input$/, '');
  const label = short
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/^Http /, '')
    .replace(/[A-Z][a-z]+/g, (word) => word.toLowerCase());
  const of = config?.string('header_name') || config?.string('query_param') || config?.string('key') || '';
  return of ? `${label} ${of}` : label;
}

/** The name that a filter chain matcher's action chooses: the string value, not the label. */
export function chainNameOf(action: ConfigNode): string | undefined {
  const config = action.get('typed_config');
  return config && readTyped(config).type === 'google.protobuf.StringValue' ? config.string('value') : undefined;
}

/** The `OnMatch` or `action` that a node is in; undefined outside of matchers. */
export function enclosingAction(node: ConfigNode): ConfigNode | undefined {
  for (let at: ConfigNode | undefined = node; at; at = at.parent) {
    // Other messages have an `action` too: an RBAC's is a word.
    if (at.isField('action') && at.has('typed_config')) return at;
    if (at.has('filter_chains') || at.has('matcher_tree') || at.has('matcher_list')) return undefined;
  }
  return undefined;
}

/** The `OnMatch` that a node stands for: an entry of a map by its key, or the range whose address, length or braces it is. */
export function branchOf(node: ConfigNode): ConfigNode | undefined {
  if (conditionOf(node) !== undefined) return node;
  for (let at = node.parent, steps = 0; at && steps < 3; at = at.parent, steps++)
    if (at.isField('ranges')) return at.parent?.get('on_match');
  return undefined;
}

/** All actions of a matcher in file order, with a bound for hostile files. */
export function actionsOf(matcher: ConfigNode, limit = 10_000): ConfigNode[] {
  const found: ConfigNode[] = [];
  const pending: ConfigNode[] = [matcher];
  for (let at = pending.pop(); at && found.length < limit; at = pending.pop()) {
    if (at.isField('action')) {
      found.push(at);
      continue;
    }
    const children = at.isArray ? at.items() : at.entries().map(([, value]) => value);
    for (const child of children.reverse()) if (child.isObject || child.isArray) pending.push(child);
  }
  return found;
}
