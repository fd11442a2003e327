/** The route of a virtual host: routes in order, or a matcher's (Envoy: VirtualHostImpl::getRouteFromEntries of config_impl.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues } from '../../facts/httpRequest';
import { addStep, type Hop, type HopResult } from '../../hop';
import { evaluateMatcher } from '../../matcher/evaluateMatcher';
import { matchContextOf } from '../../matcher/matchContext';
import { cannotTell, type Rejected, type RejectedList } from '../../record/hopRecord';
import { joinRejected } from '../../record/rejectedList';
import { joinSentences, say, words, type Sentence } from '../../record/sentence';
import { isGuardOn } from '../../runtime/isGuardOn';
import { joinsRepeatedHeaders } from '../../runtime/joinsRepeatedHeaders';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { drawFromStream } from '../../runtime/streamRandom';
import type { HttpStream } from '../httpStream';
import { withMaker } from '../../record/makerOf';
import { mayLackEntries } from './isLeftOut';
import { whyPassedOver } from '../route/chooseCluster';
import { routesOfAction } from '../route/routeIndex';
import { pathFactsOf, readPathSpecifier, type ParameterCut, type PathFacts } from '../routeMatch/matchPath';
import { matchRoute } from '../routeMatch/matchRoute';
import { routeName, takeRoute } from './takeRoute';

/** Sets the stream's route and cluster; leaves them unset when none fits (the router then answers 404). Ends only where nobody can tell. */
export function chooseRoute(hop: Hop, http: HttpStream, virtualHost: ConfigNode): HopResult | undefined {
  const candidates = candidatesOf(hop, virtualHost);
  if (candidates.kind === 'unknown') return tellUnknown(hop, candidates.missing, candidates.rejected);
  if (candidates.kind === 'none') {
    tellNone(hop, virtualHost, candidates.because, candidates.rejected);
    return undefined;
  }
  const path = pathFactsOf(http.request.path, parameterCut(hop, http));
  const joinsHeaders = joinsRepeatedHeaders(hop);
  const search: Search = {
    hop,
    http,
    virtualHost,
    path,
    joinsHeaders,
    rejected: [],
    because: candidates.because,
    before: candidates.rejected,
  };
  for (const route of candidates.routes) {
    const tried = tryRoute(route, search);
    if (tried !== 'rejected') return tried;
  }
  if (candidates.isIncomplete)
    return tellUnknown(hop, words('the routes that the file leaves out'), joinRejected([candidates.rejected, search.rejected]));
  tellNone(hop, virtualHost, countRoutes(candidates.routes.length), joinRejected([candidates.rejected, search.rejected]));
  return undefined;
}

function countRoutes(count: number): Sentence {
  return count === 0
    ? words('the virtual host has no routes')
    : words(`none of the virtual host's ${count === 1 ? 'routes (1)' : `${count} routes`} takes it`);
}

function parameterCut(hop: Hop, { routeConfiguration }: HttpStream): ParameterCut {
  if (routeConfiguration?.bool('ignore_path_parameters_in_path_matching') !== true) return 'none';
  return isGuardOn(hop, 'strip_path_parameters_per_segment', [1, 38]) ? 'per_segment' : 'at_first';
}

interface Search {
  readonly hop: Hop;
  readonly http: HttpStream;
  readonly virtualHost: ConfigNode;
  readonly path: PathFacts;
  readonly joinsHeaders: boolean;
  readonly rejected: Rejected[];
  /** Why these are the candidates: the matcher's conditions. */
  readonly because: Sentence | undefined;
  readonly before: RejectedList;
}

type Candidates =
  | {
      readonly kind: 'routes';
      readonly routes: readonly ConfigNode[];
      readonly isIncomplete: boolean;
      readonly because: Sentence | undefined;
      readonly rejected: RejectedList;
    }
  | { readonly kind: 'none'; readonly because: Sentence; readonly rejected: RejectedList }
  | { readonly kind: 'unknown'; readonly missing: Sentence; readonly rejected: RejectedList };

