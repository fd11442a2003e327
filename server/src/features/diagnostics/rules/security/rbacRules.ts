/** RBAC rules that Envoy refuses: headers in a network filter, ranges of ports that are none (source/extensions/filters/common/rbac). */
import type { ConfigNode } from '../../../../schema/configNode';
import { refusalRule } from '../../messageRule';
import type { Problem } from '../../rule';
import { ruleErrorAt } from '../../typesAbove';

export const rbacRules = refusalRule('rbac-rules', {
  'envoy.extensions.filters.network.rbac.v3.RBAC': (config) =>
    [config.get('rules'), config.get('shadow_rules')]
      .flatMap((rules) => rules?.map('policies') ?? [])
      .flatMap(([, policy]) => headersIn([...policy.list('permissions'), ...policy.list('principals')]))
      .map((header) => ruleErrorAt(header, 'A header rule is not supported by the RBAC network filter.')),
  'envoy.config.rbac.v3.Permission': (permission) => [checkPorts(permission.get('destination_port_range'))],
});

/** Header rules in document order, however deep (network/rbac/config.cc validateRbacRules). */
function headersIn(conditions: readonly ConfigNode[]): ConfigNode[] {
  const found: ConfigNode[] = [];
  const pending = [...conditions].reverse();
  for (let next = pending.pop(); next; next = pending.pop()) {
    const header = next.get('header');
    if (header) found.push(header);
    pending.push(...innerConditions(next).reverse());
  }
  return found;
}

function innerConditions(condition: ConfigNode): ConfigNode[] {
  const negated = condition.get('not_rule') ?? condition.get('not_id');
  if (negated) return [negated];
  const rules = condition.get('and_rules') ?? condition.get('or_rules');
  if (rules) return rules.list('rules');
  return (condition.get('and_ids') ?? condition.get('or_ids'))?.list('ids') ?? [];
}

function checkPorts(range: ConfigNode | undefined): Problem | undefined {
  if (!range || range.isIncomplete) return undefined;
  const start = range.number('start') ?? 0;
  const end = range.number('end') ?? 0;
  if (start < 0 || start > 65_536) return ruleErrorAt(range, `The range start ${start} is out of bounds.`);
  if (end < 0 || end > 65_536) return ruleErrorAt(range, `The range end ${end} is out of bounds.`);
  return start >= end
    ? ruleErrorAt(
        range,
        `The range start ${start} cannot be greater than or equal to the range end ${end} (which is not part of the range).`,
      )
    : undefined;
}
