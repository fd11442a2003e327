/** A value that the validation rules of its field refuse (protoc-gen-validate): out of range, too short, not of the pattern … */
import type { ConfigNode } from '../../../../schema/configNode';
import type { MessageType } from '../../../../schema/table/messageType';
import { NodeKind } from '../../../../syntax/tree/syntaxTree';
import { errorAt } from '../../problem';
import { refusalAt, typesAbove } from '../../typesAbove';
import type { SchemaRule } from '../../rule';
import { describeBrokenDefault, describeBrokenRule, describeUnfitDuration } from '../../schemaCheck/brokenRule';
import { findNaN } from '../../schemaCheck/notANumber';
import { describeWrongType } from '../../schemaCheck/wrongType';
import { valuesOf } from '../../schemaCheck/checkSchema';
import type { Field, FieldRules } from '../../../../schema/table/messageDescription';

export const invalidValue: SchemaRule = {
  code: 'invalid-value',
  applies: 'written',
  visit: (report) => ({
    field(value, field) {
      if (!field.rules || field.removed) return;
      const broken = field.mapKey !== undefined ? brokenMap(value, field) : field.repeated ? brokenList(value, field) : undefined;
      if (broken) report.add(refusalAt(broken.at, `"${field.name}": ${broken.reason}`));
    },
    value(value, field, owner) {
      const rules = field.mapKey !== undefined ? field.rules?.values : field.repeated ? field.rules?.items : field.rules;
      const share = findNaN(value, field, owner);
      if (share) report.add(errorAt(share, `"${field.name}": the value is not in the range of 0 to 100.`));
      if (field.removed || (!rules && field.type !== 'message') || describeWrongType(value, field) !== undefined) return;
      const broken = rules && (isEmptyItem(value, field) ? describeBrokenDefault(field, rules) : describeBrokenRule(value, field, rules));
      const unfit = broken === undefined && !isConstant(owner) ? describeUnfitDuration(value, field) : undefined;
      if (broken !== undefined) report.add(refusalAt(value, `"${field.name}": ${broken}`));
      if (unfit !== undefined) report.add((isOfPolicy(value) ? errorAt : refusalAt)(value, `"${field.name}": ${unfit}`));
    },
  }),
};

/** A constant in a CEL matcher is a value, and no time that Envoy waits (those of RBAC conditions are checked all the same). */
function isConstant({ name }: MessageType): boolean {
  return name === 'cel.expr.Constant';
}

/** Load balancing policies are not validated, but their times are read at once, but for that of a cookie (common/http/hash_policy.cc takes its seconds as they are). */
function isOfPolicy(value: ConfigNode): boolean {
  return value.enclosing('cookie') === undefined && typesAbove(value)[0]?.startsWith('envoy.extensions.load_balancing_policies.') === true;
}

/** A null in a list of scalars is read as their default. */
function isEmptyItem({ tree, id, parent }: ConfigNode, field: Field): boolean {
  return field.repeated && field.type !== 'message' && tree.kind(id) === NodeKind.null && parent?.isArray === true;
}

interface Broken {
  readonly at: ConfigNode;
  readonly reason: string;
}

function brokenList(value: ConfigNode, field: Field): Broken | undefined {
  const { minItems, maxItems, unique, ignoreEmpty } = field.rules ?? {};
  if (minItems === undefined && maxItems === undefined && !unique) return undefined;
  const items = valuesOf(value.tree, value.id, field);
  if (items.length === 0 && ignoreEmpty) return undefined;
  if (minItems !== undefined && items.length < minItems && !value.isIncomplete)
    return { at: value, reason: `value must contain at least ${minItems} item(s)` };
  if (maxItems !== undefined && items.length > maxItems)
    return { at: value, reason: `value must contain no more than ${maxItems} item(s)` };
  return unique ? repeatedItem(value) : undefined;
}

function repeatedItem(value: ConfigNode): Broken | undefined {
  const seen = new Set<string>();
  for (const item of value.items()) {
    const text = item.asString();
    if (text === undefined) continue;
    if (seen.has(text)) return { at: item, reason: 'repeated value must contain unique items' };
    seen.add(text);
  }
  return undefined;
}

function brokenMap(value: ConfigNode, field: Field): Broken | undefined {
  const { minPairs, maxPairs, keys } = field.rules ?? {};
  const entries = value.entries();
  if (minPairs !== undefined && entries.length < minPairs && !value.isIncomplete)
    return { at: value, reason: `value must contain at least ${minPairs} pair(s)` };
  if (maxPairs !== undefined && entries.length > maxPairs)
    return { at: value, reason: `value must contain no more than ${maxPairs} pair(s)` };
  const least = keys && shortestKey(keys);
  const short = least === undefined ? undefined : entries.find(([key]) => key.length < least);
  return short && { at: short[1], reason: `the key must have at least ${least} characters` };
}

function shortestKey({ minLen, minBytes }: FieldRules): number | undefined {
  return minLen ?? minBytes;
}