function candidatesOf(hop: Hop, virtualHost: ConfigNode): Candidates {
  const matcher = virtualHost.get('matcher');
  if (!matcher)
    return {
      kind: 'routes',
      routes: virtualHost.list('routes'),
      isIncomplete: mayLackEntries(virtualHost, 'routes'),
      because: undefined,
      rejected: [],
    };
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

function tryRoute(route: ConfigNode, search: Search): HopResult | undefined | 'rejected' {
  const { hop, http, path, joinsHeaders } = search;
  const verdict = matchRoute(route, { http, connection: hop.connection, path, joinsHeaders });
  if (verdict.kind === 'no') return reject(route, search, verdict);
  if (verdict.kind === 'unknown')
    return tellUnknown(
      hop,
      say`whether route ${routeName(route)} takes the request: ${verdict.missing}`,
      joinRejected([search.before, search.rejected]),
      verdict.at,
    );
  const passedOver = whyPassedOver(http, route);
  if (passedOver) return reject(route, search, passedOver);
  if (!drawFraction(route, search)) return 'rejected';
  return take(route, search);
}

function reject(route: ConfigNode, { rejected }: Search, { because, at }: { because: Sentence; at?: ConfigNode }): 'rejected' {
  rejected.push({ candidate: say`route ${routeName(route)}`, because, ...(at && { at }) });
  return 'rejected';
}

/** `runtime_fraction`: drawn when everything else holds, so that no branch is offered in vain. */
function drawFraction(route: ConfigNode, search: Search): boolean {
  const node = route.path('match', 'runtime_fraction');
  if (!node) return true;
  const { numerator, denominator, runtimeKey, from } = search.http.readFraction?.(node) ?? readRuntimeFraction(search.hop, node);
  const name = renderName(route);
  const options = [
    { from: 0, to: Math.min(numerator, denominator), value: `${name} takes it`, at: node },
    { from: Math.min(numerator, denominator), to: denominator, value: `${name} passes`, at: node },
  ];
  if (drawFromStream(search.hop, { kind: 'fraction', modulus: denominator, options }) === 0) return true;
  const key =
    runtimeKey === '' ? words('') : say` (runtime key ${runtimeKey}, ${words(from === 'default' ? 'default' : `value of the ${from}`)})`;
  reject(route, search, { because: say`it takes ${numerator} of ${denominator} requests, not this one${key}`, at: node });
  return false;
}

function take(route: ConfigNode, search: Search): HopResult | undefined {
  const { hop, http, virtualHost, because } = search;
  const path = describePath(route, search);
  const reason = because ? say`${path}; the matcher says ${because}` : path;
  return takeRoute(hop, http, {
    route,
    virtualHost,
    because: withMaker(reason, route),
    rejected: joinRejected([search.before, search.rejected]),
  });
}

/** The header and query conditions that held, with what the request has. */
function describeMore(match: ConfigNode, { request }: HttpStream): Sentence {
  const headers = match.list('headers').map((matcher) => {
    const name = matcher.string('name').toLowerCase();
    const values = headerValues(request, name);
    return values.length === 0 ? say`header ${name} is not there` : say`header ${name} is ${values}`;
  });
  const queries = match.list('query_parameters').map((matcher) => say`query parameter ${matcher.string('name')} fits`);
  const held = [...headers, ...queries];
  return held.length === 0 ? words('') : say`, ${joinSentences(held)}`;
}

/** What of the route's match held, shortly. */
function describePath(route: ConfigNode, { path, http }: Search): Sentence {
  const match = route.get('match');
  const specifier = match && readPathSpecifier(match);
  const rest = match ? describeMore(match, http) : words('');
  switch (specifier?.kind) {
    case 'prefix':
    case 'separated':
      return say`path ${path.matched} begins with ${specifier.text}${rest}`;
    case 'path':
      return say`path is ${specifier.text}${rest}`;
    case 'regex':
      return say`path ${path.matched} matches ${specifier.text}${rest}`;
    case 'template':
      return say`path ${path.plain} fits the template ${specifier.text}${rest}`;
    case 'connect':
      return say`the method is ${'CONNECT'}${rest}`;
    default:
      return words('its conditions hold');
  }
}

function tellNone(hop: Hop, virtualHost: ConfigNode, because: Sentence, rejected: RejectedList): void {
  addStep(hop, {
    stage: 'route',
    decision: words('no route takes the request'),
    because: withMaker(because, virtualHost),
    at: virtualHost.get('routes') ?? virtualHost,
    rejected,
  });
}

function tellUnknown(hop: Hop, missing: Sentence, rejected: RejectedList, at?: ConfigNode): HopResult {
  addStep(hop, {
    stage: 'route',
    decision: words('which route takes the request cannot be known'),
    because: missing,
    ...(at && { at }),
    rejected,
  });
  return cannotTell(missing);
}

function renderName(route: ConfigNode): string {
  return route.string('name') || 'route';
}
