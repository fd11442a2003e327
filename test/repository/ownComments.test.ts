/** Our own words on fields of the API: each is about a field, or a value of an enum, that there is. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { enumType, messageType } from '../../server/src/schema/table/messageType';

const folder = path.resolve(import.meta.dirname, '../../tools/schema');

describe.each(['istioComments.json', 'meshComments.json', 'gatewayApiComments.json', 'envoyComments.json'])('%s', (file) => {
  const comments = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as Record<string, Record<string, string>>;
  test.each(Object.entries(comments))('%s', (name, members) => {
    const known = membersOf(name);
    expect(known, 'the message or enum').toBeDefined();
    for (const [member, text] of Object.entries(members)) {
      if (member === '=') expect(membersOf(text), text).toBeDefined();
      else if (member !== '') expect(known).toContain(member);
      if (member !== '=') expect(text).toMatch(/^[A-Z0-9`].*[.`]$/);
    }
  });
});

function membersOf(name: string): string[] | undefined {
  const fields = messageType(name)?.fieldList.map((field) => field.name);
  return fields ?? enumType(name)?.values.map((value) => value.name);
}
