// Asserts what a .vsix holds and weighs: node tools/checkPackage.mjs FILE.vsix
import fs from 'node:fs';
import path from 'node:path';
import { listZip } from './listZip.mjs';

const limit = 1_500_000;
const [file] = process.argv.slice(2);
if (!file || !fs.existsSync(file)) {
  console.error('usage: node tools/checkPackage.mjs FILE.vsix');
  process.exit(2);
}
const root = path.resolve(import.meta.dirname, '..');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const names = listZip(file).map(({ name }) => name.replace(/^extension\//, ''));
const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
const has = (name) => names.some((candidate) => candidate.toLowerCase() === path.posix.normalize(name).toLowerCase());

const needed = [
  'package.json',
  'package.nls.json',
  'readme.md',
  manifest.main,
  manifest.browser,
  ...['languageClient.node.js', 'server.js', 'webview.js', 'webview.css'].map((name) => `dist/${name}`),
  ...(manifest.contributes?.grammars ?? []).map((grammar) => grammar.path),
  ...(manifest.contributes?.walkthroughs ?? []).flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
  ...(manifest.contributes?.jsonValidation ?? []).map(({ url }) => url).filter((url) => url.startsWith('.')),
  ...(manifest.icon ? [manifest.icon] : []),
  ...[...readme.matchAll(/!\[[^\]]*\]\((?!https?:)([^)\s]+)/g)].map(([, image]) => image),
];
const problems = [
  ...needed.filter((name) => !has(name)).map((name) => `missing: ${name}`),
  // Declarations, sources, tests, maps and packages have no business there.
  ...names
    .filter((name) => /\.(tsx?|mts|mjs|map|vsix|log|png~)$|(^|\/)(node_modules|test|src|tools|\.git)(\/|$)/.test(name))
    .map((name) => `not to be shipped: ${name}`),
  ...(names.some((name) => /\.js$/.test(name) && !name.startsWith('dist/')) ? ['JavaScript outside dist/'] : []),
];
const size = fs.statSync(file).size;
if (size > limit) problems.push(`too large: ${size} bytes, at most ${limit}`);
for (const problem of problems) console.error(problem);
console.log(`${path.basename(file)}: ${names.length} files, ${(size / 1e6).toFixed(2)} MB`);
process.exitCode = problems.length > 0 ? 1 : 0;
