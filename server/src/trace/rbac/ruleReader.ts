/** Permissions and principals alike: one field says the kind. Each rule is read once, into a function of the context. */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { mayLackEntries } from '../../schema/mayLackEntries';
import { say, words } from '../record/sentence';
import { allOf, anyOf, invert, unknown, type Verdict } from '../verdict';
import type { RbacContext } from './rbacDecision';

export type RuleTest = (context: RbacContext) => Verdict;

/** The value of a field, and how to test it. */
export type RuleField = readonly [field: string, read: (value: ConfigNode, readRule: (rule: ConfigNode) => RuleTest) => RuleTest];

/** Protobuf's own limit of nesting. */
const MAX_DEPTH = 100;

/** `what`: permission, principal. */
export function ruleReader(what: string, fields: readonly RuleField[]): (rule: ConfigNode) => RuleTest {
  let depth = 0;
  const read = (rule: ConfigNode): RuleTest => {
    const found = fields.find(([name]) => rule.has(name));
    const value = found && rule.get(found[0]);
    if (!found || !value) return () => unknown(say`a ${words(what)} of a kind that is not known`, rule);
    if (depth >= MAX_DEPTH) return () => unknown(say`what a ${words(what)} of more than 100 levels says`, rule);
    depth++;
    const test = found[1](value, read);
    depth--;
    return test;
  };
  return memoizeByNode(read);
}

/** A kind without rules inside. */
export function plainField(field: string, test: (value: ConfigNode, context: RbacContext) => Verdict): RuleField {
  return [
    field,
    (value) => {
      const isCut = value.isIncomplete;
      return (context) => (isCut ? unknown(say`the rest of ${field}, which the file leaves out`, value) : test(value, context));
    },
  ];
}

/** The rules of a set; what the file leaves out is one more, of which nothing is known. */
function rulesOf(set: ConfigNode, list: string, readRule: (rule: ConfigNode) => RuleTest): RuleTest[] {
  const lost: RuleTest = () => unknown(say`the ${words(list)} that the file leaves out`, set);
  return [...set.list(list).map(readRule), ...(mayLackEntries(set, list) ? [lost] : [])];
}

/** `and_rules: {rules}`, `and_ids: {ids}`. */
export function allField(field: string, list: string): RuleField {
  return [
    field,
    (set, readRule) => {
      const tests = rulesOf(set, list, readRule);
      return (context) => allOf(tests, (test) => test(context));
    },
  ];
}

/** A rule that holds where one of a list does. */
export function anyField(field: string, list: string): RuleField {
  return [
    field,
    (set, readRule) => {
      const tests = rulesOf(set, list, readRule);
      return (context) => anyOf(tests, (test) => test(context));
    },
  ];
}

/** A rule that holds where another does not. */
export function notField(field: string): RuleField {
  return [
    field,
    (rule, readRule) => {
      const test = readRule(rule);
      const [kind = field] = rule.entries()[0] ?? [];
      return (context) => invert(test(context), say`${kind} holds, and must not (${field})`, rule);
    },
  ];
}
