// Collects the words that users see into l10n/bundle.l10n.json, which translators copy: node tools/extractStrings.mjs [--check]
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '..');
const bundle = path.join(root, 'l10n/bundle.l10n.json');
const words = new Set();

for (const file of fs
  .readdirSync(path.join(root, 'client'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))) {
  const source = ts.createSourceFile(file, fs.readFileSync(path.join(root, 'client', file), 'utf8'), ts.ScriptTarget.Latest, true);
  // The page's words are translated as a whole, by their table.
  const isTable = file.endsWith('pageStrings.ts');
  const visit = (node) => {
    const [first] = ts.isCallExpression(node) && node.expression.getText(source).endsWith('l10n.t') ? node.arguments : [];
    if (first && ts.isStringLiteralLike(first)) words.add(first.text);
    if (isTable && ts.isPropertyAssignment(node) && ts.isStringLiteralLike(node.initializer)) words.add(node.initializer.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

const text = `${JSON.stringify(Object.fromEntries([...words].sort().map((word) => [word, word])), undefined, 2)}\n`;
if (!process.argv.includes('--check')) {
  fs.mkdirSync(path.dirname(bundle), { recursive: true });
  fs.writeFileSync(bundle, text);
  console.log(`${words.size} phrases in l10n/bundle.l10n.json`);
} else if (!fs.existsSync(bundle) || fs.readFileSync(bundle, 'utf8') !== text) {
  console.error('l10n/bundle.l10n.json is not what the sources say: run node tools/extractStrings.mjs');
  process.exitCode = 1;
}
