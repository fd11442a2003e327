import { expect, test } from 'vitest';
import type { Trace } from '../../../../server/src/protocol/trace';
import { call, world } from '../missing/missingCase';
import { traceOf } from '../support/traceOf';

const traced = (header_prefix: string, headers: Readonly<Record<string, string>> = {}): Trace =>
  traceOf({ ...world({ more: { header_prefix } }) }, call({ headers }));

test('that Envoy’s own headers have other names is said', () => {
  const { paths, notes } = traced('x-own');
  expect(paths.map(({ disposition }) => disposition)).toEqual(['upstream']);
  expect(notes).toContain(
    "the bootstrap's header_prefix is `x-own`: headers of Envoy's own that this trace calls `x-envoy-…` are `x-own-…`",
  );
  expect(traced('x-envoy', { 'x-envoy-retry-on': '5xx' }).notes).toEqual([]);
});

test('a client’s header by either name is left open, another is not', () => {
  const fate = (header: string): string | undefined => traced('x-own', { [header]: '1' }).paths[0]?.disposition;
  expect(['x-own-retry-on', 'x-envoy-retry-on', 'x-owner'].map(fate)).toEqual(['insufficient_info', 'insufficient_info', 'upstream']);
});
