/** Which retry and hedge policies hold, and what of the answer they leave open. */
import { describe, expect, test } from 'vitest';
import { hopOf, onlyPath, stepsOf } from '../support/traceOf';
import { filter, filterPath } from '../httpFilters/filterTrace';
import { httpTrace, type HttpCall, type HttpFixture } from './httpTrace';

const routes = (route: string, virtualHost = ''): string =>
  `{name: rc, virtual_hosts: [{name: v, domains: ["*"], include_attempt_count_in_response: true, ${virtualHost} routes: [{match: {prefix: /}, route: {cluster: a, ${route}}}]}]}`;
const RETRY = 'retry_policy: {retry_on: 5xx}';
const EXPECTED = 'x-envoy-expected-rq-timeout-ms';

describe('x-envoy-attempt-count of the answer', () => {
  const isUncertain = (fields: string, call: HttpCall = {}, manager = ''): boolean | undefined => {
    const headers = onlyPath(httpTrace({ routes: fields, manager }, call)).response?.headers;
    expect(headers?.set).toContainEqual(['x-envoy-attempt-count', '1']);
    return headers?.uncertain?.includes('x-envoy-attempt-count') ?? false;
  };

  test('is known where nothing is sent again', () => {
    expect(isUncertain(routes(''))).toBe(false);
    expect(isUncertain(routes('retry_policy: {num_retries: 3}'))).toBe(false);
    expect(isUncertain(routes('retry_policy: {num_retries: 3}', `${RETRY},`))).toBe(false);
  });

  test('is open where the route, the virtual host or a trusted client asks for retries', () => {
    expect(isUncertain(routes(RETRY))).toBe(true);
    expect(isUncertain(routes('', `${RETRY},`))).toBe(true);
    const manager = 'use_remote_address: true\ninternal_address_config: {cidr_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}';
    expect(isUncertain(routes(''), { headers: { 'x-envoy-retry-on': '5xx' } }, manager)).toBe(true);
  });
});

describe('what every server is told', () => {
  const told = (name: string, route: string, virtualHost = '', manager = ''): string | undefined => {
    const path = onlyPath(httpTrace({ routes: routes(route, virtualHost), manager }));
    return hopOf(path).upstream?.http?.headers.find(([key]) => key === name)?.[1];
  };

  test('the timeout of the route, or of one try, unless there is none', () => {
    expect(told(EXPECTED, '')).toBe('15000');
    expect(told(EXPECTED, 'timeout: 2s')).toBe('2000');
    expect(told(EXPECTED, 'timeout: 0s')).toBeUndefined();
    expect(told(EXPECTED, 'timeout: 2s, retry_policy: {per_try_timeout: 0.5s}')).toBe('500');
  });

  test('no timeout where the router keeps its headers back', () => {
    const router = filter('router', 'router.v3.Router', { suppress_envoy_headers: true });
    const headers = hopOf(filterPath({ filters: [router], withoutRouter: true })).upstream?.http?.headers.map(([name]) => name);
    expect(headers).toContain('x-forwarded-proto');
    expect(headers).not.toContain(EXPECTED);
  });

  test('before the route writes headers of its own', () => {
    const copies = `request_headers_to_add: [{header: {key: x-t, value: "%REQ(${EXPECTED})%"}}],`;
    expect(told('x-t', 'timeout: 2s', copies)).toBe('2000');
  });

  test('which try this is, where the virtual host says so', () => {
    expect(told('x-envoy-attempt-count', '', 'include_request_attempt_count: true,')).toBe('1');
    expect(told('x-envoy-attempt-count', '')).toBeUndefined();
  });
});

