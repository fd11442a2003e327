/** envoy.filters.http.jwt_authn (Envoy: source/extensions/filters/http/jwt_authn/filter.cc, filter_config.cc). */
import { stringAt } from '../../facts/filterStateObject';
import type { ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import { knownHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { requestTimeOf } from '../../facts/requestTime';
import type { HopResult } from '../../hop';
import { pathFactsOf } from '../../http/routeMatch/matchPath';
import { matchJwtRule } from '../../http/routeMatch/matchRoute';
import type { Rejected } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import { joinsRepeatedHeaders } from '../../runtime/joinsRepeatedHeaders';
import { answer, clearRoute, leaveOpen, pass, type FilterCall } from '../filterCall';
import type { JwtContext } from '../jwt/jwtContext';
import { codeOf } from '../jwt/jwtStatus';
import { sanitise } from '../jwt/sanitise';
import { testRequirement } from '../jwt/testRequirement';
import { setMetadata } from '../metadataWriter';
import { noteChallenge, originalUri } from '../noteChallenge';
import { routeConfigOf } from '../perRouteConfig';

/** The route's requirement, else that of the first rule that matches; a rule without a requirement lets pass. */
export function runJwtAuthn(call: FilterCall): HopResult | undefined {
  const { config } = call;
  // Whatever the route requires (observed with Envoy 1.40).
  const providers = config.map('providers').map(([, provider]) => provider);
  sanitise(providers, call.http.request);
  const preflight = config.bool('bypass_cors_preflight') === true && isPreflight(call);
  if (preflight instanceof NotKnown) return leaveOpen(call, say`whether it is a CORS preflight request: ${preflight.missing}`);
  if (preflight) return pass(call, { because: words('CORS preflight requests need no token'), at: config });
  const found = findRequirement(call);
  switch (found.kind) {
    case 'pass':
      return pass(call, found);
    case 'unknown':
      return leaveOpen(call, found.missing, found);
    case 'refused':
      return deny(call, { code: 403, message: found.message, body: `Failed JWT authentication: ${found.message}` }, found);
    case 'requirement':
      return enforce(call, found.requirement, found.rejected);
  }
}

function isPreflight({ http: { request } }: FilterCall): boolean | NotKnown {
  if (request.method !== 'OPTIONS') return false;
  const read = PREFLIGHT.map((name) => knownHeader(request, name));
  if (read.some((values) => !(values instanceof NotKnown) && !values[0])) return false;
  return read.find((values) => values instanceof NotKnown) ?? true;
}

const PREFLIGHT = ['origin', 'access-control-request-method'];

function enforce(call: FilterCall, requirement: ConfigNode, rejected: readonly Rejected[]): HopResult | undefined {
  const { http, hop } = call;
  const uri = originalUri(http);
  const context: JwtContext = {
    hop,
    http,
    providers: new Map(call.config.map('providers')),
    time: requestTimeOf(hop.request),
    extracted: new Map(),
    clearsRoute: false,
  };
  const result = testRequirement(requirement, context);
  for (const [name, value] of context.extracted) setMetadata(http, 'envoy.filters.http.jwt_authn', name, value);
  switch (result.kind) {
    case 'ok':
      pass(call, { because: result.because, at: requirement, rejected });
      return context.clearsRoute ? clearRoute(call, words('the claims of a good token may lead elsewhere')) : undefined;
    case 'unknown':
      return leaveOpen(call, result.missing, { at: result.at, rejected });
    case 'failed':
      if (call.config.bool('strip_failure_response') !== true)
        noteChallenge(http, 'Bearer', { uri, problem: result.message === 'Jwt is missing' ? '' : ', error="invalid_token"' });
      return deny(call, { ...result, code: codeOf(result.message), body: result.message }, { ...result, rejected });
  }
}

interface Denial {
  readonly code: number;
  readonly message: string;
  readonly body: string;
}

function deny(
  call: FilterCall,
  { code, message, body }: Denial,
  grounds: { because: Sentence; at: ConfigNode; rejected?: readonly Rejected[] },
): HopResult {
  const details = `jwt_authn_access_denied{${message.replace(/\s/g, '_')}}`;
  const isStripped = call.config.bool('strip_failure_response') === true;
  return answer(call, 'denied', { code, details, body: isStripped ? '' : body }, grounds);
}

type Found =
  | { readonly kind: 'requirement'; readonly requirement: ConfigNode; readonly rejected: readonly Rejected[] }
  | { readonly kind: 'pass'; readonly because: Sentence; readonly at: ConfigNode; readonly rejected?: readonly Rejected[] }
  | { readonly kind: 'refused'; readonly message: string; readonly because: Sentence; readonly at: ConfigNode }
  | { readonly kind: 'unknown'; readonly missing: Sentence; readonly at: ConfigNode };

function findRequirement(call: FilterCall): Found {
  const perRoute = routeConfigOf(call.http, call.name);
  if (!perRoute) return findByRules(call);
  if (perRoute.node.bool('disabled') === true) return { kind: 'pass', because: words('the route turns it off'), at: perRoute.entry };
  const name = perRoute.node.string('requirement_name');
  if (name === '') return findByRules(call);
  const requirement = call.config.get('requirement_map')?.entry(name);
  if (requirement) return { kind: 'requirement', requirement, rejected: [] };
  const known = call.config
    .map('requirement_map')
    .map(([each]) => each)
    .sort();
  const message = `Wrong requirement_name: ${name}. It should be one of [${known.join(',')}]`;
  return { kind: 'refused', message, because: say`there is no requirement ${name}`, at: perRoute.entry };
}

function findByRules({ hop, http, config }: FilterCall): Found {
  const rejected: Rejected[] = [];
  const path = pathFactsOf(http.request.path, 'none');
  const joinsHeaders = joinsRepeatedHeaders(hop);
  for (const [index, rule] of config.list('rules').entries()) {
    const verdict = matchJwtRule(rule, { http, connection: hop.connection, path, joinsHeaders });
    if (verdict.kind === 'no') {
      rejected.push({ candidate: say`rule ${index + 1}`, because: verdict.because, at: verdict.at ?? rule });
      continue;
    }
    if (verdict.kind === 'unknown') return { kind: 'unknown', missing: verdict.missing, at: verdict.at ?? rule };
    const requirement = requirementOf(config, rule);
    if (!requirement && rule.string('requirement_name') !== '' && keepsBack(config))
      return { kind: 'unknown', missing: words('the requirement that a rule names: the file leaves out, or keeps back, a part'), at: rule };
    return requirement
      ? { kind: 'requirement', requirement, rejected }
      : { kind: 'pass', because: say`rule ${index + 1} matches and requires nothing`, at: rule, rejected };
  }
  if (mayLackEntries(config, 'rules'))
    return { kind: 'unknown', missing: words('the rules of the filter that the file leaves out'), at: config };
  return findByFilterState(config, http, rejected);
}

function requirementOf(config: ConfigNode, rule: ConfigNode): ConfigNode | undefined {
  const name = rule.get('requirement_name')?.asString();
  return name === undefined ? rule.get('requires') : config.get('requirement_map')?.entry(name);
}

/** `filter_state_rules`: the text of a filter state object names the requirement. */
function findByFilterState(config: ConfigNode, { filterState }: FilterCall['http'], rejected: readonly Rejected[]): Found {
  const rules = config.get('filter_state_rules');
  if (rules && keepsBack(rules)) return { kind: 'unknown', missing: words('the filter_state_rules that the file leaves out'), at: rules };
  const state = rules && stringAt(filterState, rules.string('name'));
  if (rules && state?.unknown)
    return { kind: 'unknown', missing: say`the filter state ${rules.string('name')}, which names the requirement`, at: rules };
  const requirement = state && rules?.get('requires')?.entry(state.value);
  if (requirement) return { kind: 'requirement', requirement, rejected };
  return { kind: 'pass', because: words('no rule matches the request'), at: config.get('rules') ?? config, rejected };
}
