// Builds, and shows the main job on the bundled ambient sample: where one request goes, and why. Then says how to see it in VS Code.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const run = (args, stdio = 'inherit') => execFileSync(process.execPath, args, { cwd: root, stdio });

console.log('Building …');
run(['tools/build.mjs'], ['ignore', 'ignore', 'inherit']);

const sample = 'samples/ambient-today';
console.log(`\n$ envoy-lens trace ${sample}/waypoint.json --request ${sample}/demo.json --why\n`);
run(['dist/cli.js', 'trace', `${sample}/waypoint.json`, '--request', `${sample}/demo.json`, '--why']);

console.log(`
See it in VS Code:
  npm run package                              makes envoy-lens.vsix
  code --install-extension envoy-lens.vsix     installs it
  code ${sample}/waypoint.json     F12 on a cluster's name, hover, "Trace from here" above a listener
Other samples, each with a README that tells its story: samples/README.md`);
