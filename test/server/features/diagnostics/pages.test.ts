/** The example of every page in docs/diagnostics/ has the problem that it is about; a second example, where there is one, has not. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { readFixture, snapshotOf } from '../../../support/fixture';

const folder = join(import.meta.dirname, '../../../../docs/diagnostics');
const pages = readdirSync(folder)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => ({ code: name.slice(0, -3), examples: examplesOf(readFileSync(join(folder, name), 'utf8')) }));

/** The fenced blocks below "Example". */
function examplesOf(page: string): { language: string; text: string }[] {
  return [...page.slice(page.indexOf('## Example')).matchAll(/^```(\w+)\n([\s\S]*?)^```/gmu)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

function codesOf({ language, text }: { language: string; text: string }): Set<string> {
  const fixture = readFixture(text.startsWith('//- ') ? text : `//- example.${language === 'text' ? 'txt' : language}\n${text}`);
  const snapshot = snapshotOf(fixture);
  return new Set(fixture.files.flatMap(({ uri }) => collectDiagnostics(snapshot, uri).map(({ code }) => code)));
}

test.each(pages)('$code', ({ code, examples }) => {
  const [bad, ...good] = examples;
  expect(bad, 'a fenced block below "## Example"').toBeDefined();
  expect(bad ? [...codesOf(bad)] : []).toContain(code);
  for (const example of good) expect([...codesOf(example)]).not.toContain(code);
});
