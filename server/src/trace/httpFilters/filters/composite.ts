/** envoy.filters.http.composite: the matcher's action says which filter runs in its place (Envoy: source/extensions/filters/http/composite/action.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HopResult } from '../../hop';
import type { MatcherResult } from '../../matcher/matcherResult';
import { say, words } from '../../record/sentence';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { drawFraction } from '../drawFraction';
import { leaveOpen, pass, tell, type FilterCall } from '../filterCall';

const EXECUTE = 'envoy.extensions.filters.http.composite.v3.ExecuteFilterAction';

type RunInner = (call: FilterCall) => HopResult | undefined;

/** `result`: of the matcher around the composite filter. */
export function runComposite(call: FilterCall, result: MatcherResult, runInner: RunInner): HopResult | undefined {
  const { rejected } = result;
  if (result.kind !== 'match') return pass(call, { because: words('no action of its matcher is taken'), rejected });
  const typed = result.action.typed();
  if (typed?.type !== EXECUTE) return pass(call, { because: say`the action ${typed?.type} runs no filter`, at: result.action, rejected });
  const { node } = typed;
  if (!isSampled(call, node)) return pass(call, { because: words('its sampling leaves the request out'), at: node, rejected });
  const delegates = delegatesOf(call, node);
  if (!delegates) return leaveOpen(call, words('the filter that its action names, which no open file has'), { at: node, rejected });
  tell(call, say`filter ${call.name} runs ${delegates.map((each) => each.string('name'))}`, {
    because: result.because,
    at: node,
    rejected,
  });
  return runDelegates(call, delegates, runInner);
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
  const chain = action.get('filter_chain') ?? (name === '' ? undefined : config.get('named_filter_chains')?.entry(name));
  return chain?.list('typed_config');
}

function runDelegates(call: FilterCall, delegates: readonly ConfigNode[], runInner: RunInner): HopResult | undefined {
  for (const delegate of delegates) {
    const typed = delegate.typed();
    if (!typed) return leaveOpen(call, say`what the filter ${delegate.string('name')} is configured to do`, { at: delegate });
    const result = runInner({ ...call, filter: delegate, type: typed.type, config: typed.node });
    if (result) return result;
  }
  return undefined;
}
