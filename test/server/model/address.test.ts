/** Texts of IP addresses. */
import { expect, test } from 'vitest';
import { canonicalIp } from '../../../server/src/model/address';

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['10.0.0.01', undefined],
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['::1', '::1'],
  ['::', '::'],
  ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
  ['::FFFF:a00:1', '::ffff:10.0.0.1'],
  ['0:0:0:0:0:0:102:304', '::1.2.3.4'],
  ['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
])('%s is written as %s', (text, expected) => expect(canonicalIp(text)).toBe(expected));
