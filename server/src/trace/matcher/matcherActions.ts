/** The actions below an OnMatch: what loses when the branch is not taken. */
import { ConfigNode, memoizeByNode } from '../../schema/configNode';
import type { RejectedList } from '../record/hopRecord';
import { lazyRejected } from '../record/rejectedList';
import type { Sentence } from '../record/sentence';

/** Envoy parses messages of at most 100 levels; deeper matchers cannot be loaded. */
export const MAX_MATCHER_DEPTH = 100;

/** What an action names: the value of a StringValue, the name of a route or of an RBAC action, else the action's own label. */
export function actionName(action: ConfigNode): string {
  const config = action.typed()?.node;
  return config?.get('value')?.asString() || config?.string('name') || action.string('name');
}

/** Every action under `onMatch` loses for the same reason; of several that name the same one is told. */
export function rejectBranch(onMatch: ConfigNode | undefined, because: Sentence, at: ConfigNode | undefined): RejectedList {
  if (!onMatch) return [];
  return lazyRejected(countActions(onMatch), () => actionNames(onMatch).map((candidate) => ({ candidate, because, ...(at && { at }) })));
}

/** How many different names the actions of an OnMatch have (OnMatch.action, or those of its nested matcher). */
export const countActions: (onMatch: ConfigNode) => number = memoizeByNode((onMatch) => actionNames(onMatch).length);

/** The entries of `range_matchers` or `domain_matchers` that are not among the taken ones lose alike; sorted out when read. */
export function rejectItems(
  items: ConfigNode,
  taken: ReadonlySet<number>,
  { because, field }: { because: Sentence; field: string },
): RejectedList {
  const others = (): ConfigNode[] => items.items().filter(({ id }) => !taken.has(id));
  const takenCount = [...taken].reduce((sum, id) => sum + countBranch(new ConfigNode(items.tree, id)), 0);
  return lazyRejected(countItems(items) - takenCount, () =>
    others().flatMap((item) => namesOfItem(item).map((candidate) => ({ candidate, because, at: item.get(field) ?? item }))),
  );
}

const countItems: (items: ConfigNode) => number = memoizeByNode((items) => items.items().reduce((sum, item) => sum + countBranch(item), 0));

function countBranch(item: ConfigNode): number {
  const onMatch = item.get('on_match');
  return onMatch ? countActions(onMatch) : 0;
}

function namesOfItem(item: ConfigNode): Sentence[] {
  const onMatch = item.get('on_match');
  return onMatch ? actionNames(onMatch) : [];
}

/** What the actions of an OnMatch name, each name once, in file order. */
export function actionNames(onMatch: ConfigNode): Sentence[] {
  const found = new Set<string>();
  const pending: { onMatch: ConfigNode; depth: number }[] = [{ onMatch, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const action = next.onMatch.get('action');
    if (action) found.add(actionName(action));
    const matcher = next.onMatch.get('matcher');
    if (!matcher || next.depth > MAX_MATCHER_DEPTH) continue;
    const depth = next.depth + 1;
    for (const child of branchesOf(matcher).reverse()) pending.push({ onMatch: child, depth });
  }
  return [...found].map((name) => ({ strings: ['', ''], values: [name] }));
}

/** The OnMatches of a matcher, in file order, on_no_match last. */
function branchesOf(matcher: ConfigNode): ConfigNode[] {
  const tree = matcher.get('matcher_tree');
  const custom = tree?.get('custom_match')?.typed()?.node;
  const branches = [
    ...(matcher.path('matcher_list', 'matchers')?.items() ?? []).map((item) => item.get('on_match')),
    ...(tree?.path('exact_match_map', 'map')?.entries() ?? []).map(([, branch]) => branch),
    ...(tree?.path('prefix_match_map', 'map')?.entries() ?? []).map(([, branch]) => branch),
    ...(custom?.list('range_matchers') ?? []).map((item) => item.get('on_match')),
    ...(custom?.list('domain_matchers') ?? []).map((item) => item.get('on_match')),
    matcher.get('on_no_match'),
  ];
  return branches.filter((branch) => branch !== undefined);
}
