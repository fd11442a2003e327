/** Which retry and hedge policies hold, and what of the answer they leave open. */
import { describe, expect, test } from 'vitest';
import { hopOf, onlyPath } from '../support/traceOf';
import { httpTrace, type HttpCall } from './httpTrace';

const routes = (route: string, virtualHost = ''): string =>
  `{name: rc, virtual_hosts: [{name: v, domains: ["*"], include_attempt_count_in_response: true, ${virtualHost} routes: [{match: {prefix: /}, route: {cluster: a, ${route}}}]}]}`;
const RETRY = 'retry_policy: {retry_on: 5xx}';

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

describe('the timeout that a gRPC server is told', () => {
  const told = (route: string, virtualHost: string): string | undefined => {
    const headers = { 'content-type': 'application/grpc', te: 'trailers', 'grpc-timeout': '9S' };
    const path = onlyPath(httpTrace({ routes: routes(`max_grpc_timeout: 8s, ${route}`, virtualHost) }, { method: 'POST', headers }));
    return hopOf(path).upstream?.http?.headers.find(([name]) => name === 'grpc-timeout')?.[1];
  };

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
    expect(unknownOf('grpc-timeout')).toEqual(['grpc-timeout']);
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
