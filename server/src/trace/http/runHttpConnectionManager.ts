/** The HTTP connection manager: from the first bytes to the router, in Envoy's order (source/common/http/conn_manager_impl.cc). */
import type { ConfigNode, TypedConfig } from '../../schema/configNode';
import type { HttpRequest } from '../facts/httpRequest';
import type { Hop, HopResult } from '../hop';
import { goOnce } from '../hopState';
import { cannotTell, ending, type EndingResponse } from '../record/hopRecord';
import { joinFlags } from '../format/flagNames';
import { codeOfFetched } from '../httpFilters/filters/redirectPolicy';
import { joinAllFilters, runHttpFilters } from '../httpFilters/runHttpFilters';
import { applyRoute } from './applyRoute';
import { checkRequest } from './checkRequest';
import { checkUpgrade } from './checkUpgrade';
import { earlyHeaderMutation } from './requestHeaders/earlyHeaderMutation';
import { finishAnswer } from './finishAnswer';
import type { FetchedAnswer, HttpStream, StreamAnswer } from '../httpStream';
import { limitStream } from './limitStream';
import { locationOfAnswer } from './locationOfAnswer';
import { isGrpcRequest, localReply } from './localReply/localReply';
import { mutateRequestHeaders } from './requestHeaders/mutateRequestHeaders';
import { normaliseHost } from './normalise/normaliseHost';
import { normalisePath } from './normalise/normalisePath';
import { readHttp } from './codec/readHttp';
import { doubtRenamedHeaders } from './renamedHeaders';
import { forwardRequest } from './route/forwardRequest';
import { refreshRoute } from './routeConfiguration/refreshRoute';

type HttpStage = (hop: Hop, http: HttpStream) => HopResult | undefined;

/** Between the codec and the choice of a route. */
const EARLY_STAGES: readonly HttpStage[] = [
  doubtRenamedHeaders,
  checkRequest,
  normalisePath,
  normaliseHost,
  earlyHeaderMutation,
  mutateRequestHeaders,
];

/** Up to the request as the router forwards it. The route is chosen before the filters run; a filter may have it chosen again. */
const AFTER_ROUTE: readonly HttpStage[] = [limitStream, checkUpgrade, runHttpFilters, applyRoute];

/** Runs a request through HttpConnectionManager. */
export function runHttpConnectionManager(hop: Hop, config: TypedConfig): HopResult {
  const reading = readHttp(hop, config.node);
  if (reading.kind === 'unknown') return cannotTell(reading.missing);
  if (reading.kind === 'refused') return answerRefusal(hop, config.node, reading.response);
  const http = newStream(hop, config.node, reading);
  const result = finishStream(hop, http, runStages(hop, http));
  return http.fetch ? fetchAnswer(hop, http, { fetch: http.fetch, given: result }) : result;
}

interface Fetching {
  readonly fetch: FetchedAnswer;
  /** Stays where no route takes the request for another. */
  readonly given: HopResult;
}

/** The request made again, without what is done to those of clients alone (Envoy: ActiveStream::recreateStream). */
function fetchAnswer(hop: Hop, before: HttpStream, { fetch, given }: Fetching): HopResult {
  const { record } = hop;
  const { virtualHost, route, routeConfiguration } = record;
  const http = newStream(hop, before.manager, { request: fetch.request, bringsScheme: true });
  http.fetched = fetch;
  const later = record.steps.splice(fetch.steps);
  const lost = refreshRoute(hop);
  if (lost) return lost;
  if (!http.route && !http.redirectsToTls) {
    record.steps.push(...later);
    Object.assign(record, { virtualHost, route, routeConfiguration });
    hop.http = before;
    return given;
  }
  Object.assign(record, { cluster: undefined, member: undefined, endpoint: undefined, upstream: undefined, mirrors: undefined });
  record.responseHeaders = undefined;
  const result = finishStream(hop, http, runAfterRoute(hop, http) ?? forwardRequest(hop, http));
  return result.kind === 'ending' && result.disposition === 'upstream' ? { ...result, response: { code: codeOfFetched(fetch) } } : result;
}

function newStream(hop: Hop, manager: ConfigNode, { request, bringsScheme }: Pick<HttpStream, 'request' | 'bringsScheme'>): HttpStream {
  const http: HttpStream = {
    manager,
    request,
    bringsScheme,
    isGrpc: isGrpcRequest(request),
    forwardedProto: '',
    internal: false,
    // The stream's own: what the connection's filters wrote is not seen by routes and HTTP filters (observed with Envoy 1.40).
    metadata: new Map(),
    filterState: new Map(hop.connection.filterState),
    responseHeaders: { set: [], append: [], remove: [] },
  };
  hop.http = http;
  hop.onResponse = [];
  return http;
}

