/** The preview's form: what it shows comes back as it was, what one changes is what is asked. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fieldsOfRequest, requestOfFields } from '../../client/webview/requestFields';
import type { TraceRequest } from '../../server/src/protocol/trace';

const samples = path.resolve(import.meta.dirname, '../../samples');
const get: TraceRequest = {
  start: { proxy: 'a' },
  connection: { destination: '10.0.0.1:80', metadata: { a: { b: 1 } }, filterState: { c: 'd' } },
  http: { version: 'http2', method: 'GET', scheme: 'http', authority: 'a:80', path: '/b?c=d', headers: [['x', 'y: z']] },
  runtime: { key: 1 },
};

test('a request that nobody changes stays what it is', () => {
  expect(requestOfFields(fieldsOfRequest(get), get)).toEqual(get);
});

test('so do those of every sample', () => {
  const files = fs
    .readdirSync(samples)
    .map((name) => path.join(samples, name, 'request.json'))
    .filter((file) => fs.existsSync(file));
  const requests = files.flatMap((file) => JSON.parse(fs.readFileSync(file, 'utf8')) as TraceRequest | TraceRequest[]);
  expect(requests.length).toBeGreaterThan(0);
  for (const request of requests) expect(requestOfFields(fieldsOfRequest(request), request)).toEqual(request);
});

describe('changes', () => {
  const change = (fields: Partial<ReturnType<typeof fieldsOfRequest>>, before = get) =>
    requestOfFields({ ...fieldsOfRequest(before), ...fields }, before);

  test('https means TLS with SNI and ALPN', () => {
    expect(change({ url: 'https://shop.example.com/' })).toMatchObject({
      connection: { transport: 'tls', sni: 'shop.example.com', alpn: ['h2', 'http/1.1'], destination: '10.0.0.1:80' },
    });
  });

  test('unless one says otherwise', () => {
    expect(change({ url: 'https://shop.example.com/', transport: 'raw_buffer' })).toMatchObject({
      connection: { transport: 'raw_buffer' },
    });
  });

  test('no URL is plain TCP', () => {
    expect(change({ url: '' })).not.toHaveProperty('http');
  });

  test('the random number, and none', () => {
    expect(change({ random: '42' })).toMatchObject({ random: 42 });
    expect(change({}, { ...get, random: 42 })).toMatchObject({ random: 42 });
    expect(change({ random: '' }, { ...get, random: 42 })).not.toHaveProperty('random');
  });

  test('away from the place that one traced from', () => {
    const here = { ...get, start: { at: { uri: 'file:///a.json', pointer: '/b' } } };
    expect(change({}, here)).toEqual(here);
    expect(change({ here: '' }, here)).toMatchObject({ start: { proxy: 'file:///a.json' } });
    expect(change({ here: '' }, here)).not.toHaveProperty('start.at');
  });

  test('a tunnel', () => {
    expect(change({ method: 'CONNECT', url: 'https://10.0.0.1:80', innerUrl: 'http://a/b', innerMethod: 'POST' })).toMatchObject({
      http: { method: 'CONNECT', authority: '10.0.0.1:80', path: '' },
      inner: { http: { method: 'POST', authority: 'a', path: '/b' } },
    });
  });

  test('what is wrong is said', () => {
    expect(change({ url: 'ftp://a' })).toBe('urlProblem');
    expect(change({ headers: 'nonsense' })).toBe('headersProblem');
    expect(change({ method: 'CONNECT', innerUrl: 'ftp://a' })).toBe('urlProblem');
  });
});
