/** The route of a virtual host: the first of its routes that takes the request (Envoy: VirtualHostImpl::getRouteFromEntries of config_impl.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell, type Rejected, type RejectedList } from '../../record/hopRecord';
import { joinRejected } from '../../record/rejectedList';
import { say, words, type Sentence } from '../../record/sentence';
import { isGuardOn } from '../../runtime/isGuardOn';
import { lostRuntimeKey } from '../../runtime/lostRuntimeKey';
import { joinsRepeatedHeaders } from '../../runtime/joinsRepeatedHeaders';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { drawFromStream } from '../../runtime/streamRandom';
import { unknown, YES, type Verdict } from '../../verdict';
import type { HttpStream } from '../../httpStream';
import { withMaker } from '../../record/makerOf';
import { whyPassedOver } from '../route/chooseCluster';
import { pathFactsOf, type ParameterCut, type PathFacts } from '../routeMatch/matchPath';
import { matchRoute } from '../routeMatch/matchRoute';
import { routeCandidates } from './routeCandidates';
import { refuseConfiguration, routeName, takeRoute } from './takeRoute';
import { whatHeld } from './whatHeld';

/** Sets the stream's route and cluster; leaves them unset when none fits (the router then answers 404). Ends only where nobody can tell. */
export function chooseRoute(hop: Hop, http: HttpStream, virtualHost: ConfigNode): HopResult | undefined {
  const candidates = routeCandidates(hop, virtualHost);
  if (candidates.kind === 'refused') return refuseConfiguration(hop, candidates);
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

function tryRoute(route: ConfigNode, search: Search): HopResult | undefined | 'rejected' {
  const { hop, http, path, joinsHeaders } = search;
  const matched = matchRoute(route, { http, connection: hop.connection, path, joinsHeaders });
  const verdict = matched.kind === 'yes' ? testRuntimeKey(route, hop) : matched;
  if (verdict.kind === 'no') return reject(route, search, verdict);
  if (verdict.kind === 'unknown')
    return tellUnknown(
      hop,
      say`whether route ${routeName(route, search.virtualHost)} takes the request: ${verdict.missing}`,
      joinRejected([search.before, search.rejected]),
      verdict.at,
    );
  const passedOver = whyPassedOver(http, route);
  if (passedOver) return reject(route, search, passedOver);
  const drawn = drawFraction(route, search);
  return drawn === 'rejected' ? drawn : take(route, search, drawn);
}

function testRuntimeKey(route: ConfigNode, hop: Hop): Verdict {
  const fraction = route.path('match', 'runtime_fraction');
  const key = fraction && lostRuntimeKey(hop, fraction);
  return key === undefined ? YES : unknown(say`the value of runtime key ${key}: the file leaves out a part of layered_runtime`, fraction);
}

function reject(route: ConfigNode, { rejected, virtualHost }: Search, { because, at }: { because: Sentence; at?: ConfigNode }): 'rejected' {
  rejected.push({ candidate: say`route ${routeName(route, virtualHost)}`, because, ...(at && { at }) });
  return 'rejected';
}

/** `runtime_fraction`: drawn when everything else holds, so that no branch is offered in vain. Gives what is to be said of it. */
function drawFraction(route: ConfigNode, search: Search): 'rejected' | Sentence {
  const node = route.path('match', 'runtime_fraction');
  if (!node) return words('');
  const { numerator, denominator, runtimeKey, from } = search.http.readFraction?.(node) ?? readRuntimeFraction(search.hop, node);
  const name = `route ${routeName(route, search.virtualHost)}`;
  const options = [
    { from: 0, to: Math.min(numerator, denominator), value: `${name} takes it`, at: node },
    { from: Math.min(numerator, denominator), to: denominator, value: `${name} passes`, at: node },
  ];
  const isTaken = drawFromStream(search.hop, { kind: 'fraction', modulus: denominator, options }) === 0;
  const key =
    runtimeKey === '' ? words('') : say` (runtime key ${runtimeKey}, ${words(from === 'default' ? 'default' : `value of the ${from}`)})`;
  if (isTaken) return say`, and it takes ${numerator} of ${denominator} requests${key}`;
  return reject(route, search, { because: say`it takes ${numerator} of ${denominator} requests, not this one${key}`, at: node });
}

function take(route: ConfigNode, search: Search, drawn: Sentence): HopResult | undefined {
  const { hop, http, virtualHost, path, because } = search;
  const held = say`${whatHeld(route, http, path)}${drawn}`;
  const reason = because ? say`${held}; the matcher says ${because}` : held;
  return takeRoute(hop, http, {
    route,
    virtualHost,
    because: withMaker(reason, route),
    rejected: joinRejected([search.before, search.rejected]),
  });
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
