/** A network filter behind a matcher: `envoy.extensions.common.matching.v3.ExtensionWithMatcher` (Envoy: extensions/filters/network/match_delegate/config.cc). */
import { addStep, type Hop, type HopResult } from '../../hop';
import { evaluateMatcher } from '../../matcher/evaluateMatcher';
import { matchContextOf } from '../../matcher/matchContext';
import { cannotTell } from '../../record/hopRecord';
import { say } from '../../record/sentence';
import type { NetworkFilter, NetworkFilterEntry } from '../networkFilter';

const SKIP = 'envoy.extensions.filters.common.matcher.action.v3.SkipFilter';

/** The matcher may skip the filter; in every other case it runs. */
export function delegateByMatch(
  hop: Hop,
  { filter, config }: NetworkFilterEntry,
  lookUp: (type: string) => NetworkFilter | undefined,
): HopResult | undefined {
  const inner = config.node.get('extension_config');
  const typed = inner?.typed();
  const matcher = config.node.get('xds_matcher') ?? config.node.get('matcher');
  if (!inner || !typed) return cannotTell(say`which filter stands behind the matcher of ${filter.string('name')}`);
  if (matcher) {
    const result = evaluateMatcher(matcher, matchContextOf(hop));
    if (result.kind === 'insufficient') return cannotTell(result.missing);
    if (result.kind === 'match' && result.action.typed()?.type === SKIP) {
      addStep(hop, {
        stage: 'network_filter',
        decision: say`${filter.string('name')} is skipped`,
        because: result.because,
        at: result.action,
        rejected: result.rejected,
      });
      return undefined;
    }
  }
  const known = lookUp(typed.type);
  return known ? known.run(hop, { filter: inner, config: typed }) : cannotTell(say`what the network filter ${typed.type} does`);
}
