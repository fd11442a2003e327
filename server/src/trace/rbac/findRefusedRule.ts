/** Rules that Envoy refuses when it loads them (Envoy: source/extensions/filters/network/rbac/config.cc validateRbacRules; common/rbac/matchers.cc PortRangeMatcher). */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { keepsBack } from '../../schema/keptBack';
import { refusalOfCel } from '../matcher/cel/testCelMatcher';
import { refusalOfMatcher } from '../matcher/refusedParts';
import { say, type Sentence } from '../record/sentence';

export interface RefusedRule {
  readonly kind: 'refused';
  readonly because: Sentence;
  readonly at: ConfigNode;
}

/** The first rule of `rules` and `shadow_rules`, however deep, or the first part of a matcher, that a filter of that kind may not have. */
export function findRefusedRule(config: ConfigNode, kind: 'network' | 'http'): RefusedRule | undefined {
  const matcher = refusalOfMatcher(config, `envoy.extensions.filters.${kind}.rbac.v3.RBAC`);
  return (kind === 'network' ? inNetworkFilter(config) : inAnyFilter(config)) ?? (matcher && { kind: 'refused', ...matcher });
}

const inAnyFilter = memoizeByNode((config) => search(config, refusePortRange));
const inNetworkFilter = memoizeByNode((config) => search(config, refuseHeader) ?? inAnyFilter(config));

function refuseHeader(rule: ConfigNode): RefusedRule | undefined {
  const header = rule.get('header');
  return header && { kind: 'refused', because: say`a network filter may have no header rule (${header.string('name')})`, at: header };
}

function refusePortRange(rule: ConfigNode): RefusedRule | undefined {
  const range = rule.get('destination_port_range');
  if (!range || keepsBack(range)) return undefined;
  const [start, end] = [range.number('start') ?? 0, range.number('end') ?? 0];
  if (start < end && start >= 0 && end <= 65536) return undefined;
  return { kind: 'refused', because: say`range start ${start} must be below range end ${end}, and both in 0 to 65536`, at: range };
}

function search(config: ConfigNode, refuse: (rule: ConfigNode) => RefusedRule | undefined): RefusedRule | undefined {
  for (const rules of [config.get('rules'), config.get('shadow_rules')]) {
    for (const [, policy] of rules?.map('policies') ?? []) {
      const condition = policy.get('condition');
      const because = condition && refusalOfCel(condition, policy.get('cel_config'));
      if (because) return { kind: 'refused', because, at: condition };
      const pending = [...policy.list('principals').reverse(), ...policy.list('permissions').reverse()];
      for (let rule = pending.pop(); rule; rule = pending.pop()) {
        const refused = refuse(rule);
        if (refused) return refused;
        pending.push(...childrenOf(rule).reverse());
      }
    }
  }
  return undefined;
}

function childrenOf(rule: ConfigNode): ConfigNode[] {
  const negated = rule.get('not_rule') ?? rule.get('not_id');
  if (negated) return [negated];
  const rules = rule.get('and_rules') ?? rule.get('or_rules');
  if (rules) return rules.list('rules');
  return (rule.get('and_ids') ?? rule.get('or_ids'))?.list('ids') ?? [];
}
