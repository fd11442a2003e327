/** envoy.filters.http.grpc_json_transcoder: the proto descriptor tells which paths become which method (json_transcoder_filter.cc). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { decodeBase64 } from '../../../text/encoding';
import { markUnknownHeader, removeHeader, setHeader, unknownHeader } from '../../facts/httpRequest';
import { onAnswer, type HopResult } from '../../hop';
import { announcedLength } from '../../http/codec/announcedBody';
import { isGrpcContentType } from '../../http/localReply/localReply';
import { doubtHeader } from '../../http/recordHeaderChange';
import { freshRoute } from '../../http/routeConfiguration/refreshRoute';
import { say, words } from '../../record/sentence';
import { answer, clearRoute, leaveOpen, pass, tell, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';
import { findField, queryBindings, takesText, typeText } from './bindFields';
import { readDescriptorSet, type DescriptorSet, type ServiceMethod } from '../../../model/descriptorSet';
import { MethodTable, type Binding, type FoundMethod } from './methodTable';

export function runJsonTranscoder(call: FilterCall): HopResult | undefined {
  const config = routeConfigOf(call.http, call.name)?.node ?? call.config;
  if (config.list('services').length === 0) return pass(call, { because: words('it has no services'), at: config });
  const missing = unknownHeader(call.http.request, 'content-type');
  if (missing) return leaveOpen(call, say`whether the request is gRPC already: ${missing}`);
  if (isGrpcContentType(call.http.request)) return pass(call, { because: words('the request is gRPC already'), at: config });
  const methods = methodsOf(config);
  return methods ? transcode(call, config, methods) : runWithoutDescriptor(call, config);
}

interface Methods {
  readonly set: DescriptorSet;
  readonly table: MethodTable;
}

/** Undefined where the descriptor stands in a file of its own, or cannot be read. */
const methodsOf = memoizeByNode((config: ConfigNode): Methods | undefined => {
  const bytes = decodeBase64(config.string('proto_descriptor_bin'));
  const set = bytes && bytes.length > 0 ? readDescriptorSet(bytes) : undefined;
  if (!set) return undefined;
  const table = new MethodTable(config.bool('match_unregistered_custom_verb') === true);
  for (const service of config.list('services')) {
    for (const method of set.services.get(service.asString() ?? '') ?? []) {
      const mapped = config.bool('auto_mapping') === true ? [{ verb: 'POST', template: pathOf(method) }] : [];
      const isRead = (method.rules ?? mapped).every(({ verb, template }) => table.add(verb, template, method));
      if (!isRead) return undefined;
    }
  }
  return { set, table };
});

function pathOf({ service, name }: ServiceMethod): string {
  return `/${service}/${name}`;
}

function transcode(call: FilterCall, config: ConfigNode, { set, table }: Methods): HopResult | undefined {
  const { request } = call.http;
  const [path = '', ...query] = request.path.split('?');
  const found = table.find(request.method, path);
  if (!found) {
    const because = say`no method of the proto descriptor is mapped to ${request.method} ${path}`;
    if (!rejects(config, 'reject_unknown_method')) return pass(call, { because, at: config });
    return refuse(call, config, { code: 404, status: 'NOT_FOUND', message: `Could not resolve ${path} to a method.` });
  }
  const ignored = config.list('ignored_query_parameters').map((name) => name.asString() ?? '');
  const bindings = [...found.bindings, ...queryBindings(query.join('?'), ignored)];
  const takesUnknown = ['ignore_unknown_query_parameters', 'capture_unknown_query_parameters'].some((field) => config.bool(field) === true);
  const fields = bindings.map((binding) => ({ binding, found: findField(set, found.method.input, binding.fieldPath) }));
  const unknown = fields.flatMap((each) => ('error' in each.found ? [each.found.error] : []))[0];
  if (unknown !== undefined && !takesUnknown) {
    if (!rejects(config, 'reject_unknown_query_parameters'))
      return pass(call, { because: say`the request does not fit its method: ${unknown}`, at: config });
    return refuse(call, config, { code: 400, status: 'INVALID_ARGUMENT', message: unknown });
  }
  const had = announcedLength(request);
  becomeGrpc(call, config, found);
  return checkValues(call, config, { set, fields, isEarly: had === 0 });
}

