// Makes the .vsix: builds, packs and checks it. node tools/package.mjs [FILE.vsix]
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const file = path.resolve(process.argv[2] ?? path.join(root, 'envoy-lens.vsix'));
const run = (script, ...args) =>
  execFileSync(process.execPath, [path.join(root, script), ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });

try {
  run('tools/build.mjs', '--minify');
  // The bundles hold their libraries; and the README's picture is in the package, so its link stays as it is.
  run(
    'node_modules/@vscode/vsce/vsce',
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '-o',
    file,
  );
  run('tools/checkPackage.mjs', file);
} catch (error) {
  // The tools have said why.
  process.exit(error.status ?? 1);
}
