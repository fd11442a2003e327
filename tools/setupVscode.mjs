// Brings the VS Codes that the end to end suite runs in: node tools/setupVscode.mjs [4.100.3] [4.139.1] [web]. A second run does nothing.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const versions = process.argv.length > 2 ? process.argv.slice(2) : ['4.100.3', '4.139.1', 'web'];
if (process.platform !== 'linux') {
  // There @vscode/test-electron downloads VS Code Desktop by itself.
  console.log('The hosts are for Linux; elsewhere run: node test/vscode/run.mjs desktop');
  process.exit(0);
}
const script = path.resolve(import.meta.dirname, '../test/vscode/install.sh');
for (const version of versions) {
  const { status } = spawnSync('bash', [script, version], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
