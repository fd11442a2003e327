/** Hover of a matcher's action: the conditions on the way to it, the chain it picks, where that leads, and the other branches. */
import { proxiesOf } from '../../index/buildSnapshot';
import { resourceAt } from '../../index/messagesAt';
import { filterChainsOf, describeDestination } from '../../model/summary/listenerSummary';
import { actionsOf, chainNameOf, conditionsTo, type MatcherCondition } from '../../model/summary/matcherBranch';
import { readTyped, type ConfigNode } from '../../schema/configNode';
import { code, count, escapeMarkdown, bulletList } from '../writing/markdown';
import { describeContent } from './describeFilterChain';
import { describeRoute } from './describeRoute';
import { shortNameOf } from '../../schema/table/typeUrl';
import type { Snapshot } from '../../index/snapshot';

const MAX_BRANCHES = 10;

/** Undefined where the action is none that we can put into words. */
export function describeMatcherAction(snapshot: Snapshot, uri: string, action: ConfigNode): string | undefined {
  const facts = snapshot.documents.get(uri);
  const owner = facts && resourceAt(facts, action.id);
  const [proxy] = proxiesOf(snapshot, uri);
  if (!owner || !proxy) return undefined;
  const lines = [
    `**Matcher action** ${code(action.string('name') || chainNameOf(action) || '(no name)')}`,
    describeConditions(conditionsTo(action)),
  ];
  const chainName = chainNameOf(action);
  if (owner.kind === 'listener' && chainName !== undefined) {
    const found = filterChainsOf(owner.node).find(({ chain }) => chain.string('name') === chainName);
    lines.push(
      found
        ? `Picks the filter chain ${code(chainName)}`
        : `Picks the filter chain ${code(chainName)}, **which this listener does not have**: the connection is closed.`,
    );
    if (found) lines.push(...describeContent(found.chain));
    lines.push(describeBranches(owner.node, action));
  } else {
    const config = action.get('typed_config');
    const typed = config && readTyped(config);
    if (typed?.type === 'envoy.config.route.v3.Route') lines.push(describeRoute({ snapshot, proxy, node: typed.node }));
    else if (typed) lines.push(`Does ${code(typed.type)}`);
  }
  return lines.filter(Boolean).join('\n\n');
}

/** The conditions in words: `destination port is 9080, and source IP is 10.244.2.3` */
function describeConditions(conditions: readonly MatcherCondition[]): string {
  if (conditions.length === 0) return 'Taken without a condition.';
  return `Taken when ${conditions.map(describeCondition).join(', and ')}`;
}

function describeCondition({ input, test, values, predicate }: MatcherCondition): string {
  const what = input ? escapeMarkdown(input) : 'the input';
  const listed = `${values.slice(0, 6).map(code).join(' or ')}${values.length > 6 ? ' or …' : ''}`;
  switch (test) {
    case 'is':
      return `${what} is ${listed}`;
    case 'begins_with':
      return `${what} begins with ${listed}`;
    case 'in_range':
      return `${what} is in ${listed}`;
    case 'in_domain':
      return `${what} is ${listed}`;
    case 'otherwise':
      return input ? `no branch for ${what} was taken` : 'nothing before it was taken';
    case 'predicate':
      return predicate ? describePredicate(predicate) : 'its predicate is true';
  }
}

function describePredicate(predicate: ConfigNode, depth = 0): string {
  if (depth > 8) return '…';
  const single = predicate.get('single_predicate');
  if (single) {
    const input = single.get('input');
    const typed = input?.typed();
    const short = typed ? escapeMarkdown(typed.node.string('header_name') || shortNameOf(typed.type)) : 'the input';
    const match = single.get('value_match');
    const [field, value] = match?.entries()[0] ?? [];
    return `${short} ${field === undefined ? 'passes a custom matcher' : `${escapeMarkdown(field)} ${code(value?.asString() ?? value?.string('regex') ?? '')}`}`;
  }
  for (const [field, word] of [
    ['and_matcher', ' and '],
    ['or_matcher', ' or '],
  ] as const) {
    const list = predicate.get(field)?.list('predicate');
    if (list)
      return `(${list
        .slice(0, 6)
        .map((each) => describePredicate(each, depth + 1))
        .join(word)})`;
  }
  const not = predicate.get('not_matcher');
  return not ? `not ${describePredicate(not, depth + 1)}` : 'its predicate is true';
}

/** What else the listener's matcher can choose. */
function describeBranches(listener: ConfigNode, action: ConfigNode): string {
  const matcher = listener.get('filter_chain_matcher');
  if (!matcher) return '';
  const others = actionsOf(matcher).filter((each) => !each.sameAs(action));
  return others.length === 0
    ? 'There is no other branch.'
    : `${count(others.length, 'other branch')}:\n\n${listBranches(listener, others, 0)}`;
}

/** Each action with its conditions, but for the outermost `known`, and where its chain leads. */
function listBranches(owner: ConfigNode, actions: readonly ConfigNode[], known: number): string {
  const chains = new Map(filterChainsOf(owner).map(({ chain }) => [chain.string('name'), chain]));
  return bulletList(actions, MAX_BRANCHES, (action) => {
    const name = chainNameOf(action) ?? action.string('name');
    const chain = chains.get(name);
    const when = describeConditions(conditionsTo(action).slice(known)).replace(/^Taken when /, '');
    return `${when}: ${code(name)}${chain ? `, ${escapeMarkdown(describeDestination(chain))}` : ''}`;
  });
}

/** Hover of a branch on its key or range: the conditions so far, and the one action or the several that it leads to. */
export function describeMatcherBranch(snapshot: Snapshot, uri: string, branch: ConfigNode): string | undefined {
  const action = branch.get('action');
  if (action) return describeMatcherAction(snapshot, uri, action);
  const matcher = branch.get('matcher');
  const facts = snapshot.documents.get(uri);
  const owner = facts && resourceAt(facts, branch.id);
  if (!matcher || !owner) return undefined;
  const conditions = conditionsTo(branch);
  const actions = actionsOf(matcher);
  return ['**Matcher branch**', `${describeConditions(conditions)}. Then:`, listBranches(owner.node, actions, conditions.length)]
    .filter(Boolean)
    .join('\n\n');
}
