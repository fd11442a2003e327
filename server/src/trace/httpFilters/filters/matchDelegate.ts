/** A filter behind a matcher: `ExtensionWithMatcher` (Envoy: source/extensions/filters/http/match_delegate/config.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HopResult } from '../../hop';
import { evaluateMatcher } from '../../matcher/evaluateMatcher';
import { NOT_AVAILABLE } from '../../matcher/inputs/inputReading';
import { matchContextOf, type MatchContext } from '../../matcher/matchContext';
import { refusalOfMatcher } from '../../matcher/refusedParts';
import type { MatcherResult } from '../../matcher/matcherResult';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, refuseConfig, tell, type FilterCall, type InnerFilters } from '../filterCall';
import { wrapperConfigsOf } from '../perRouteConfig';
import { joinComposite, runComposite } from './composite';

const SKIP = 'envoy.extensions.filters.common.matcher.action.v3.SkipFilter';
const COMPOSITE = 'envoy.extensions.filters.http.composite.v3.Composite';

/** What the matcher of a route may ask for: anything else is never there (FilterConfigPerRoute::createFilterMatchTree; observed with Envoy 1.40). */
const OF_ROUTES: ReadonlySet<string> = new Set(['envoy.type.matcher.v3.HttpRequestHeaderMatchInput']);

interface Delegate {
  /** The filter behind the matcher. */
  readonly inner: FilterCall | undefined;
  /** That of the route takes the place of the filter's own. */
  readonly matcher: ConfigNode | undefined;
  readonly context: MatchContext;
}

function readDelegate(call: FilterCall): Delegate {
  const { config, hop, http, name } = call;
  const ofRoute = wrapperConfigsOf(http, name)[0]?.node.get('xds_matcher');
  const typed = config.get('extension_config')?.typed();
  return {
    inner: typed && { ...call, type: typed.type, config: typed.node },
    matcher: ofRoute ?? config.get('xds_matcher') ?? config.get('matcher'),
    context: { ...matchContextOf(hop), ...(ofRoute && { inputs: OF_ROUTES }) },
  };
}

function isSkip(result: MatcherResult): result is Extract<MatcherResult, { kind: 'match' }> {
  return result.kind === 'match' && result.action.typed()?.type === SKIP;
}

/** The request has not come here: its headers are not there for the matcher, and what asks for them decides nothing. */
export function joinMatchDelegate(call: FilterCall, { join }: InnerFilters): void {
  const { inner, matcher, context } = readDelegate(call);
  if (!inner || !matcher) return;
  const result = evaluateMatcher(matcher, {
    ...context,
    readInput: ({ type }) => (OF_REQUEST.has(type) ? { what: words('the request'), value: NOT_AVAILABLE } : undefined),
  });
  if (inner.type === COMPOSITE) joinComposite(inner, result, join);
  else if (result.kind !== 'insufficient' && !isSkip(result)) join(inner);
}

const OF_REQUEST: ReadonlySet<string> = new Set([
  'envoy.type.matcher.v3.HttpRequestHeaderMatchInput',
  'envoy.type.matcher.v3.HttpRequestQueryParamMatchInput',
  'xds.type.matcher.v3.HttpAttributesCelMatchInput',
]);

/** Without a matcher the filter is skipped; SkipFilter skips it; any other action goes to the filter; a miss lets it run as it is. */
export function runMatchDelegate(call: FilterCall, filters: InnerFilters): HopResult | undefined {
  const { inner, matcher, context } = readDelegate(call);
  if (!inner) return leaveOpen(call, words('which filter stands behind the matcher'));
  if (!matcher) return pass(call, { because: words('it has no matcher, so the filter behind it is skipped') });
  const refused = refusalOfMatcher(call.config, 'envoy.extensions.common.matching.v3.ExtensionWithMatcher');
  if (refused) return refuseConfig(call, refused.because, refused.at);
  const result = evaluateMatcher(matcher, context);
  const { rejected } = result;
  if (result.kind === 'insufficient') return leaveOpen(call, result.missing, { at: matcher, rejected });
  if (isSkip(result)) return pass(call, { because: say`it is skipped: ${result.because}`, at: result.action, rejected });
  if (inner.type === COMPOSITE) return runComposite(inner, result, filters);
  const because = result.because;
  tell(call, say`the filter behind ${call.name} runs`, { because, at: matcher, rejected });
  return filters.run(inner);
}
