/** A filter behind a matcher: `ExtensionWithMatcher` (Envoy: source/extensions/filters/http/match_delegate/config.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HopResult } from '../../hop';
import { evaluateLossy, findNothingLost } from '../../matcher/evaluateMatcher';
import { findLostActions, type FindLost } from '../../matcher/lostActions';
import { NOT_AVAILABLE } from '../../matcher/inputs/inputReading';
import { matchContextOf, type MatchContext } from '../../matcher/matchContext';
import { refusalOfMatcher } from '../../matcher/refusedParts';
import type { MatcherLoss, MatcherMatch, MatcherResult } from '../../matcher/matcherResult';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, refuseConfig, tell, type FilterCall, type InnerFilters } from '../filterCall';
import { wrapperConfigsOf } from '../perRouteConfig';
import { joinComposite, runComposite } from './composite';

const SKIP = 'envoy.extensions.filters.common.matcher.action.v3.SkipFilter';
const COMPOSITE = 'envoy.extensions.filters.http.composite.v3.Composite';

/** Of what the matcher of a route asks besides, Envoy loses the answer (FilterConfigPerRoute::createFilterMatchTree; observed with Envoy 1.40). */
const findLostOfRoute = findLostActions(
  new Set([
    'envoy.type.matcher.v3.HttpRequestHeaderMatchInput',
    'envoy.type.matcher.v3.HttpResponseHeaderMatchInput',
    'envoy.type.matcher.v3.HttpResponseTrailerMatchInput',
    'xds.type.matcher.v3.HttpAttributesCelMatchInput',
  ]),
);

interface Delegate {
  /** The filter behind the matcher. */
  readonly inner: FilterCall | undefined;
  /** That of the route takes the place of the filter's own. */
  readonly matcher: ConfigNode | undefined;
  readonly context: MatchContext;
  readonly findLost: FindLost;
}

function readDelegate(call: FilterCall): Delegate {
  const { config, hop, http, name } = call;
  const ofRoute = wrapperConfigsOf(http, name)[0]?.node.get('xds_matcher');
  const typed = config.get('extension_config')?.typed();
  return {
    inner: typed && { ...call, type: typed.type, config: typed.node },
    matcher: ofRoute ?? config.get('xds_matcher') ?? config.get('matcher'),
    context: matchContextOf(hop),
    findLost: ofRoute ? findLostOfRoute : findNothingLost,
  };
}

type Result = MatcherResult | MatcherLoss;

/** What is lost skips the filter, too. */
function isSkip(result: Result): result is MatcherMatch | MatcherLoss {
  return result.kind === 'lost' || (result.kind === 'match' && result.action.typed()?.type === SKIP);
}

/** The request has not come here: its headers are not there for the matcher, and what asks for them decides nothing. */
export function joinMatchDelegate(call: FilterCall, { join }: InnerFilters): void {
  const { inner, matcher, context, findLost } = readDelegate(call);
  if (!inner || !matcher) return;
  const readInput: MatchContext['readInput'] = ({ type }) =>
    OF_REQUEST.has(type) ? { what: words('the request'), value: NOT_AVAILABLE } : undefined;
  const result = evaluateLossy(matcher, { ...context, readInput }, findLost);
  if (isSkip(result)) return;
  if (inner.type === COMPOSITE) joinComposite(inner, result, join);
  else if (result.kind !== 'insufficient') join(inner);
}

const OF_REQUEST: ReadonlySet<string> = new Set([
  'envoy.type.matcher.v3.HttpRequestHeaderMatchInput',
  'envoy.type.matcher.v3.HttpRequestQueryParamMatchInput',
  'xds.type.matcher.v3.HttpAttributesCelMatchInput',
]);

/** Without a matcher the filter is skipped; SkipFilter skips it; any other action goes to the filter; a miss lets it run as it is. */
export function runMatchDelegate(call: FilterCall, filters: InnerFilters): HopResult | undefined {
  const { inner, matcher, context, findLost } = readDelegate(call);
  if (!inner) return leaveOpen(call, words('which filter stands behind the matcher'));
  if (!matcher) return pass(call, { because: words('it has no matcher, so the filter behind it is skipped') });
  const refused = refusalOfMatcher(call.config, 'envoy.extensions.common.matching.v3.ExtensionWithMatcher');
  if (refused) return refuseConfig(call, refused.because, refused.at);
  const result = evaluateLossy(matcher, context, findLost);
  const { rejected } = result;
  if (result.kind === 'insufficient') return leaveOpen(call, result.missing, { at: matcher, rejected });
  if (isSkip(result))
    return pass(call, { because: say`it is skipped: ${result.because}`, at: result.kind === 'lost' ? result.at : result.action, rejected });
  if (inner.type === COMPOSITE) return runComposite(inner, result, filters);
  const because = result.because;
  tell(call, say`the filter behind ${call.name} runs`, { because, at: matcher, rejected });
  return filters.run(inner);
}
