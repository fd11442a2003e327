// Runs the mocha suite inside the extension host: through @vscode/test-electron in Node, bundled into one file in a browser worker.
import { build } from 'esbuild';
import { runTests } from '@vscode/test-electron';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { runMocha } from './host.mjs';
import { workspace } from './sample.mjs';
import { writeLargeFiles } from './writeLargeFiles.mjs';
import { writeWorld } from './writeWorld.mjs';

const here = import.meta.dirname;

export async function runSuites({ version, unpacked, test }) {
  const base = { extensionDevelopmentPath: unpacked };
  if (version !== 'web') {
    await test(`${version}: mocha in the extension host, through @vscode/test-electron`, () =>
      runInNode(version, { ...base, launchArgs: [workspace] }, 'suite'));
    await test(`${version}: every feature over several files, through @vscode/test-electron`, async () => {
      const world = writeWorld();
      try {
        await runInNode(version, { ...base, launchArgs: [world] }, 'features');
      } finally {
        fs.rmSync(world, { recursive: true, force: true });
      }
    });
    await test(`${version}: large files, whose text need not cross, through @vscode/test-electron`, async () => {
      const folder = await writeLargeFiles();
      try {
        await runInNode(version, { ...base, launchArgs: [folder] }, 'largeFiles');
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    });
  }
  if (version === 'desktop') return;
  // Inside the extension's folder: VS Code runs tests where the extension runs that they belong to.
  const extensionTestsPath = path.join(unpacked, 'test/web-tests.js');
  await build({
    entryPoints: [path.join(here, 'suite/web.cjs')],
    bundle: true,
    format: 'cjs',
    external: ['vscode'],
    outfile: extensionTestsPath,
    logLevel: 'error',
  });
  await test(`${version}: mocha in a browser worker`, async () => {
    const webExtension = version === 'web' ? {} : { webExtension: 'envoy-lens.envoy-lens' };
    const { code, log } = await runMocha({ version, workspace, ...base, ...webExtension, extensionTestsPath });
    console.log(log.replace(/^/gm, '      '));
    assert.equal(code, 0, 'the suite failed');
  });
}

async function runInNode(version, options, suite) {
  process.env.VSCODE_HOST_VERSION = version;
  process.env.ENVOY_LENS_SUITE = suite;
  // `code` stands in for the executable of VS Code Desktop; left out, test-electron downloads that.
  const executable = version === 'desktop' ? {} : { vscodeExecutablePath: path.join(here, 'code') };
  const status = await runTests({ ...options, ...executable, extensionTestsPath: path.join(here, 'suite/node.cjs') });
  assert.equal(status, 0);
}
