// Installs the npm packages unless they are there already and match the lock file. Run first by `npm run demo` and `npm test`.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const installed = path.join(root, 'node_modules/.package-lock.json');

function isCurrent() {
  if (!fs.existsSync(installed)) return false;
  const wanted = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(fs.readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(([name, { version, optional }]) => name === '' || optional || present[name]?.version === version);
}

if (!isCurrent()) {
  console.log('Installing npm packages (once) …');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}
