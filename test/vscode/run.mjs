// End to end in real VS Codes: node test/vscode/run.mjs [4.100.3] [4.139.1] [web] [desktop] [--only=TEXT] [--vsix=FILE]
// Packages the extension unless --vsix names a package, drives each VS Code as a person would, and runs a mocha suite inside its extension host.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { extractZip } from '../../tools/listZip.mjs';
import { startHost } from './host.mjs';
import { runSuites } from './runSuites.mjs';
import { root, samplePath, workspace } from './sample.mjs';
import { scenarios } from './scenarios.mjs';
import { checkThemes } from './themes.mjs';
import { checkForeignWindow } from './foreignWindow.mjs';
import { checkLargeDump } from './largeDump.mjs';
import { checkSeveralDumps } from './severalDumps.mjs';
import { openFile } from './workbench.mjs';

const args = process.argv.slice(2);
const option = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const named = args.filter((arg) => !arg.startsWith('--'));
const versions = named.length > 0 ? named : ['4.100.3', '4.139.1', 'web'];
const only = option('only');
const out = path.join(root, 'test-output/vscode');
const counts = { passed: 0, failed: 0, skipped: 0 };

fs.mkdirSync(out, { recursive: true });
const vsix = packageExtension();
const unpacked = path.join(out, 'extension');
fs.rmSync(unpacked, { recursive: true, force: true });
extractZip(vsix, 'extension/', unpacked);

for (const version of versions) {
  if (!isInstalled(version)) report('skipped', `VS Code host ${version}: not installed, bring it with: npm run setup:vscode`);
  else await runVersion(version);
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;

function packageExtension() {
  const given = option('vsix');
  if (given) return path.resolve(given);
  const file = path.join(out, 'envoy-lens.vsix');
  execFileSync(process.execPath, ['tools/package.mjs', file], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  return file;
}

function isInstalled(version) {
  return version === 'desktop' || fs.existsSync(path.join(os.homedir(), '.cache/vscode-host', version, '.installed'));
}

async function runVersion(version) {
  console.log(`\nVS Code ${version}`);
  if (version !== 'desktop') {
    await driveAsPerson(version);
    await driveOtherWindows(version);
  }
  await runSuites({ version, unpacked, test });
}

/** A failed scenario does not stop the others; one that cannot start its VS Code fails as a whole. */
async function driveAsPerson(version) {
  const options = optionsOf(version);
  let host;
  await test(`${version}: starts and opens a sample`, async () => {
    host = await startHost({ ...options, workspace, settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
    host.page.setDefaultTimeout(15000);
    await openFile(host.page, samplePath);
  });
  if (!host) return;
  for (const scenario of scenarios.filter(({ inWeb }) => inWeb || version !== 'web')) {
    const passed = await test(`${version}: ${scenario.name}`, () => scenario.run(host), host);
    if (!passed && scenario.isEssential) break;
  }
  await host.stop();
}

/** Each in a window of its own. */
async function driveOtherWindows(version) {
  const options = optionsOf(version);
  if (version === '4.139.1') await checkThemes({ options: { ...options, workspace }, version, test });
  if (version === 'web') return;
  await test(`${version}: a window without our files runs no server`, () => checkForeignWindow(options));
  await test(`${version}: a path over three dumps, one of them open`, () => checkSeveralDumps(options));
  await test(`${version}: a dump that VS Code hides from extensions`, () => checkLargeDump(options));
}

function optionsOf(version) {
  const source = version === 'web' ? { extensionDevelopmentPath: unpacked } : { extensionVsix: vsix };
  return { version, ...source, screenshots: path.join(out, version) };
}

async function test(name, run, host) {
  if (only && !name.includes(only)) return true;
  const start = Date.now();
  try {
    await run();
    report('passed', `${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    report('failed', `${name}\n${indent(error.stack ?? String(error))}`);
    if (host) console.log(indent(`screenshot: ${await host.screenshot(`failed-${name.replace(/\W+/g, '-').slice(0, 60)}`)}`));
  }
}

/** In CI nothing may be left out silently. */
function report(kind, text) {
  const counted = kind === 'skipped' && process.env.CI === 'true' ? 'failed' : kind;
  counts[counted]++;
  console.log(`  ${{ passed: 'ok     ', failed: 'FAILED ', skipped: 'skipped' }[counted]} ${text}`);
}

function indent(text) {
  return text
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n');
}
