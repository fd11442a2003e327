/** A filter behind a matcher: `ExtensionWithMatcher` (Envoy: source/extensions/filters/http/match_delegate/config.cc). */
import type { HopResult } from '../../hop';
import { evaluateMatcher } from '../../matcher/evaluateMatcher';
import { NOT_AVAILABLE } from '../../matcher/inputs/inputReading';
import { matchContextOf } from '../../matcher/matchContext';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, tell, type FilterCall, type InnerFilters } from '../filterCall';
import { wrapperConfigsOf } from '../perRouteConfig';
import { joinComposite, runComposite } from './composite';

const SKIP = 'envoy.extensions.filters.common.matcher.action.v3.SkipFilter';
const COMPOSITE = 'envoy.extensions.filters.http.composite.v3.Composite';

/** What the matcher of a route may ask for: anything else is never there (FilterConfigPerRoute::createFilterMatchTree; observed with Envoy 1.40). */
const OF_ROUTES: ReadonlySet<string> = new Set(['envoy.type.matcher.v3.HttpRequestHeaderMatchInput']);

/** The request has not come here: its headers are not there for the matcher, and what asks for them decides nothing. */
export function joinMatchDelegate(call: FilterCall, { join }: InnerFilters): void {
  const { config } = call;
  const ofRoute = wrapperConfigsOf(call.http, call.name)[0]?.node.get('xds_matcher');
  const matcher = ofRoute ?? config.get('xds_matcher') ?? config.get('matcher');
  const typed = config.get('extension_config')?.typed();
  if (!typed || !matcher) return;
  const result = evaluateMatcher(matcher, {
    ...matchContextOf(call.hop),
    ...(ofRoute && { inputs: OF_ROUTES }),
    readInput: ({ type }) => (OF_REQUEST.has(type) ? { what: words('the request'), value: NOT_AVAILABLE } : undefined),
  });
  const inner: FilterCall = { ...call, type: typed.type, config: typed.node };
  if (typed.type === COMPOSITE) joinComposite(inner, result, join);
  else if (result.kind !== 'insufficient' && !(result.kind === 'match' && result.action.typed()?.type === SKIP)) join(inner);
}

const OF_REQUEST: ReadonlySet<string> = new Set([
  'envoy.type.matcher.v3.HttpRequestHeaderMatchInput',
  'envoy.type.matcher.v3.HttpRequestQueryParamMatchInput',
  'xds.type.matcher.v3.HttpAttributesCelMatchInput',
]);

/** Without a matcher the filter is skipped; SkipFilter skips it; any other action goes to the filter; a miss lets it run as it is. */
export function runMatchDelegate(call: FilterCall, filters: InnerFilters): HopResult | undefined {
  const { config } = call;
  const ofRoute = wrapperConfigsOf(call.http, call.name)[0]?.node.get('xds_matcher');
  const matcher = ofRoute ?? config.get('xds_matcher') ?? config.get('matcher');
  const typed = config.get('extension_config')?.typed();
  if (!typed) return leaveOpen(call, words('which filter stands behind the matcher'));
  if (!matcher) return pass(call, { because: words('it has no matcher, so the filter behind it is skipped') });
  const result = evaluateMatcher(matcher, { ...matchContextOf(call.hop), ...(ofRoute && { inputs: OF_ROUTES }) });
  const { rejected } = result;
  if (result.kind === 'insufficient') return leaveOpen(call, result.missing, { at: matcher, rejected });
  if (result.kind === 'match' && result.action.typed()?.type === SKIP)
    return pass(call, { because: say`it is skipped: ${result.because}`, at: result.action, rejected });
  const inner: FilterCall = { ...call, type: typed.type, config: typed.node };
  if (typed.type === COMPOSITE) return runComposite(inner, result, filters);
  const because = result.because;
  tell(call, say`the filter behind ${call.name} runs`, { because, at: matcher, rejected });
  return filters.run(inner);
}
