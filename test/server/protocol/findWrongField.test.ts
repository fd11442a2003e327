import { expect, test } from 'vitest';
import { findWrongField } from '../../../server/src/protocol/findWrongField';

const GET = { method: 'GET', authority: 'a.test', path: '/' };

test.each<[unknown, string | undefined]>([
  [{ connection: {} }, undefined],
  [
    { connection: { destination: '10.0.0.1:80', alpn: ['h2'], metadata: { a: { b: null } }, filterState: { k: 'v' } }, http: GET },
    undefined,
  ],
  [{ connection: {}, http: null, inner: null, start: { proxy: null }, random: 5, runtime: { k: true, n: 1, t: 'x' } }, undefined],
  [{ connection: {}, http: { ...GET, headers: [['a', 'b']] }, inner: { http: GET, inner: { connection: { alpn: [] } } } }, undefined],
  [[], 'the request must be an object'],
  [{}, 'connection is missing'],
  [{ connection: 5 }, 'connection must be an object'],
  [{ connection: { destination: 5 } }, 'connection.destination must be a string'],
  [{ connection: { alpn: 'h2' } }, 'connection.alpn must be a list'],
  [{ connection: { alpn: ['h2', 1] } }, 'connection.alpn[1] must be a string'],
  [{ connection: { capture: 'in' } }, 'connection.capture must be one of outbound, inbound, none'],
  [{ connection: { filterState: { k: 1 } } }, 'connection.filterState.k must be a string'],
  [{ connection: {}, http: { method: 'GET', path: '/' } }, 'http.authority is missing'],
  [{ connection: {}, http: { ...GET, headers: { a: 'b' } } }, 'http.headers must be a list'],
  [{ connection: {}, http: { ...GET, headers: [['a']] } }, 'http.headers[0] must be a pair [name, value] of strings'],
  [{ connection: {}, http: { ...GET, version: 'h2' } }, 'http.version must be one of http1, http2, http3'],
  [{ connection: {}, inner: { inner: { http: { method: 'GET' } } } }, 'inner.inner.http.authority is missing'],
  [{ connection: {}, random: -1 }, 'random must be a whole number, 0 or more'],
  [{ connection: {}, runtime: { k: [] } }, 'runtime.k must be a number, a string or a boolean'],
  [{ connection: {}, time: 'soon' }, 'time must be a time such as 2026-03-01T12:00:00Z'],
  [{ connection: {}, start: { at: { uri: 'a' } } }, 'start.at.pointer is missing'],
])('%j', (request, wrong) => {
  expect(findWrongField(request)).toBe(wrong);
});
