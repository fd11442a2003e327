/** Header rules that a network filter refuses when it is loaded (Envoy: source/extensions/filters/network/rbac/config.cc validateRbacRules). */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { say, type Sentence } from '../record/sentence';

export interface RefusedRule {
  readonly kind: 'refused';
  readonly because: Sentence;
  readonly at: ConfigNode;
}

/** The first `header` permission or principal of `rules` and `shadow_rules`, however deep. */
export const findRefusedHeaderRule: (config: ConfigNode) => RefusedRule | undefined = memoizeByNode((config) => {
  for (const rules of [config.get('rules'), config.get('shadow_rules')]) {
    for (const [, policy] of rules?.map('policies') ?? []) {
      const header = findHeader([...policy.list('permissions'), ...policy.list('principals')]);
      if (header)
        return { kind: 'refused', because: say`Envoy refuses a header rule (${header.string('name')}) in a network filter`, at: header };
    }
  }
  return undefined;
});

function findHeader(conditions: readonly ConfigNode[]): ConfigNode | undefined {
  const pending = [...conditions].reverse();
  for (let next = pending.pop(); next; next = pending.pop()) {
    const header = next.get('header');
    if (header) return header;
    pending.push(...childrenOf(next).reverse());
  }
  return undefined;
}

function childrenOf(condition: ConfigNode): ConfigNode[] {
  const negated = condition.get('not_rule') ?? condition.get('not_id');
  if (negated) return [negated];
  const rules = condition.get('and_rules') ?? condition.get('or_rules');
  if (rules) return rules.list('rules');
  return (condition.get('and_ids') ?? condition.get('or_ids'))?.list('ids') ?? [];
}
