/** Hover of a policy of an RBAC filter: what its action is, for whom and for what, in words. */
import { COMPARISON_WORDS, readHeaderComparison, readTextComparison } from '../../model/textComparison';
import { snakeCase, type ConfigNode } from '../../schema/configNode';
import { code } from '../markdown';

/** Deeper rules, and more of one kind, are left to the file. */
const MAX_DEPTH = 6;
const MAX_RULES = 6;

/** `node`: the value in the map of policies. [] elsewhere. */
export function describeRbacPolicy(node: ConfigNode): string[] {
  const policies = node.parent;
  const rules = policies?.tree.key(policies.id) === 'policies' ? policies.parent : undefined;
  if (!rules || !node.has('permissions') || !node.has('principals')) return [];
  const shadow = /^shadow_?rules$/i.test(rules.tree.key(rules.id) ?? '');
  const action = rules.enumName('action') || 'ALLOW';
  return [
    `**${action}**${shadow ? ', only counted (shadow rules)' : ''}`,
    `Who: ${joined(node.list('principals'), ' or ', 0)}`,
    `What: ${joined(node.list('permissions'), ' or ', 0)}`,
  ];
}

function joined(rules: readonly ConfigNode[], word: string, depth: number): string {
  const shown = rules.slice(0, MAX_RULES).map((each) => describeRule(each, depth));
  return [...shown, ...(rules.length > MAX_RULES ? ['…'] : [])].join(word) || 'nobody';
}

function describeRule(rule: ConfigNode, depth: number): string {
  const [field = '', value] = rule.entries().find(([key]) => key !== '@type') ?? [];
  if (!value || depth > MAX_DEPTH) return '…';
  const name = snakeCase(field);
  const list = value.list('rules').length > 0 ? value.list('rules') : value.list('ids');
  switch (name) {
    case 'any':
      return 'any';
    case 'and_rules':
    case 'and_ids':
      return enclose(list, ' and ', depth);
    case 'or_rules':
    case 'or_ids':
      return enclose(list, ' or ', depth);
    case 'not_rule':
    case 'not_id':
      return `not ${describeRule(value, depth + 1)}`;
    case 'authenticated':
      return value.has('principal_name') ? `identity ${test(value.get('principal_name'))}` : 'any identity';
    case 'header':
      return `header ${code(value.string('name'))} ${test(value)}`;
    case 'url_path':
      return `path ${test(value.get('path'))}`;
    default:
      return `${name.replace(/_/g, ' ')} ${value.has('key') ? `${code(value.string('key'))} ` : ''}${test(value)}`;
  }
}

function enclose(rules: readonly ConfigNode[], word: string, depth: number): string {
  return rules.length > 1 ? `(${joined(rules, word, depth + 1)})` : joined(rules, word, depth + 1);
}

/** A value by itself, a range of addresses, or how a text is compared. */
function test(value: ConfigNode | undefined): string {
  if (!value?.isObject) return code(value?.asString() ?? String(value?.asNumber() ?? value?.asBoolean() ?? ''));
  if (value.has('address_prefix')) return code(`${value.string('address_prefix')}/${value.number('prefix_len') ?? 32}`);
  const matcher = value.get('string_match') ?? value;
  const comparison = readTextComparison(matcher) ?? readHeaderComparison(value);
  if (comparison) return `${value.bool('invert_match') ? 'not ' : ''}${COMPARISON_WORDS[comparison.kind]} ${code(comparison.text)}`;
  if (value.bool('present_match')) return value.bool('invert_match') ? 'is absent' : 'is there';
  return '…';
}
