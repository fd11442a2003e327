import { expect, test } from 'vitest';
import { curlOf } from '../../client/src/commands/curlOf';
import type { RequestHttp } from '../../server/src/protocol/trace';

const http: RequestHttp = { version: 'http1', method: 'GET', scheme: 'http', authority: 'reviews:9080', path: '/a?b=1', headers: [] };

test('a request as curl sends it', () => {
  expect(curlOf({ connection: {}, http: { ...http, path: '/a' } })).toBe('curl -v http://reviews:9080/a');
  expect(curlOf({ connection: { destination: '10.0.0.1:80' }, http })).toBe(
    `curl -v 'http://reviews:9080/a?b=1' --connect-to ::10.0.0.1:80`,
  );
});
test('method, headers, quotes and protocol', () =>
  expect(
    curlOf({
      connection: {},
      http: {
        ...http,
        method: 'POST',
        version: 'http2',
        headers: [
          ['user', "o'neil"],
          ['empty', ''],
        ],
      },
    }),
  ).toBe(`curl -v -X POST --http2-prior-knowledge 'http://reviews:9080/a?b=1' -H 'user: o'\\''neil' -H 'empty;'`));
test('nothing for a plain connection', () => expect(curlOf({ connection: { destination: '10.0.0.1:80' } })).toBeUndefined());
