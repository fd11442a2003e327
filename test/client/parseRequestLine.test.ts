/** What a person may type to name a request. */
import { describe, expect, test } from 'vitest';
import { parseRequestLine } from '../../client/src/commands/parseRequestLine';

const http = { version: 'http1', method: 'GET', scheme: 'http', authority: 'reviews:9080', path: '/reviews/1', headers: [] };

describe('requests', () => {
  test('a URL', () => {
    expect(parseRequestLine('http://reviews:9080/reviews/1')).toEqual({ request: { connection: {}, http } });
    expect(parseRequestLine('reviews:9080/reviews/1')).toEqual({ request: { connection: {}, http } });
  });

  test('a method before it', () => {
    expect(parseRequestLine('POST http://reviews:9080/reviews/1')).toMatchObject({ request: { http: { method: 'POST' } } });
  });

  test('curl with headers, quotes and joined lines', () => {
    const line = `curl -sk -X PUT \\\n  "http://reviews:9080/reviews/1" -H 'end-user: jason' -H "x-note: say \\"hi\\"" -H x-a:b`;
    const headers = [
      ['end-user', 'jason'],
      ['x-note', 'say "hi"'],
      ['x-a', 'b'],
    ];
    expect(parseRequestLine(line)).toEqual({ request: { connection: {}, http: { ...http, method: 'PUT', headers } } });
  });

  test('Host sets the authority', () => {
    expect(parseRequestLine(`curl http://10.0.0.1/ -H 'Host: shop.example.com'`)).toMatchObject({
      request: { http: { authority: 'shop.example.com', headers: [] } },
    });
  });

  test('https brings SNI and ALPN; an IP is no SNI', () => {
    expect(parseRequestLine('https://shop.example.com')).toEqual({
      request: {
        connection: { transport: 'tls', sni: 'shop.example.com', alpn: ['h2', 'http/1.1'] },
        http: { ...http, scheme: 'https', authority: 'shop.example.com', path: '/' },
      },
    });
    expect(parseRequestLine('https://[2001:db8::1]:443/')).toMatchObject({ request: { connection: { transport: 'tls' } } });
    expect(JSON.stringify(parseRequestLine('https://[2001:db8::1]:443/ https'))).not.toContain('sni');
  });

  test('the facts of the connection', () => {
    const line = 'http://a/ --dst 10.0.0.1:80 --src 10.0.0.2 --sni b --principal spiffe://c --principal spiffe://d';
    expect(parseRequestLine(line)).toMatchObject({
      request: { connection: { destination: '10.0.0.1:80', source: '10.0.0.2', sni: 'b', peerPrincipals: ['spiffe://c', 'spiffe://d'] } },
    });
  });

  test('a query without a path, a fragment, a user', () => {
    expect(parseRequestLine('http://u:p@a?b=c#d')).toMatchObject({ request: { http: { authority: 'a', path: '/?b=c' } } });
  });

  test('a request as JSON', () => {
    expect(parseRequestLine('{"connection": {"destination": "10.0.0.1:3306"}}')).toEqual({
      request: { connection: { destination: '10.0.0.1:3306' } },
    });
  });
});

test('a request as JSON may leave out what has a default', () => {
  expect(parseRequestLine('{"connection": {}, "http": {"method": "GET", "authority": "reviews", "path": "/"}}')).toMatchObject({
    request: { http: { version: 'http1', scheme: 'http', headers: [] } },
  });
});

describe('problems', () => {
  test.each([
    ['ftp://a/', 'url'],
    ['http://', 'url'],
    ['http://a/ http://b/', 'url'],
    ['-X POST', 'url'],
    ["http://a/ -H 'nocolon'", 'header'],
    ['http://a/ --nope x', 'option'],
    ['http://a/ -H', 'header'],
    ['http://a/ --src', 'value'],
    ['{"a":', 'json'],
    ['{"http": {}}', 'json'],
    ['{"connection": null}', 'json'],
    ['[{"connection": {}}]', 'json'],
  ])('%s', (line, problem) => {
    expect(parseRequestLine(line)).toEqual({ problem });
  });

  test.each(["'", '"\\', '\\', ' ', 'a"'])('%j again and again', (part) => {
    expect(parseRequestLine(part.repeat(50_000))).toBeDefined();
  });
});
