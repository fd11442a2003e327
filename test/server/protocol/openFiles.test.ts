import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprintText, isSameFingerprint } from '../../../server/src/protocol/openFiles';

test('the fingerprint does not depend on how the text is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
      expect(fingerprintText(pieces)).toEqual(fingerprintText([pieces.join('')]));
    }),
  );
});

test('texts that differ in one unit have different fingerprints', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), fc.nat(), fc.nat(0xffff), (text, where, unit) => {
      const at = where % text.length;
      const other = text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1);
      expect(isSameFingerprint(fingerprintText([text]), fingerprintText([other]))).toBe(text === other);
    }),
  );
});

test('length and FNV-1a over the units', () => {
  expect(fingerprintText([])).toEqual({ length: 0, checksum: 0x811c9dc5 });
  expect(fingerprintText(['a'])).toEqual({ length: 1, checksum: 0xe40c292c });
  expect(fingerprintText(['foo', 'bar'])).toEqual({ length: 6, checksum: 0xbf9cf968 });
});
