import { expect, test } from 'vitest';
import { shortenNames } from '../../../client/webview/shortenNames';

test('what names have in common is left out, between words', () => {
  expect(shortenNames(['inbound-vip|9080|http/v1|reviews.shop.svc', 'inbound-vip|9080|http/v3|reviews.shop.svc'])).toEqual([
    '…v1…',
    '…v3…',
  ]);
  expect(shortenNames(['outbound|80||reviews.shop.svc.cluster.local', 'outbound|80||ratings.shop.svc.cluster.local'])).toEqual([
    '…reviews…',
    '…ratings…',
  ]);
});
test('equal ones beside another one are cut alike', () =>
  expect(shortenNames(['outbound|80|v1|reviews.shop.svc', 'outbound|80|v1|reviews.shop.svc', 'outbound|80|v2|reviews.shop.svc'])).toEqual([
    '…v1…',
    '…v1…',
    '…v2…',
  ]));
test('short, single and wholly different names stay', () => {
  expect(shortenNames(['a.b:1', 'a.c:1'])).toEqual(['a.b:1', 'a.c:1']);
  expect(shortenNames(['outbound|80|v1|reviews.shop.svc.cluster.local'])).toEqual(['outbound|80|v1|reviews.shop.svc.cluster.local']);
  expect(shortenNames(['one-name-that-is-quite-long', 'another_name_of_some_length'])).toEqual([
    'one-name-that-is-quite-long',
    'another_name_of_some_length',
  ]);
  expect(shortenNames([])).toEqual([]);
});
test('a name that begins as the other ends there', () =>
  expect(shortenNames(['outbound|80||reviews.shop.svc', 'outbound|80||reviews.shop.svc.cluster.local'])[0]).not.toBe(''));
test('one without a name leaves the others to be told apart', () =>
  expect(shortenNames(['internal:connect_originate/10.28.1.21:9080', 'internal:connect_originate/10.28.2.21:9080', ''])).toEqual([
    '…10.28.1.21:9080',
    '…10.28.2.21:9080',
    '',
  ]));
