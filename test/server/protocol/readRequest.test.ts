/** What a request may leave out is filled in, wherever it comes from. */
import { expect, test } from 'vitest';
import { readRequest } from '../../../server/src/protocol/readRequest';

const WRITTEN = { method: 'GET', authority: 'shop', path: '/' };
const WHOLE = { version: 'http1', scheme: 'http', headers: [], ...WRITTEN };

test('version, scheme and headers, also of what a tunnel carries', () => {
  expect(readRequest({ connection: {}, http: WRITTEN, inner: { http: { ...WRITTEN, version: 'http2' } } })).toEqual({
    connection: {},
    http: WHOLE,
    inner: { http: { ...WHOLE, version: 'http2' } },
  });
});

test('a field that is null is unset', () => {
  const start = { proxy: 'p', listener: null };
  expect(readRequest({ start, connection: { source: null }, http: { ...WRITTEN, headers: null }, random: null })).toEqual({
    start: { proxy: 'p' },
    connection: {},
    http: WHOLE,
  });
});

test('what is no request is told', () => {
  expect(readRequest(undefined)).toBe('the request must be an object');
  expect(readRequest({ connection: { peerNames: { dns: 'a' } } })).toBe('connection.peerNames.dns must be a list');
});
