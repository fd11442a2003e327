/** envoy.filters.http.composite: the matcher's action says which filter runs in its place (Envoy: source/extensions/filters/http/composite/action.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HopResult } from '../../hop';
import { evaluateMatcher } from '../../matcher/evaluateMatcher';
import { matchContextOf } from '../../matcher/matchContext';
import type { MatcherResult } from '../../matcher/matcherResult';
import { refusalOfMatcher } from '../../matcher/refusedParts';
import { say, words } from '../../record/sentence';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { drawFraction } from '../../runtime/drawFraction';
import { innerCall, leaveOpen, pass, refuseConfig, runInnerFilters, tell, type FilterCall, type InnerFilters } from '../filterCall';
import { wrapperConfigsOf } from '../perRouteConfig';

const EXECUTE = 'envoy.extensions.filters.http.composite.v3.ExecuteFilterAction';

/** `result`: of the matcher around the composite filter. */
export function runComposite(call: FilterCall, result: MatcherResult, inner: InnerFilters): HopResult | undefined {
  const { rejected } = result;
  if (result.kind !== 'match') return pass(call, { because: words('no action of its matcher is taken'), rejected });
  const typed = result.action.typed();
  if (typed?.type !== EXECUTE) return pass(call, { because: say`the action ${typed?.type} runs no filter`, at: result.action, rejected });
  const { node } = typed;
  if (!isSampled(call, node)) return pass(call, { because: words('its sampling leaves the request out'), at: node, rejected });
  const delegates = delegatesOf(call, node);
  if (!delegates) return leaveOpen(call, words('the filter that its action names, which no open file has'), { at: node, rejected });
  if (delegates.length === 0)
    return pass(call, { because: say`there is no filter chain ${node.string('filter_chain_name')}`, at: node, rejected });
  tell(call, say`filter ${call.name} runs ${delegates.map((each) => each.string('name'))}`, {
    because: result.because,
    at: node,
    rejected,
  });
  return runInnerFilters(call, delegates, inner);
}

/** The action is taken only now, for an answer that comes from an earlier filter. */
export function joinComposite(call: FilterCall, result: MatcherResult, join: InnerFilters['join']): void {
  const typed = result.kind === 'match' ? result.action.typed() : undefined;
  if (typed?.type !== EXECUTE || !isSampled(call, typed.node)) return;
  for (const delegate of delegatesOf(call, typed.node) ?? []) join(innerCall(call, delegate));
}

/** With a matcher of its own, or the route's. */
export function runOwnComposite(call: FilterCall, inner: InnerFilters): HopResult | undefined {
  const ofRoute = wrapperConfigsOf(call.http, call.name)[0]?.node;
  const owner = ofRoute?.has('matcher') === true ? ofRoute : call.config;
  const matcher = owner.get('matcher');
  if (!matcher) return pass(call, { because: words('it has no matcher') });
  const refused = refusalOfMatcher(owner, 'envoy.extensions.filters.http.composite.v3.Composite');
  if (refused) return refuseConfig(call, refused.because, refused.at);
  const result = evaluateMatcher(matcher, matchContextOf(call.hop));
  if (result.kind === 'insufficient') return leaveOpen(call, result.missing, { at: matcher, rejected: result.rejected });
  return runComposite(call, result, inner);
}

function isSampled({ hop }: FilterCall, action: ConfigNode): boolean {
  const sample = action.get('sample_percent');
  if (!sample) return true;
  return drawFraction(hop, {
    ...readRuntimeFraction(hop, sample),
    hit: 'the filter is sampled',
    miss: 'the filter is not sampled',
    at: sample,
  });
}

/** One filter, a chain written in place, or one that the composite filter keeps by name. Undefined: to come by ECDS, and no file has it. */
function delegatesOf({ hop, config }: FilterCall, action: ConfigNode): readonly ConfigNode[] | undefined {
  const own = action.get('typed_config');
  if (own) return [own];
  const dynamic = action.get('dynamic_config');
  if (dynamic) {
    const delivered = hop.proxy.byName.extension_config.get(dynamic.string('name'));
    return delivered && [delivered.node];
  }
  const name = action.string('filter_chain_name');
  const chains = config.get('named_filter_chains');
  const chain = action.get('filter_chain') ?? (name === '' ? undefined : chains?.entry(name));
  // Of a name that nobody has nothing comes, and nothing is refused.
  const isAbsent = name !== '' && !chain && !config.isIncomplete && chains?.isIncomplete !== true;
  return isAbsent ? [] : chain?.list('typed_config');
}
