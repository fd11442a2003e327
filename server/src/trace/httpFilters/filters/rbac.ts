/** envoy.filters.http.rbac (Envoy: source/extensions/filters/http/rbac/rbac_filter.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HopResult } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import { evaluateRbac } from '../../rbac/evaluateRbac';
import { rbacMetadata, writeRbacMetadata } from '../../rbac/rbacMetadata';
import { ending } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import { answer, leaveOpen, pass, refuseConfig, tell, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';
import type { RbacDecision } from '../../rbac/rbacDecision';

const BODY = 'RBAC: access denied';

/** A route's RBACPerRoute replaces the rules; one without `rbac` turns them off. */
export function runRbac(call: FilterCall): HopResult | undefined {
  const perRoute = routeConfigOf(call.http, call.name);
  const config = perRoute ? perRoute.node.get('rbac') : call.config;
  if (!config) return pass(call, { because: words('the route turns RBAC off'), at: perRoute?.entry });
  const { enforced, shadow } = evaluateRbac(config, matchContextOf(call.hop));
  if (shadow) noteShadow(call, config, shadow);
  if (enforced) writeRbacMetadata(call.http.metadata, METADATA, rbacMetadata(config, 'enforced', enforced));
  return enforced ? enforce(call, enforced) : pass(call, { because: words('it has no rules that are enforced'), at: config });
}

function enforce(call: FilterCall, decision: RbacDecision): HopResult | undefined {
  const { at, rejected } = decision;
  switch (decision.kind) {
    case 'allow':
      return pass(call, { because: decision.because, at, rejected });
    case 'deny': {
      const { because, details } = decision;
      const end = answer(call, 'denied', { code: 403, details: details ?? '', body: BODY }, { because, at, rejected });
      // Which of several policies matched first is not known: then nothing is said of it.
      return details === undefined ? ending('denied', { code: 403, body: BODY }) : end;
    }
    case 'unknown':
      return leaveOpen(call, decision.missing, { at, rejected });
    case 'refused':
      return refuseConfig(call, decision.because, at);
  }
}

const METADATA = 'envoy.filters.http.rbac';

/** Shadow rules change nothing here, but a later filter may ask what they said (Istio's CUSTOM policies: a prefix is given). */
function noteShadow(call: FilterCall, config: ConfigNode, shadow: RbacDecision): void {
  writeRbacMetadata(call.http.metadata, METADATA, rbacMetadata(config, 'shadow', shadow));
  tellShadow(call, shadow);
}

function tellShadow(call: FilterCall, shadow: RbacDecision): void {
  const would = {
    allow: words('would let the request pass'),
    deny: words('would refuse the request'),
    unknown: words('cannot be decided'),
    refused: words('are refused'),
  }[shadow.kind];
  const because = shadow.kind === 'unknown' ? shadow.missing : shadow.because;
  tell(call, say`the shadow rules of filter ${call.name} ${would}`, {
    because: say`${because}; shadow rules change nothing`,
    at: shadow.at,
    rejected: shadow.rejected,
  });
}
