/** The routes that a virtual host offers for a request: its list, or those of the action that its matcher chooses (Envoy: VirtualHostImpl::getRouteFromEntries of config_impl.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import type { Hop } from '../../hop';
import { evaluateMatcher } from '../../matcher/evaluateMatcher';
import { matchContextOf } from '../../matcher/matchContext';
import { refusalOfMatcher } from '../../matcher/refusedParts';
import type { RejectedList } from '../../record/hopRecord';
import { say, type Sentence } from '../../record/sentence';
import { routesOfAction } from '../route/routeIndex';

export type RouteCandidates =
  | {
      readonly kind: 'routes';
      readonly routes: readonly ConfigNode[];
      /** The file has lost some of them. */
      readonly isIncomplete: boolean;
      /** Why it is these: the conditions of the matcher. */
      readonly because: Sentence | undefined;
      readonly rejected: RejectedList;
    }
  | { readonly kind: 'none'; readonly because: Sentence; readonly rejected: RejectedList }
  | { readonly kind: 'unknown'; readonly missing: Sentence; readonly rejected: RejectedList }
  /** Envoy does not load it. */
  | { readonly kind: 'refused'; readonly because: Sentence; readonly at: ConfigNode };

export function routeCandidates(hop: Hop, virtualHost: ConfigNode): RouteCandidates {
  const matcher = virtualHost.get('matcher');
  if (!matcher)
    return {
      kind: 'routes',
      routes: virtualHost.list('routes'),
      isIncomplete: mayLackEntries(virtualHost, 'routes'),
      because: undefined,
      rejected: [],
    };
  const refused = refusalOfMatcher(virtualHost, 'envoy.config.route.v3.VirtualHost');
  if (refused) return { kind: 'refused', ...refused };
  const result = evaluateMatcher(matcher, matchContextOf(hop));
  if (result.kind === 'insufficient') return { kind: 'unknown', missing: result.missing, rejected: result.rejected };
  if (result.kind === 'no_match')
    return { kind: 'none', because: say`the virtual host's matcher finds no route: ${result.because}`, rejected: result.rejected };
  return {
    kind: 'routes',
    routes: routesOfAction(result.action),
    isIncomplete: lacksRoutes(result.action),
    because: result.because,
    rejected: result.rejected,
  };
}

/** A RouteList with a gap. */
function lacksRoutes(action: ConfigNode): boolean {
  const typed = action.typed();
  return typed?.type === 'envoy.config.route.v3.RouteList' && mayLackEntries(typed.node, 'routes');
}
