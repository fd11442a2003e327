/** The words on Istio's and the Gateway API's fields: each is about a field that there is. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { messageType } from '../../server/src/schema/messageType';

const file = path.resolve(import.meta.dirname, '../../tools/schema/istioComments.json');
const comments = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, Record<string, string>>;

test.each(Object.entries(comments))('%s', (message, members) => {
  const type = messageType(message);
  expect(type, 'the message').toBeDefined();
  for (const [name, text] of Object.entries(members)) {
    if (name === '=') expect(messageType(text), text).toBeDefined();
    else if (name !== '') expect(type?.fieldList.map((field) => field.name)).toContain(name);
    if (name !== '=') expect(text).toMatch(/^[A-Z0-9`].*[.`]$/);
  }
});
