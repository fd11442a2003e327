/** JSON over HTTP that becomes gRPC, by a proto descriptor in the configuration. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { ITEMS_DESCRIPTOR } from '../../../server/trace/httpFilters/itemsDescriptor';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, extension, httpChain, httpRequest, listener, once, optional, typed, virtualHost } from '../parts';

const TRANSCODER = 'filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder';

const settings: fc.Arbitrary<JsonObject> = optional({
  match_incoming_request_route: fc.boolean(),
  auto_mapping: fc.boolean(),
  ignore_unknown_query_parameters: fc.boolean(),
  capture_unknown_query_parameters: fc.boolean(),
  ignored_query_parameters: fc.constant<Json>(['key']),
  convert_grpc_status: fc.boolean(),
  case_insensitive_enum_parsing: fc.boolean(),
  match_unregistered_custom_verb: fc.boolean(),
  query_param_unescape_plus: fc.boolean(),
  url_unescape_spec: fc.constantFrom('ALL_CHARACTERS_EXCEPT_RESERVED', 'ALL_CHARACTERS_EXCEPT_SLASH', 'ALL_CHARACTERS'),
  print_options: fc.constant<Json>({ add_whitespace: true, always_print_primitive_fields: true, preserve_proto_field_names: true }),
  request_validation_options: fc.constantFrom<Json[]>(
    { reject_unknown_method: true },
    { reject_unknown_query_parameters: true },
    { reject_unknown_method: true, reject_unknown_query_parameters: true, reject_binding_body_field_collisions: true },
  ),
  max_request_body_size: fc.constant<Json>(100_000),
  max_response_body_size: fc.constant<Json>(100_000),
}).map((more) => ({ proto_descriptor_bin: ITEMS_DESCRIPTOR, services: ['shop.Items'], ...more }));

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http1', 'http2'),
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'DELETE'),
    path: fc.constantFrom(
      '/v1/items/7',
      '/v1/items/7/',
      '/v1/items/a%2Fb',
      '/v1/items/a%20b?count=5',
      '/v1/items/7?count=x',
      '/v1/items/7?item.id=q',
      '/v1/items/7?item.none=q',
      '/v1/items/7?nothing=1',
      '/v1/items/7?key=1',
      '/v1/items/7:zap',
      '/v1/items/7:cancel',
      '/v1/shelves/shelf/9',
      '/v1/shelves/other/9',
      '/v1/items',
      '/shop.Items/Plain',
      '/shop.Items/Get',
      '/other?count=1',
    ),
    headers: fc.subarray<[string, string]>([
      ['content-type', 'application/json'],
      ['content-type', 'application/grpc'],
      ['x-to', 'three'],
      ['te', 'trailers'],
    ]),
  })
  .map(({ headers, ...http }) =>
    httpRequest({ ...http, headers: headers.filter(([name], index) => headers.findIndex(([other]) => other === name) === index) }),
  );

export const transcoding: fc.Arbitrary<LabCase> = fc
  .record({
    own: settings,
    perRoute: fc.option(fc.oneof(settings, fc.constant<JsonObject>({ proto_descriptor_bin: '', services: [] })), {
      nil: undefined,
      freq: 3,
    }),
    requests: fc.array(client, { minLength: 5, maxLength: 9 }),
  })
  .map(({ own, perRoute, requests }) => {
    const overrides: JsonObject = perRoute ? { typed_per_filter_config: { transcoder: typed(TRANSCODER, perRoute) } } : {};
    const routes: JsonObject[] = [
      { match: { prefix: '/shop.Items/' }, route: { cluster: '§c2' } },
      { match: { prefix: '/v1/shelves' }, route: { cluster: '§c3' }, ...overrides },
      { match: { prefix: '/', headers: [{ name: 'x-to', string_match: { exact: 'three' } }] }, route: { cluster: '§c3' } },
      { match: { prefix: '/other' }, direct_response: { status: 404, body: { inline_string: 'direct' } } },
      { match: { prefix: '/' }, route: { cluster: '§c1' } },
    ];
    const filter = extension('transcoder', TRANSCODER, own);
    return {
      area: 'transcoding',
      listeners: [listener('l', [httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, { httpFilters: [filter] })])],
      clusters: clusters(3),
      requests: once(requests),
    };
  });
