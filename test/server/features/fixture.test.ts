import { expect, test } from 'vitest';
import { readFixture } from '../../support/fixture';

test('a fixture gives files, cursor and expected ranges', () => {
  const fixture = readFixture('//- a.json\n{"x": ‹|"y"|›}\n//- b.yaml\nx: <|>y\n');
  expect(fixture.files).toEqual([
    { uri: 'a.json', text: '{"x": "y"}\n' },
    { uri: 'b.yaml', text: 'x: y\n' },
  ]);
  expect(fixture.cursor).toEqual({ uri: 'b.yaml', offset: 3 });
  expect(fixture.expected).toEqual([{ uri: 'a.json', start: 6, end: 9, text: '"y"' }]);
});

test('a fixture without files is one YAML or JSON file', () => {
  expect(readFixture('a: 1').files[0]?.uri).toBe('config.yaml');
  expect(readFixture(' {"a": 1}').files[0]?.uri).toBe('config.json');
});

test('an open range is an error of the fixture', () => {
  expect(() => readFixture('a: ‹|1')).toThrow('not closed');
});
