/** The unified matcher (Envoy: source/common/matcher/{list_matcher,map_matcher,matcher}.h, envoy/matcher/matcher.h evaluateMatch). */
import type { ConfigNode } from '../../schema/configNode';
import type { RejectedList } from '../record/hopRecord';
import { joinRejected } from '../record/rejectedList';
import { say, words, type Sentence } from '../record/sentence';
import type { FindLost, LostActions } from './lostActions';
import type { MatchContext } from './matchContext';
import { actionName, MAX_MATCHER_DEPTH, rejectBranch } from './matcherActions';
import type { MatcherLoss, MatcherResult } from './matcherResult';
import { testPredicate } from './testPredicate';
import { branchesOfTree } from './tree/branchesOfTree';

/**
 * Evaluates `xds.type.matcher.v3.Matcher` or its older twin `envoy.config.common.matcher.v3.Matcher`. A miss of a nested matcher goes
 * back to its parent, which tries what is left; Envoys before 1.35 end there instead.
 */
export function evaluateMatcher(matcher: ConfigNode, context: MatchContext): MatcherResult {
  return evaluateLossy(matcher, context, findNothingLost) as MatcherResult;
}

const NOTHING_LOST: LostActions = new Map();
/** Of a place where Envoy refuses what it cannot do. */
export const findNothingLost: FindLost = () => NOTHING_LOST;

/** The same at a place where Envoy loses actions without a word. */
export function evaluateLossy(matcher: ConfigNode, context: MatchContext, findLost: FindLost): MatcherResult | MatcherLoss {
  const walk: Walk = { context, lost: findLost(matcher), rejected: [], skipped: [], depth: 0 };
  const outcome = evaluate(matcher, walk);
  const shared = { rejected: joinRejected(walk.rejected), skipped: walk.skipped };
  switch (outcome.kind) {
    case 'lost':
      return { ...outcome, rejected: shared.rejected };
    case 'match':
      return { ...shared, ...outcome, because: joinConditions(outcome.conditions) };
    case 'no_match':
      return { ...shared, kind: 'no_match', because: outcome.because, ...(outcome.insufficientData && { insufficientData: true }) };
    case 'insufficient':
      return { ...shared, kind: 'insufficient', missing: outcome.missing };
  }
}

interface Walk {
  readonly lost: LostActions;
  readonly context: MatchContext;
  readonly rejected: RejectedList[];
  readonly skipped: ConfigNode[];
  depth: number;
}

type Outcome =
  | { readonly kind: 'match'; readonly action: ConfigNode; readonly conditions: readonly Sentence[] }
  | { readonly kind: 'no_match'; readonly because: Sentence; readonly insufficientData?: boolean }
  | { readonly kind: 'lost'; readonly because: Sentence; readonly at: ConfigNode }
  | { readonly kind: 'insufficient'; readonly missing: Sentence };

function evaluate(matcher: ConfigNode, walk: Walk): Outcome {
  if (++walk.depth > MAX_MATCHER_DEPTH)
    return { kind: 'insufficient', missing: say`what a matcher of more than ${MAX_MATCHER_DEPTH} levels does` };
  const tree = matcher.get('matcher_tree');
  const outcome = tree ? evaluateTree(matcher, tree, walk) : evaluateList(matcher, walk);
  walk.depth--;
  return outcome;
}

/** In order; the first item that holds and leads to an action wins. A matcher with neither list nor tree is Envoy's AnyMatcher. */
function evaluateList(matcher: ConfigNode, walk: Walk): Outcome {
  const list = matcher.path('matcher_list', 'matchers');
  for (const item of list?.items() ?? []) {
    const predicate = item.get('predicate');
    const onMatch = item.get('on_match');
    const tested = testPredicate(predicate, walk.context);
    if (tested.kind === 'not_available') return { kind: 'no_match', insufficientData: true, because: tested.because };
    if (tested.kind === 'unknown') return { kind: 'insufficient', missing: tested.missing };
    if (tested.kind === 'no') {
      walk.rejected.push(rejectBranch(onMatch, tested.because, tested.at ?? predicate));
      continue;
    }
    const outcome = follow(onMatch, tested.because, walk);
    if (outcome.kind !== 'no_match' || walk.context.commitsToFirstHit || outcome.insufficientData) return outcome;
  }
  return onNoMatch(matcher, walk, {
    lost: list ?? matcher.get('matcher_list'),
    because: list ? say`no entry of the matcher list holds` : say`the matcher has no conditions`,
  });
}

