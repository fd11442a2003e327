/** What the connection manager does to the headers before routing (Envoy: ConnectionManagerUtility::mutateRequestHeaders). */
import type { ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import {
  headerValues,
  markDoubtfulHeader,
  markUnknownHeader,
  removeHeader,
  setHeader,
  unknownHeader,
  type HttpRequest,
} from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { ownNode } from '../../facts/ownNode';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';
import { isUpgrade } from '../isUpgrade';
import { localReply } from '../localReply/localReply';
import { forwardClientCertificate } from './forwardClientCertificate';
import { noteWhetherInternal } from './internalHeaders';
import { NO_SOURCE } from './originalIpDetection';
import { readRemoteAddress, usesRemoteAddress, type RemoteAddress } from './remoteAddress';

export function mutateRequestHeaders(hop: Hop, http: HttpStream): HopResult | undefined {
  const { manager, request } = http;
  if (manager.bool('proxy_100_continue') !== true && /^100-continue$/i.test(headerValues(request, 'expect')[0] ?? '')) {
    http.codeBefore = 100;
    removeHeader(request, 'expect');
  }
  removeHopByHop(request);
  const remote = readRemoteAddress(hop, http);
  const refusal = refuseUndetected(hop, http, remote);
  if (refusal) return refusal;
  if (remote.address) http.remote = remote.address;
  setForwardedProto(hop, http);
  setForwardedPort(hop, http);
  const scheme = manager.get('scheme_header_transformation')?.string('scheme_to_overwrite') ?? '';
  if (scheme !== '') {
    request.scheme = scheme;
    setHeader(request, 'x-forwarded-proto', scheme);
  }
  http.forwardedProto = headerValues(request, 'x-forwarded-proto').join(',');
  if (http.bringsScheme !== true && scheme === '') request.scheme = schemeByHeader(hop, http.forwardedProto);
  request.scheme = request.scheme.toLowerCase();
  noteWhetherInternal(hop, http, remote);
  addOwnHeaders(hop, http, remote);
  return undefined;
}

/** An extension that must find the client's address does not (`reject_with_status`). */
function refuseUndetected(hop: Hop, { manager }: HttpStream, { refusedWith, unknownExtension }: RemoteAddress): HopResult | undefined {
  if (unknownExtension) {
    const missing = say`the client's address, which extension ${unknownExtension.string('name') || 'original_ip_detection_extensions'} finds in a running Envoy`;
    addStep(hop, { stage: 'http_connection', decision: words('the client is not known'), because: missing, at: unknownExtension });
    return cannotTell(missing);
  }
  if (refusedWith === undefined) return undefined;
  const because = words('the request does not tell the client, and original IP detection insists');
  const at = manager.get('original_ip_detection_extensions') ?? manager;
  addStep(hop, { stage: 'http_connection', decision: say`the request is refused with ${refusedWith}`, because, at });
  return localReply(hop, 'denied', { code: refusedWith, details: 'rejecting_because_detection_failed' });
}

/** HTTP/1 has no :scheme of its own; it follows x-forwarded-proto where that is one. */
function schemeByHeader(hop: Hop, forwardedProto: string): string {
  return /^https?$/i.test(forwardedProto) ? forwardedProto : schemeOf(hop);
}

function schemeOf({ connection }: Hop): 'https' | 'http' {
  return connection.tls ? 'https' : 'http';
}

/** An upgrade request keeps Connection and Upgrade. */
function removeHopByHop(request: HttpRequest): void {
  if (!isUpgrade(request)) {
    removeHeader(request, 'connection');
    removeHeader(request, 'upgrade');
    const te = headerValues(request, 'te').join(',');
    if (te !== '') {
      removeHeader(request, 'te');
      if (te.split(',').some((value) => value.trim() === 'trailers')) setHeader(request, 'te', 'trailers');
    }
  }
  if (!isValidReferer(headerValues(request, 'referer')[0] ?? '')) removeHeader(request, 'referer');
  for (const name of ['x-envoy-internal', 'keep-alive', 'proxy-connection', 'transfer-encoding']) removeHeader(request, name);
}

/** An absolute URL without user and fragment, or a relative reference without fragment (Utility::isValidRefererValue). */
function isValidReferer(value: string): boolean {
  const url = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)(?:[/?][^#]*)?(#[^]*)?$/i.exec(value);
  if (url) return url[2] === undefined && !(url[1] ?? '').includes('@');
  const colon = value.indexOf(':');
  const slash = value.indexOf('/');
  return (colon < 0 || (slash >= 0 && slash < colon)) && /^[A-Za-z0-9\-._~%!$&'()*+,;=:@/?]*$/.test(value);
}

function setForwardedProto(hop: Hop, http: HttpStream): void {
  const { request, manager } = http;
  if (!isBelieved(http, 'x-forwarded-proto')) setHeader(request, 'x-forwarded-proto', schemeByPort(hop, manager) ?? schemeOf(hop));
}

/** The request has the header, and comes from somebody who may say it. */
function isBelieved(http: HttpStream, name: string): boolean {
  const trusts = !usesRemoteAddress(http) || (http.manager.number('xff_num_trusted_hops') ?? 0) > 0;
  return trusts && headerValues(http.request, name).length > 0;
}

/** `forward_proto_config`: by the port that the client wanted to reach, where a listener filter has restored it (observed with Envoy 1.40). */
function schemeByPort({ connection: { restored, destination } }: Hop, manager: ConfigNode): 'https' | 'http' | undefined {
  const config = manager.get('forward_proto_config');
  if (!config || !restored || destination?.kind !== 'ip') return undefined;
  const lists = (field: string): boolean => config.list(field).some((port) => port.asNumber() === destination.port);
  return lists('https_destination_ports') ? 'https' : lists('http_destination_ports') ? 'http' : undefined;
}

function setForwardedPort(hop: Hop, http: HttpStream): void {
  const { request, manager } = http;
  if (manager.bool('append_x_forwarded_port') !== true || hop.connection.destination?.kind !== 'ip') return;
  if (!isBelieved(http, 'x-forwarded-port')) setHeader(request, 'x-forwarded-port', String(hop.connection.destination.port));
}

/** User agent, Via, and the client's address at the edge. The request id and XFCC are not shown, but known to be there: they are made at run time. */
function addOwnHeaders(hop: Hop, http: HttpStream, remote: RemoteAddress): void {
  const { manager, request } = http;
  if (manager.bool('add_user_agent') === true) addNode(hop, request);
  const via = manager.string('via');
  if (via !== '') appendVia(request, via);
  const isEdge = usesRemoteAddress(http) && !remote.isInternal;
  if (isEdge && typeof remote.address === 'object') setHeader(request, 'x-envoy-external-address', remote.address.ip);
  else if (isEdge && remote.address === 'unknown') {
    removeHeader(request, 'x-envoy-external-address');
    markUnknownHeader(request, 'x-envoy-external-address', NO_SOURCE);
  }
  makeRequestId(http, isEdge);
  forwardClientCertificate(hop, http);
}

/** `add_user_agent`. An empty id is not sent. */
function addNode({ proxy }: Hop, request: HttpRequest): void {
  const [cluster, id] = [ownNode(proxy, 'cluster'), ownNode(proxy, 'id')];
  const names = ['x-envoy-downstream-service-cluster'];
  if ((headerValues(request, 'user-agent')[0] ?? '') === '') names.push('user-agent');
  for (const name of names)
    if (cluster instanceof NotKnown) markUnknownHeader(request, name, cluster.missing);
    else setHeader(request, name, cluster);
  if (id instanceof NotKnown) markDoubtfulHeader(request, 'x-envoy-downstream-service-node', id.missing);
  else if (id !== '') setHeader(request, 'x-envoy-downstream-service-node', id);
}

function appendVia(request: HttpRequest, via: string): void {
  const before = unknownHeader(request, 'via');
  const missing = via === KEPT_BACK ? words('the via of the connection manager, which the file keeps back') : before;
  setHeader(request, 'via', [...headerValues(request, 'via'), via === KEPT_BACK ? '?' : via].join(', '));
  if (missing) markUnknownHeader(request, 'via', missing);
}

/** At the edge always a new one, elsewhere where there is none. */
function makeRequestId({ manager, request }: HttpStream, isEdge: boolean): void {
  if (manager.bool('generate_request_id') === false) return;
  const isForced = isEdge && manager.bool('preserve_external_request_id') !== true;
  if (!isForced && headerValues(request, 'x-request-id').length > 0) return;
  removeHeader(request, 'x-request-id');
  markUnknownHeader(request, 'x-request-id', words('the request id that Envoy makes'));
}
