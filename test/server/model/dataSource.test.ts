import { describe, expect, test } from 'vitest';
import { inlineText } from '../../../server/src/model/dataSource';
import { ConfigNode } from '../../../server/src/schema/configNode';
import { parseText } from '../../../server/src/syntax/parseText';

describe('the text of a DataSource', () => {
  const textOf = (json: string) => inlineText(new ConfigNode(parseText('a.json', json), 0));
  test('plain and in base64', () => {
    expect(textOf('{"inline_string": "abc"}')).toBe('abc');
    expect(textOf('{"inlineBytes": "YWJj"}')).toBe('abc');
  });
  test('redacted or elsewhere: none', () => {
    expect(textOf('{"inline_bytes": "[redacted]"}')).toBeUndefined();
    expect(textOf('{"inline_string": "[redacted]"}')).toBeUndefined();
    expect(textOf('{"filename": "/etc/cert.pem"}')).toBeUndefined();
  });
});
