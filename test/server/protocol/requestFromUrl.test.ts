import { describe, expect, test } from 'vitest';
import { requestFromUrl, requestOfCurl } from '../../../server/src/protocol/requestFromUrl';

describe('a URL as curl asks for it', () => {
  test.each([
    ['http://a.test:80/x', 'a.test', '/x'],
    ['https://a.test:443', 'a.test', '/'],
    ['http://a.test:443/', 'a.test:443', '/'],
    ['http://a.test:8080?q=1', 'a.test:8080', '/?q=1'],
    ['http://[::1]:80/', '[::1]', '/'],
    ['http://a.test:180/', 'a.test:180', '/'],
    ['a.test/ü/%7e', 'a.test', '/%C3%BC/%7e'],
  ])('%s', (url, authority, path) => {
    expect(requestOfCurl(url)?.http).toMatchObject({ authority, path });
  });

  test.each([
    ['http://jason:s%40cret@a.test/', 'Basic amFzb246c0BjcmV0'],
    ['jason@a.test', 'Basic amFzb246'],
    ['http://jü:ß@a.test/', 'Basic asO8OsOf'],
  ])('%s signs in', (url, value) => {
    expect(requestOfCurl(url)?.http.headers).toEqual([['authorization', value]]);
  });

  test.each(['http://a.test:65536/', 'http://a.test:http/', 'http://::1/'])('%s has no port of TCP', (url) => {
    expect(requestOfCurl(url)).toBeUndefined();
  });

  test('a CONNECT keeps its port', () => {
    expect(requestOfCurl('http://a.test:80', 'CONNECT')?.http.authority).toBe('a.test:80');
  });

  test('a form reads back what it shows', () => {
    expect(requestFromUrl('http://a.test:80/')?.http.authority).toBe('a.test:80');
  });
});