/** The branches that the input leads to, best first; each may miss. */
function evaluateTree(matcher: ConfigNode, tree: ConfigNode, walk: Walk): Outcome {
  const found = branchesOfTree(tree, walk.context);
  if (found.kind === 'not_available') return { kind: 'no_match', insufficientData: true, because: found.because };
  if (found.kind === 'unknown') return { kind: 'insufficient', missing: found.missing };
  walk.rejected.push(found.rejected);
  for (const { onMatch, because } of found.branches) {
    const outcome = follow(onMatch, because, walk);
    if (outcome.kind !== 'no_match' || outcome.insufficientData) return outcome;
    if (walk.context.commitsToFirstHit && !found.retriesByItself) return outcome;
  }
  return onNoMatch(matcher, walk, { lost: found.container, because: found.missed });
}

/** What Envoy has made nothing of is taken all the same. */
function lossOf({ lost }: Walk, because: Sentence, { key, at }: { key: number; at: ConfigNode }): Outcome | undefined {
  const loss = lost.get(key);
  if (loss === 'lost') return { kind: 'lost', because, at };
  if (loss === undefined) return undefined;
  const missing = say`whether Envoy has lost what follows when ${because}: it makes the entries of a map in any order, and after ${'keep_matching'} none`;
  return { kind: 'insufficient', missing };
}

/** OnMatch: an action, or a nested matcher whose miss is a miss here. */
function follow(onMatch: ConfigNode | undefined, because: Sentence, walk: Walk): Outcome {
  const loss = onMatch && lossOf(walk, because, { key: onMatch.id, at: onMatch });
  if (loss) return loss;
  const nested = onMatch?.get('matcher');
  const action = onMatch?.get('action');
  const outcome: Outcome = nested
    ? evaluate(nested, walk)
    : action
      ? { kind: 'match', action, conditions: [] }
      : onMatch?.isIncomplete
        ? { kind: 'insufficient', missing: say`what follows when ${because}: the file leaves it out` }
        : { kind: 'no_match', because: say`${because}, but nothing follows from it` };
  if (outcome.kind === 'no_match') return { ...outcome, because: outcome.because };
  if (outcome.kind !== 'match') return outcome;
  if ((outcome.action.get('typed_config') ?? outcome.action).isIncomplete)
    return { kind: 'insufficient', missing: say`the action that is taken when ${because}: the file leaves a part of it out` };
  if (onMatch?.bool('keep_matching') === true) {
    walk.skipped.push(outcome.action);
    walk.rejected.push(rejectBranch(onMatch, words('it is found but passed over by keep_matching'), onMatch));
    return { kind: 'no_match', because: say`${actionName(outcome.action)} is passed over by keep_matching` };
  }
  return { ...outcome, conditions: [because, ...outcome.conditions] };
}

function onNoMatch(matcher: ConfigNode, walk: Walk, miss: { lost: ConfigNode | undefined; because: Sentence }): Outcome {
  if (miss.lost?.isIncomplete)
    return { kind: 'insufficient', missing: say`the matcher's entries that the file leaves out: ${miss.because}` };
  const otherwise = matcher.get('on_no_match');
  const loss = lossOf(walk, miss.because, { key: matcher.id, at: otherwise ?? matcher });
  if (loss) return loss;
  if (otherwise) return follow(otherwise, miss.because, walk);
  if (matcher.isIncomplete)
    return { kind: 'insufficient', missing: say`the rest of the matcher, which the file leaves out: ${miss.because}` };
  return { kind: 'no_match', because: miss.because };
}

function joinConditions(conditions: readonly Sentence[]): Sentence {
  const strings = ['', ...conditions.map((_, index) => (index < conditions.length - 1 ? ', ' : ''))];
  return { strings, values: conditions };
}