/** What the codec answers goes through `local_reply_config`, which sees neither request nor flags (Envoy: http1/codec_impl.cc sendProtocolError). */
function answerRefusal(hop: Hop, manager: ConfigNode, response: EndingResponse): HopResult {
  const { code, flags, details = '', body } = response;
  if (code === undefined) return ending('protocol_error', response);
  const request: HttpRequest = { version: 'http1', method: '', scheme: 'http', authority: '', path: '', headers: [] };
  const http = newStream(hop, manager, { request, bringsScheme: false });
  const refused = localReply(hop, 'protocol_error', { code, details, ...(body !== undefined && { body }) });
  joinAllFilters(hop, http);
  const result = finishStream(hop, http, refused);
  // The codec's own details are written down last, whatever the filters make of the answer (observed with Envoy 1.40).
  return result.kind === 'ending' ? { ...result, response: { ...result.response, ...(flags && { flags }), details } } : result;
}

function finishStream(hop: Hop, http: HttpStream, given: HopResult): HopResult {
  const result = withStreamFlags(http, finishAnswer(hop, http, passThroughFilters(hop, http, given)));
  const { set, append, remove, uncertain = [] } = http.responseHeaders;
  if (set.length + append.length + remove.length + uncertain.length === 0) return result;
  hop.record.responseHeaders = http.responseHeaders;
  return withLocation(http, result);
}

/** Headers that are written on an answer of Envoy's own may bring a `location`, or change the one of a redirect. */
function withLocation({ responseHeaders }: HttpStream, result: HopResult): HopResult {
  if (result.kind !== 'ending' || result.disposition === 'upstream' || result.response?.code === undefined) return result;
  const { location: given, ...response } = result.response;
  const location = locationOfAnswer(given, responseHeaders);
  return { ...result, response: { ...response, ...(location !== undefined && { location }) } };
}

function withStreamFlags({ flags }: HttpStream, result: HopResult): HopResult {
  if (!flags || result.kind !== 'ending' || result.disposition === 'upstream' || !result.response) return result;
  return { ...result, response: { ...result.response, flags: joinFlags(flags, result.response.flags) ?? [] } };
}

/** The answer on its way back through the filters; a script may change even its status. */
function passThroughFilters(hop: Hop, http: HttpStream, result: HopResult): HopResult {
  const response = result.kind === 'ending' && result.disposition !== 'upstream' ? result.response : undefined;
  const answer: StreamAnswer = {
    isLocal: response?.code !== undefined,
    code: response?.code,
    details: response ? response.details : http.answer?.details,
    ...(response?.flags && { flags: response.flags }),
    ...(response?.body !== undefined && { body: response.body }),
    isComplete: true,
    ...(response?.code !== undefined && { hasCode: true }),
  };
  http.answer = { ...http.answer, ...answer };
  for (const change of [...(hop.onResponse ?? [])].reverse()) {
    change(answer, { hop, http });
    if (answer.replacement || answer.doubt) break;
  }
  if (answer.doubt) return cannotTell(answer.doubt);
  if (result.kind === 'ending' && answer.replacement) {
    const disposition = answer.isError && result.disposition !== 'upstream' ? 'local_reply' : result.disposition;
    return { ...result, disposition, response: answer.replacement };
  }
  if (result.kind !== 'ending' || !response) return result;
  const body = answer.body === response.body ? {} : { body: answer.body };
  const details = answer.details === undefined ? {} : { details: answer.details };
  return { ...result, response: { ...response, ...(answer.code !== undefined && { code: answer.code }), ...details, ...body } };
}

function runStages(hop: Hop, http: HttpStream): HopResult {
  return goOnce(hop, () => runBeforeForwarding(hop, http)) ?? forwardRequest(hop, http);
}

function runBeforeForwarding(hop: Hop, http: HttpStream): HopResult | undefined {
  for (const stage of EARLY_STAGES) {
    const result = stage(hop, http);
    if (!result) continue;
    // The answer passes through the filters that the request has never come to (Envoy: FilterManager::sendLocalReplyViaFilterChain).
    if (result.kind === 'ending' && result.response?.code !== undefined) joinAllFilters(hop, http);
    return result;
  }
  return refreshRoute(hop) ?? runAfterRoute(hop, http);
}

function runAfterRoute(hop: Hop, http: HttpStream): HopResult | undefined {
  for (const stage of AFTER_ROUTE) {
    const result = stage(hop, http);
    if (result) return result;
  }
  return undefined;
}
