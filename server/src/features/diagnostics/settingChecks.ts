/** Checks that many extensions share: fields that need or exclude each other. */
import type { ConfigNode } from '../../schema/configNode';
import { errorAt } from './problem';
import type { Problem } from './rule';

/** The later of two fields that must not both be set. Empty texts and lists and `false` count as unset, as in Envoy's own checks. */
export function exclusive(owner: ConfigNode, one: string, other: string, message?: string): Problem | undefined {
  const [first, second] = [isGiven(owner, one), isGiven(owner, other)];
  if (!first || !second) return undefined;
  return errorAt(second.id > first.id ? second : first, message ?? `Only one of "${one}" and "${other}" can be set.`, {
    related: [{ message: 'The other one', at: second.id > first.id ? first : second }],
  });
}

/** An error at the message where none of the fields is set. */
export function needsOneOf(owner: ConfigNode, names: readonly string[], message?: string): Problem | undefined {
  if (owner.isIncomplete || names.some((name) => isGiven(owner, name))) return undefined;
  return errorAt(owner, message ?? `One of ${names.map((name) => `"${name}"`).join(', ')} must be set.`);
}

/** The pauses of a `BackoffStrategy` and of what looks like one (common/config/utility.cc buildJitteredExponentialBackOffStrategy). */
export function backOffTimes(backOff: ConfigNode): Problem | undefined {
  const [base, most, at] = [backOff.duration('base_interval'), backOff.duration('max_interval'), backOff.get('max_interval')];
  return at && base !== undefined && most !== undefined && most < base
    ? errorAt(at, '"max_interval" must be greater than or equal to "base_interval".')
    : undefined;
}

/** The field where it is set to something. */
export function isGiven(owner: ConfigNode, name: string): ConfigNode | undefined {
  const node = owner.get(name);
  if (!node) return undefined;
  if (node.isArray) return owner.list(name).length > 0 ? node : undefined;
  const value = node.tree.scalar(node.id);
  return value === '' || value === false ? undefined : node;
}

/** Items whose key an earlier item has, each with the first. */
export function repeatedItems(
  items: readonly ConfigNode[],
  keyOf: (item: ConfigNode) => string,
  message: (key: string) => string,
): Problem[] {
  const seen = new Map<string, ConfigNode>();
  return items.flatMap((item) => {
    const key = keyOf(item);
    const first = seen.get(key);
    if (!first) seen.set(key, item);
    return first ? [errorAt(item, message(key), { related: [{ message: 'The first one', at: first }] })] : [];
  });
}
