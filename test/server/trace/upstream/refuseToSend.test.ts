/** Control characters that a format makes, and a CONNECT with a path: as a real Envoy 1.40 did it. */
import { expect, test } from 'vitest';
import { fateOf, filterPath } from '../httpFilters/filterTrace';

const route = { request_headers_to_add: [{ header: { key: 'x-q', value: '[%QUERY_PARAM(x)%]' } }] };
const fate = (path: string): string => fateOf(filterPath({ filters: [], route }, { path }));

test.each(['%01', '%0a', '%7f'])('a header with %s is not sent', (escape) => {
  expect(fate(`/?x=${escape}`)).toBe('protocol_error 503 filter_removed_required_request_headers{invalid_header_value_for:_x-q}');
});

test.each([
  [{ path_rewrite: '/n' }, 'protocol_error 503 filter_removed_required_request_headers{missing_required_header:_:protocol}'],
  [{}, 'upstream a'],
])('a CONNECT whose route says %j', (more, expected) => {
  const upgrade_configs = [{ upgrade_type: 'CONNECT' }];
  const routes = [{ match: { connect_matcher: {} }, route: { cluster: 'a', upgrade_configs, ...more } }];
  expect(fateOf(filterPath({ filters: [], routes }, { method: 'CONNECT', authority: 'a.test:80', path: '' }))).toBe(expected);
});

test('a tab is sent', () => {
  expect(fate('/?x=%09')).toBe('upstream a');
});