function rejects(config: ConfigNode, field: string): boolean {
  return config.get('request_validation_options')?.bool(field) === true;
}

interface Refusal {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly isLate?: boolean;
}

function refuse(call: FilterCall, config: ConfigNode, { code, status, message, isLate = false }: Refusal): HopResult {
  const details = `${isLate ? '' : 'early_'}grpc_json_transcode_failure{${status}}`;
  return answer(call, 'bad_request', { code, details, body: message }, { because: words(message), at: config });
}

function becomeGrpc(call: FilterCall, config: ConfigNode, { method }: FoundMethod): void {
  const { http } = call;
  const { request } = http;
  removeHeader(request, 'content-length');
  setHeader(request, 'content-type', 'application/grpc');
  setHeader(request, 'x-envoy-original-path', request.path);
  request.headers.push(['x-envoy-original-method', request.method]);
  setHeader(request, 'te', 'trailers');
  const before = `${request.method} ${request.path}`;
  request.path = pathOf(method);
  request.hasUnannouncedBody = true;
  request.method = 'POST';
  tell(call, say`filter ${call.name} makes ${request.path} of ${before}`, {
    because: words('the proto descriptor maps it to that method'),
    at: config,
  });
  // Answers of gRPC become JSON.
  onAnswer(call.hop, (reply, stream) => {
    if (!reply.isLocal) doubtHeader(stream.http.responseHeaders, 'content-type');
  });
  if (config.bool('match_incoming_request_route') !== true) clearRoute(call, words('the path has changed'));
}

interface BoundFields {
  readonly set: DescriptorSet;
  readonly fields: readonly { binding: Binding; found: ReturnType<typeof findField> }[];
  /** The request has no body. */
  readonly isEarly: boolean;
}

/** A value that its field does not take is an error of the client. */
function checkValues(call: FilterCall, config: ConfigNode, { set, fields, isEarly }: BoundFields): HopResult | undefined {
  for (const { binding, found } of fields) {
    if ('error' in found) continue;
    const fits = takesText(set, found.field, binding.value);
    if (fits === true) continue;
    const name = binding.fieldPath.join('.');
    if (fits === undefined) return leaveOpen(call, say`whether field ${name} takes ${binding.value}`, { at: config });
    const message = `${name}: invalid value "${binding.value}" for type ${typeText(found.field)}`;
    return freshRoute(call.hop) ?? refuse(call, config, { code: 400, status: 'INVALID_ARGUMENT', message, isLate: !isEarly });
  }
  return undefined;
}

/** The descriptor is a file of the proxy's. */
function runWithoutDescriptor(call: FilterCall, config: ConfigNode): HopResult | undefined {
  const mayReject = ['reject_unknown_method', 'reject_unknown_query_parameters'].some((field) => rejects(config, field));
  if (config.bool('match_incoming_request_route') === true && !mayReject) return keepRoute(call, config);
  return leaveOpen(
    call,
    words(
      'whether the proto descriptor has a method for the path: then the path becomes /package.Service/Method and the route is looked up again',
    ),
    { at: config },
  );
}

function keepRoute(call: FilterCall, config: ConfigNode): undefined {
  const missing = words('whether the proto descriptor has a method for the path');
  for (const name of [':path', ':method', 'content-type']) markUnknownHeader(call.http.request, name, missing);
  const because = words('the route stays the same; path and method change if the proto descriptor has a method for the path');
  return tell(call, say`filter ${call.name} may turn the request into a gRPC call`, { because, at: config });
}
