/** What the repository promises of itself: pages for diagnostics, words for commands, files for what the README names. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../server/src/features/diagnostics/collectDiagnostics';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');

interface Manifest {
  contributes: {
    commands: { command: string; title: string }[];
    configuration: { properties: Record<string, { propertyNames?: { enum: string[] } }> };
  };
  scripts: Record<string, string>;
}
const manifest = JSON.parse(read('package.json')) as Manifest;

describe('diagnostics', () => {
  test('codes are stable words, each once', () => {
    const codes = RULES.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });
  test.each(RULES.map(({ code }) => code))('%s has a page', (code) =>
    expect(read(`docs/diagnostics/${code}.md`).length).toBeGreaterThan(100),
  );
});

test('the settings offer the code of every diagnostic', () => {
  const settings = manifest.contributes.configuration.properties;
  expect(settings['envoyLens.diagnostics']?.propertyNames?.enum).toEqual(expect.arrayContaining(RULES.map(({ code }) => code)));
});

describe('package.json', () => {
  const words = JSON.parse(read('package.nls.json')) as Record<string, string>;
  test.each(manifest.contributes.commands.map(({ command, title }) => ({ command, title })))('$command has a title', ({ title }) => {
    expect(words[title.replace(/%/g, '')]).toBeTruthy();
  });
  test('every word that is asked for is there', () => {
    for (const [, key = ''] of read('package.json').matchAll(/"%([^%"]+)%"/g)) expect(words[key], key).toBeTruthy();
  });
  test('scripts name files that exist', () => {
    for (const [, file = ''] of Object.values(manifest.scripts)
      .join('\n')
      .matchAll(/node ([\w./-]+\.mjs)/g))
      expect(fs.existsSync(path.join(root, file)), file).toBe(true);
  });
});

test.each(['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'samples/README.md'])('links of %s lead somewhere', (file) => {
  for (const [, target = ''] of read(file).matchAll(/\]\((?!https?:)([^)#]+)/g))
    expect(fs.existsSync(path.join(root, path.dirname(file), target)), target).toBe(true);
});

/** What runs make, what a reader is to make, and files of others. */
const NOT_HERE = /^(?:test-output|dist)\/|^docs\/diagnostics\/my-rule|myRule|^(?:settings|lds|cds)\.json$/;

describe('paths in code spans are those of files and folders', () => {
  const ours = fs
    .readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !/^(?:\.git|\.cache|node_modules|dist|test-output)$/.test(name));
  const below = ours.flatMap((entry) =>
    entry.isDirectory()
      ? fs.readdirSync(path.join(root, entry.name), { recursive: true, encoding: 'utf8' }).map((file) => `${entry.name}/${file}`)
      : [],
  );
  const known = [...ours.map(({ name }) => name), ...below].map((file) => `/${file.replaceAll(path.sep, '/')}`).join('\n');
  test.each([
    'README.md',
    'docs/performance.md',
    'CONTRIBUTING.md',
    'ARCHITECTURE.md',
    'docs/editors.md',
    'docs/trace.md',
    'test/envoy/README.md',
    'test/oracles/README.md',
    'test/verdict/README.md',
  ])('%s', (file) => {
    const spans = [...read(file).matchAll(/`([\w.*-]+(?:\/[\w.*-]+)*)\/?`/g)].map(([, text = '']) => text);
    const named = spans.filter((text) => /[\w*]\.(?:ts|mjs|cjs|md|json)$|^(?:server|client|test|tools|docs|samples)\//.test(text));
    const unknown = named.filter((text) => {
      const pattern = text.replace(/[.+]/g, '\\$&').replace(/\*/g, '[^/\\n]*');
      return !NOT_HERE.test(text) && !new RegExp(`/${pattern}$`, 'm').test(known);
    });
    expect(unknown).toEqual([]);
  });
});

test('the lock file names no package host', () => expect(read('package-lock.json')).not.toContain('"resolved"'));