describe('how often the router sends again', () => {
  const manager = 'use_remote_address: true\ninternal_address_config: {cidr_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}';
  const told = (route: string, headers: Record<string, string> = {}): string | undefined =>
    stepsOf(hopOf(onlyPath(httpTrace({ routes: routes(route), manager }, { headers }))), 'route')
      .map(({ decision }) => /up to .*/.exec(decision)?.[0])
      .find((text) => text !== undefined);

  test.each<[what: string, route: string, headers: Record<string, string>, expected: string | undefined]>([
    ['by the policy', RETRY, {}, 'up to 1 retry on `5xx`'],
    ['more often where a trusted client asks for it', RETRY, { 'x-envoy-max-retries': '3' }, 'up to 3 retries on `5xx`'],
    ['on what the client says, too', RETRY, { 'x-envoy-retry-on': 'reset, nonsense' }, 'up to 1 retry on `5xx,reset`'],
    [
      'on words of gRPC in their own header alone',
      '',
      { 'x-envoy-retry-on': 'cancelled', 'x-envoy-retry-grpc-on': 'internal' },
      'up to 1 retry on `internal`',
    ],
    ['never without a condition', 'retry_policy: {num_retries: 3}', {}, undefined],
    ['never on words that are none', 'retry_policy: {retry_on: nonsense}', {}, undefined],
    ['never where the number is 0', RETRY, { 'x-envoy-max-retries': '0' }, undefined],
  ])('%s', (_, route, headers, expected) => expect(told(route, headers)).toBe(expected));
});

describe('the timeout that a gRPC server is told', () => {
  const sent = (fixture: HttpFixture, timeout: string): string | undefined => {
    const headers = { 'content-type': 'application/grpc', te: 'trailers', 'grpc-timeout': timeout };
    const path = onlyPath(httpTrace(fixture, { method: 'POST', headers }));
    return hopOf(path).upstream?.http?.headers.find(([name]) => name === 'grpc-timeout')?.[1];
  };
  const told = (route: string, virtualHost: string): string | undefined =>
    sent({ routes: routes(`max_grpc_timeout: 8s, ${route}`, virtualHost) }, '9S');

  test.each([
    ['99999999m', '8000m'],
    ['123456789m', '60000m'],
    ['+1S', '1000m'],
    ['-1S', '60000m'],
  ])('is not what the client says in more than eight digits, or below zero: %s, %s', (timeout, expected) => {
    expect(sent({ routes: routes(`max_grpc_timeout: ${timeout.startsWith('9') ? 8 : 60}s`) }, timeout)).toBe(expected);
  });

  test('is gone where the route ends the limit of the manager, and stays where there was none', () => {
    const manager = 'common_http_protocol_options: {max_stream_duration: 5s}';
    const unlimited = routes('max_stream_duration: {max_stream_duration: 0s}');
    expect(sent({ routes: unlimited, manager }, '1S')).toBeUndefined();
    expect(sent({ routes: unlimited }, '1S')).toBe('1S');
    expect(sent({ routes: routes('max_stream_duration: {}'), manager }, '1S')).toBe('5000m');
    expect(sent({ routes: routes('max_stream_duration: {grpc_timeout_header_max: 0s}') }, 'bad')).toBe('bad');
  });

  test('is not known where a header says it that only the running Envoy knows', () => {
    const writes = (key: string): string => `
early_header_mutation_extensions:
- name: w
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation
    mutations: [{append: {header: {key: ${key}, value: "%CONNECTION_ID%"}}}]`;
    const unknownOf = (key: string): string[] | undefined => {
      const call = { method: 'POST', headers: { 'content-type': 'application/grpc', te: 'trailers' } };
      const trace = httpTrace({ routes: routes('max_grpc_timeout: 8s'), manager: writes(key) }, call);
      return hopOf(onlyPath(trace)).upstream?.http?.unknownHeaders;
    };
    expect(unknownOf('grpc-timeout')).toEqual(['grpc-timeout', EXPECTED]);
    expect(unknownOf('x-other')).toEqual(['x-other']);
  });

  test('is that of one try, by the virtual host where the route has no policy', () => {
    expect(told('', '')).toBe('8000m');
    expect(told('', 'retry_policy: {retry_on: 5xx, per_try_timeout: 2s},')).toBe('2000m');
    expect(told('retry_policy: {per_try_timeout: 3s}', 'retry_policy: {per_try_timeout: 2s},')).toBe('3000m');
    const hedges = 'hedge_policy: {hedge_on_per_try_timeout: true},';
    expect(told('', `retry_policy: {per_try_timeout: 2s}, ${hedges}`)).toBe('8000m');
  });
});
