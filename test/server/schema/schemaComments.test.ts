import { describe, expect, test } from 'vitest';
import { readSchemaComments } from '../../../server/src/schema/table/schemaComments';

describe('readSchemaComments', () => {
  const comments = readSchemaComments('{"a.B":{"":"A thing.","field":"Of it."}}');

  test('finds messages and their members', () => {
    expect(comments.commentOf('a.B')).toBe('A thing.');
    expect(comments.commentOf('a.B', 'field')).toBe('Of it.');
  });

  test('is silent on what it does not know', () => {
    expect(comments.commentOf('a.B', 'other')).toBeUndefined();
    expect(comments.commentOf('a.C')).toBeUndefined();
    expect(comments.commentOf('constructor', 'name')).toBeUndefined();
    expect(comments.commentOf('a.B', 'toString')).toBeUndefined();
  });

  test.each(['', 'null', '[]', '{"a.B":1}', '{'])('takes %j for a file without comments', (text) =>
    expect(readSchemaComments(text).commentOf('a.B', 'field')).toBeUndefined(),
  );
});
