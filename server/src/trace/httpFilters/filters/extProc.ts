/** envoy.filters.http.ext_proc (Envoy: source/extensions/filters/http/ext_proc/ext_proc.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { statusCodeOf } from '../../facts/statusCode';
import type { HttpRequest } from '../../facts/httpRequest';
import { addStep, type HopResult } from '../../hop';
import { announcedLength } from '../../http/codec/announcedBody';
import type { StreamAnswer } from '../../httpStream';
import { localReply } from '../../http/localReply/localReply';
import { say, words } from '../../record/sentence';
import { whyServiceIsDead, type DeadService } from '../../cluster/deadService';
import { answer, leaveOpen, pass, tell, type FilterCall } from '../filterCall';
import { routeConfigsOf } from '../perRouteConfig';
import { serviceOf } from './extAuthz';

/** Sends request headers or body to a service, which may do anything to them; watching alone changes nothing. */
export function runExtProc(call: FilterCall): HopResult | undefined {
  const settings = settingsOf(call);
  const { off, mode, asks } = settings;
  if (off) return pass(call, { because: words('the route turns external processing off'), at: off });
  const seen = seenOfRequest(mode, call.http.request);
  const dead = seen === 'nothing' ? undefined : whyServiceIsDead(call.hop, asks.get('grpc_service'));
  if (dead) return failToAsk(call, dead, settings, seen);
  if (call.config.bool('observability_mode') === true)
    return pass(call, { because: words('it only watches (observability_mode)'), at: call.config.get('observability_mode') });
  if (seen === 'nothing') return pass(call, { because: words('it sees nothing of the request'), at: mode ?? call.config });
  const service = serviceOf(asks);
  return leaveOpen(
    call,
    say`what the external processor ${service} does: it may answer by itself, or change the request and so its route`,
    { at: mode },
  );
}

interface Settings {
  /** Where the route turns the filter off. */
  readonly off: ConfigNode | undefined;
  readonly mode: ConfigNode | undefined;
  /** The configuration whose `grpc_service` counts. */
  readonly asks: ConfigNode;
  readonly allowsFailure: boolean;
}

/** The filter's own, with what the route overrides. */
function settingsOf({ http, name, config }: FilterCall): Settings {
  const perRoute = routeConfigsOf(http, name);
  const overrides = perRoute.map(({ node }) => node.get('overrides')).find((node) => node !== undefined);
  return {
    off: perRoute[0]?.node.bool('disabled') === true ? perRoute[0].entry : undefined,
    mode: overrides?.get('processing_mode') ?? config.get('processing_mode'),
    asks: overrides?.has('grpc_service') === true ? overrides : config,
    allowsFailure: overrides?.bool('failure_mode_allow') ?? config.bool('failure_mode_allow') === true,
  };
}

/** The stream cannot be opened, be it only to watch (ext_proc.cc, onGrpcError). */
function failToAsk(call: FilterCall, dead: DeadService, { allowsFailure }: Settings, seen: Seen): HopResult | undefined {
  const { because, at } = dead;
  if (allowsFailure) return pass(call, { because: say`${because}, and failure_mode_allow lets requests pass then`, at });
  const reply = { code: errorCode(call.config), details: errorDetails(dead.details) };
  if (seen === 'headers') return answer(call, 'local_reply', reply, { because, at });
  call.http.bodyRefusal = { disposition: 'local_reply', ...reply, body: '' };
  return tell(call, say`filter ${call.name} waits for the body`, { because: say`it is asked about that alone, and then ${because}`, at });
}

const ERROR = 'ext_proc_error';

function errorDetails(details: string): string {
  return `${ERROR}_gRPC_error_14{${details}}`;
}

function errorCode(config: ConfigNode): number {
  return statusCodeOf(config.get('status_on_error')) ?? 500;
}

/**
 * The answer's headers go to the service (by default): it may change them, or answer by itself. Where nobody stands for it, an error takes the
 * place of the answer, be it the upstream's or Envoy's own (observed with Envoy 1.40).
 */
export function processAnswer(call: FilterCall, response: StreamAnswer): void {
  const { off, mode, asks, allowsFailure } = settingsOf(call);
  if (off || isSkipped(mode, 'response_header_mode') || response.details?.startsWith(ERROR) === true) return;
  const dead = whyServiceIsDead(call.hop, asks.get('grpc_service'));
  if (dead && allowsFailure) return;
  if (!dead && call.config.bool('observability_mode') === true) return;
  const { hop, name, filter } = call;
  if (dead) return replaceByError(call, dead, response);
  const because = say`the external processor ${serviceOf(asks)} may change it, or put another in its place`;
  addStep(hop, { stage: 'http_filter', decision: say`filter ${name} sees the answer`, because, at: mode ?? filter, onAnswer: true });
  if (response.isLocal) response.doubt = say`what the external processor ${serviceOf(asks)} makes of the answer (filter ${name})`;
}

/** Nothing is left of the first answer but its flags. */
function replaceByError({ hop, name, http, config }: FilterCall, { because, at, details }: DeadService, response: StreamAnswer): void {
  const code = errorCode(config);
  addStep(hop, { stage: 'http_filter', decision: say`filter ${name} answers with ${code} instead`, because, at, onAnswer: true });
  Object.assign(http.responseHeaders, { set: [], append: [], remove: [] });
  delete http.responseHeaders.uncertain;
  http.hasRouteHeaders = false;
  const { flags = [] } = response;
  const reply = { code, details: errorDetails(details), ...(flags.length > 0 && { flags }) };
  response.replacement = localReply(hop, 'local_reply', reply).response ?? {};
  response.isError = true;
}

/** `HeaderSendMode` of a ProcessingMode. */
function isSkipped(mode: ConfigNode | undefined, field: string): boolean {
  return mode?.isEnum(field, 'SKIP', 2) === true;
}

type Seen = 'headers' | 'body' | 'nothing';

/** `request_header_mode` is SEND by default, the bodies' NONE; a request without a body has nothing to show then. */
function seenOfRequest(mode: ConfigNode | undefined, request: HttpRequest): Seen {
  if (!isSkipped(mode, 'request_header_mode')) return 'headers';
  return mode?.isEnum('request_body_mode', 'NONE', 0) !== false || announcedLength(request) === 0 ? 'nothing' : 'body';
}
