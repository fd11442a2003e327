/** What a file has lost may change an answer, though it decides no way. */
import { expect, test } from 'vitest';
import { filter, filterPath } from './filterTrace';

const uncertain = (fixture: Parameters<typeof filterPath>[0], headers: Record<string, string> = {}): readonly string[] =>
  filterPath(fixture, { headers }).response?.headers?.uncertain ?? [];

const DENIES = filter('r', 'rbac.v3.RBAC', { rules: {} });

test('a later filter whose configuration is lost may change the answer of an earlier one', () => {
  expect(uncertain({ filters: [DENIES, { name: 'm', typed_config: {} }] })).toEqual(['*']);
  expect(uncertain({ filters: [DENIES, { name: 'm', typed_config: {}, is_optional: true }] })).toEqual([]);
  expect(uncertain({ filters: [DENIES, filter('m', 'header_mutation.v3.HeaderMutation')] })).toEqual([]);
});

test('a body that is kept back is the message of a gRPC answer', () => {
  const answers = (inline_string: string): readonly string[] =>
    uncertain(
      { filters: [], routes: [{ match: { prefix: '/' }, direct_response: { status: 503, body: { inline_string } } }] },
      { 'content-type': 'application/grpc' },
    );
  expect(answers('[redacted]')).toEqual(['grpc-message']);
  expect(answers('no')).toEqual([]);
});

test('a body that is kept back is said to be unknown', () => {
  const body = (inline_string: string): unknown =>
    filterPath({ filters: [], routes: [{ match: { prefix: '/' }, direct_response: { status: 503, body: { inline_string } } }] }).response;
  expect(body('[redacted]')).toMatchObject({ code: 503, unknown: ['body'] });
  expect(body('no')).toEqual(expect.not.objectContaining({ unknown: ['body'] }));
});

test('which virtual cluster counts is not told where its conditions are lost', () => {
  const named = (value: string): string | undefined =>
    filterPath({
      filters: [],
      virtualHost: {
        virtual_clusters: [
          { name: 'one', headers: [{ name: ':path', string_match: { exact: value } }] },
          { name: 'two', headers: [{ name: ':path', present_match: true }] },
        ],
      },
    }).hops[0]?.virtualCluster;
  expect(named('/other')).toBe('two');
  expect(named('[redacted]')).toBeUndefined();
});
