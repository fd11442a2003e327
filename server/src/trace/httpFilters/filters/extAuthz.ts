/** envoy.filters.http.ext_authz (Envoy: source/extensions/filters/http/ext_authz/ext_authz.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { appendHeader } from '../../facts/httpRequest';
import type { HopResult } from '../../hop';
import { testMetadata } from '../../matcher/metadataMatcher';
import { statusCodeOf } from '../../facts/statusCode';
import { isUpgrade } from '../../http/isUpgrade';
import { say, words, type Sentence } from '../../record/sentence';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { runtimeFlag } from '../../runtime/readRuntime';
import { whyServiceIsDead, type DeadService } from '../../cluster/deadService';
import { drawFraction } from '../../runtime/drawFraction';
import type { Verdict } from '../../verdict';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';
import { refuseLongBody } from './buffer';
import { routeConfigOf } from '../perRouteConfig';
import type { LocalReply } from '../../http/localReply/replyParts';

/** Asks a service unless it is switched off for the request: then nobody but the service knows. */
export function runExtAuthz(call: FilterCall): HopResult | undefined {
  const { config, http } = call;
  // Before everything else, `deny_at_disable` included (ext_authz.cc, getPerRouteFlags); the redirect of require_tls is a route.
  if (!http.route && http.redirectsToTls !== true)
    return pass(call, { because: words('no route matches, and only requests with a route are asked about'), at: config });
  const perRoute = routeConfigOf(http, call.name);
  if (perRoute?.node.bool('disabled') === true)
    return pass(call, { because: words('the route turns external authorization off'), at: perRoute.entry });
  const condition = metadataCondition(call);
  const skipped = whySkipped(call, condition);
  if (skipped) return skip(call, skipped);
  const settings = perRoute?.node.get('check_settings');
  const refused = refuseBody(call, settings);
  if (refused) return refused;
  const asked = settings && (settings.has('grpc_service') || settings.has('http_service')) ? settings : config;
  if (config.bool('shadow_mode') === true)
    return pass(call, { because: words('in shadow mode it lets pass whatever the service says'), at: config.get('shadow_mode') });
  const dead = whyServiceIsDead(call.hop, asked.get('grpc_service') ?? asked.get('http_service'));
  if (dead) return failToAsk(call, dead, condition);
  return leaveOpen(
    call,
    say`what the authorization service ${serviceOf(asked)} says: it may refuse the request, or change its headers and so its route`,
    { at: serviceNode(asked) },
  );
}

/** Not asking lets pass, unless `deny_at_disable` refuses who is not asked about. */
function skip(call: FilterCall, skipped: Skipped): HopResult | undefined {
  const deny = call.config.get('deny_at_disable');
  const denies = deny && runtimeFlag(call.hop, deny.string('runtime_key'), deny.bool('default_value') ?? false);
  if (!denies) return pass(call, skipped);
  return answer(call, 'denied', errorReply(call), { because: say`${skipped.because}, and deny_at_disable refuses it then`, at: deny });
}

function errorReply({ config }: FilterCall): LocalReply {
  return { code: statusCodeOf(config.get('status_on_error')) ?? 403, flags: ['UAEX'], details: 'ext_authz_error' };
}

/** It waits for the body that it sends along; one that it may not cut off must fit (ext_authz.cc, decodeHeaders). */
function refuseBody(call: FilterCall, settings: ConfigNode | undefined): HopResult | undefined {
  const body = settings?.get('with_request_body') ?? call.config.get('with_request_body');
  if (!body || settings?.bool('disable_request_body_buffering') === true || body.bool('allow_partial_message') === true) return undefined;
  return isUpgrade(call.http.request) ? undefined : refuseLongBody(call, body);
}

/** `failure_mode_allow`, else `status_on_error` (ext_authz.cc, onComplete). */
function failToAsk(call: FilterCall, { because, at }: DeadService, condition: Verdict | undefined): HopResult | undefined {
  const { config, http } = call;
  if (config.bool('failure_mode_allow') !== true) {
    if (condition?.kind === 'unknown')
      return leaveOpen(call, say`whether the service is asked: ${condition.missing}`, { at: condition.at ?? config });
    return answer(call, 'denied', errorReply(call), { because, at });
  }
  if (config.bool('failure_mode_allow_header_add') === true) appendHeader(http.request, 'x-envoy-auth-failure-mode-allowed', 'true');
  return pass(call, { because: say`${because}, and failure_mode_allow lets requests pass then`, at });
}

interface Skipped {
  readonly because: Sentence;
  readonly at: ConfigNode;
}

function whySkipped({ hop, config }: FilterCall, condition: Verdict | undefined): Skipped | undefined {
  if (condition?.kind === 'no')
    return { because: words('its metadata condition does not hold'), at: config.get('filter_enabled_metadata') ?? config };
  const enabled = config.get('filter_enabled');
  if (!enabled) return undefined;
  const isDrawn = drawFraction(hop, {
    ...readRuntimeFraction(hop, enabled),
    hit: 'external authorization is asked',
    miss: 'external authorization is not asked',
    at: enabled,
  });
  return isDrawn ? undefined : { because: words('its percentage leaves the request out'), at: enabled };
}

/** `filter_enabled_metadata` against the request's dynamic metadata; undefined where there is no such condition. */
function metadataCondition({ http, config }: FilterCall): Verdict | undefined {
  const metadata = config.get('filter_enabled_metadata');
  return metadata && testMetadata(metadata, http.metadata);
}

function serviceNode(config: ConfigNode): ConfigNode {
  return config.get('grpc_service') ?? config.get('http_service') ?? config;
}

/** The service's cluster, else its address. */
export function serviceOf(config: ConfigNode): string {
  return (
    config.path('grpc_service', 'envoy_grpc', 'cluster_name')?.asString() ??
    config.path('grpc_service', 'google_grpc', 'target_uri')?.asString() ??
    config.path('http_service', 'server_uri', 'cluster')?.asString() ??
    config.path('http_service', 'http_service', 'http_uri', 'cluster')?.asString() ??
    ''
  );
}
