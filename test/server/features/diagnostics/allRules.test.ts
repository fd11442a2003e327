/** Every rule has a code of its own and a page that explains it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RULES } from '../../../../server/src/features/diagnostics/allRules';

const pages = join(import.meta.dirname, '../../../../docs/diagnostics');

test('codes are unique and in kebab case', () => {
  const codes = RULES.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
});

test.each(RULES.map(({ code }) => code))('%s has a page', (code) => {
  expect(existsSync(join(pages, `${code}.md`))).toBe(true);
});

test('every page belongs to a rule', () => {
  const codes = new Set(RULES.map(({ code }) => `${code}.md`));
  const others = readdirSync(pages).filter((name) => name !== 'README.md' && !codes.has(name));
  expect(others).toEqual([]);
});

test.each(RULES.map(({ code }) => code))('%s is in the list of pages', (code) => {
  expect(readFileSync(join(pages, 'README.md'), 'utf8')).toContain(`| [${code}](${code}.md) |`);
});
