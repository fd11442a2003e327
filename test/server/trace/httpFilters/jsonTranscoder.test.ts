/** The proto descriptor stands in the configuration: which method a path means, as a real Envoy 1.40 decided it. */
import { describe, expect, test } from 'vitest';
import { hopOf } from '../support/traceOf';
import { ITEMS_DESCRIPTOR } from './itemsDescriptor';
import { fate, filter, filterPath, sentHeader, type FilterCall, type FilterFixture } from './filterTrace';

type Fields = Readonly<Record<string, unknown>>;

function transcoder(config: Fields = {}): FilterFixture {
  return {
    filters: [
      filter('t', 'grpc_json_transcoder.v3.GrpcJsonTranscoder', {
        proto_descriptor_bin: ITEMS_DESCRIPTOR,
        services: ['shop.Items'],
        ...config,
      }),
    ],
    routes: [
      { name: 'grpc', match: { prefix: '/shop.Items/' }, route: { cluster: 'b' } },
      { name: 'rest', match: { prefix: '/' }, route: { cluster: 'a' } },
    ],
  };
}

const sentPath = (call: FilterCall, config?: Fields): string | undefined =>
  hopOf(filterPath(transcoder(config), call)).upstream?.http?.path;

describe('a path that the descriptor maps', () => {
  test.each([
    ['GET', '/v1/items/7', '/shop.Items/Get'],
    ['GET', '/v1/items/7/', '/shop.Items/Get'],
    ['GET', '/v1/items/7:zap', '/shop.Items/Get'],
    ['GET', '/v1/items/7?count=5&item.id=x', '/shop.Items/Get'],
    ['GET', '/v1/shelves/shelf/9', '/shop.Items/Get'],
    ['POST', '/v1/items/7:cancel', '/shop.Items/Cancel'],
  ])('%s %s becomes %s', (verb, path, expected) => {
    expect(sentPath({ method: verb, path })).toBe(expected);
  });

  test('is gRPC, by the route of the method', () => {
    const path = filterPath(transcoder(), { path: '/v1/items/7', headers: { 'content-length': '0' } });
    expect(hopOf(path).cluster).toBe('b');
    expect(hopOf(path).upstream?.http?.method).toBe('POST');
    expect(
      ['content-type', 'te', 'x-envoy-original-path', 'x-envoy-original-method', 'content-length'].map((name) => sentHeader(path, name)),
    ).toEqual(['application/grpc', 'trailers', '/v1/items/7', 'GET', undefined]);
  });

  test('keeps its route where it shall', () => {
    expect(fate(transcoder({ match_incoming_request_route: true }), { path: '/v1/items/7' })).toBe('upstream a');
  });

  test('of a method without a rule is mapped to it where that is told', () => {
    const call = { method: 'POST', path: '/shop.Items/Plain' };
    expect(filterPath(transcoder(), call).hops[0]?.upstream?.http?.headers).not.toContainEqual(['content-type', 'application/grpc']);
    expect(sentHeader(filterPath(transcoder({ auto_mapping: true }), call), 'content-type')).toBe('application/grpc');
  });
});

describe('other requests', () => {
  const strict = { request_validation_options: { reject_unknown_method: true, reject_unknown_query_parameters: true } };
  const REFUSED = 'early_grpc_json_transcode_failure{';

  test.each([
    ['GET', '/v1/items/', 404],
    ['GET', '/v1/items/a/b', 404],
    ['GET', '/v1/items/7:cancel', 404],
    ['POST', '/v1/items/7', 404],
    ['GET', '/v1/items/7?other=1', 400],
    ['GET', '/v1/items/7?id.x=1', 400],
  ])('%s %s pass as they are, or are refused with %s', (verb, path, code) => {
    const call = { method: verb, path };
    expect(fate(transcoder(), call)).toBe('upstream a');
    expect(fate(transcoder(strict), call)).toBe(`bad_request ${code} ${REFUSED}${code === 404 ? 'NOT_FOUND' : 'INVALID_ARGUMENT'}}`);
  });

  test.each(['ignore_unknown_query_parameters', 'capture_unknown_query_parameters'])('%s', (option) => {
    expect(sentPath({ path: '/v1/items/7?other=1' }, { ...strict, [option]: true })).toBe('/shop.Items/Get');
  });

  test.each([
    ['count=x', 'count: invalid value "x" for type TYPE_INT32'],
    ['item=5', 'item: invalid value "5" for type type.googleapis.com/shop.Item'],
  ])('a value that its field does not take is refused: %s', (query, body) => {
    const { response } = filterPath(transcoder(), { path: `/v1/items/7?${query}` });
    expect(response).toMatchObject({ code: 400, body, details: `${REFUSED}INVALID_ARGUMENT}` });
  });
});
