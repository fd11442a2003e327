// A dump of more than 50 MB, which VS Code hides from extensions: its lists and traces still work, as the server reads it through the client.
import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { poll, startHost } from './host.mjs';
import { root } from './sample.mjs';
import { openFile, pick, preview, quickRows } from './workbench.mjs';

/** Larger than what VS Code sends to extensions (50 MB). */
const MEGABYTES = 56;

export async function checkLargeDump(options) {
  const workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'large-dump-'));
  await writeDump(path.join(workspace, 'dump.json'), MEGABYTES);
  const settings = { 'workbench.editorLargeFileConfirmation': 1_000, 'envoyLens.maxFiles': 0 };
  const host = await startHost({ ...options, workspace, settings });
  try {
    host.page.setDefaultTimeout(60_000);
    await openFile(host.page, 'dump.json');
    await pick(host.page, '>Envoy Lens: Jump to Cluster');
    const rows = quickRows(host.page);
    await host.page.locator('.quick-input-widget input').first().fill('outbound|80||orders');
    await rows.filter({ hasText: 'outbound|80||orders' }).first().waitFor({ timeout: 120_000 });
    await host.screenshot('large-jump');
    await host.page.keyboard.press('Escape');
    await pick(host.page, '>Envoy Lens: Trace a Request');
    await host.page.locator('.quick-input-widget input').first().fill('http://nowhere.example/ --dst 192.0.2.1:80');
    await host.page.keyboard.press('Enter');
    await preview(host.page).locator('.banner').first().waitFor();
    await poll('a listener in the preview', async () => (await preview(host.page).locator('.box').count()) > 0);
    assert.equal(await preview(host.page).locator('.banner.bad.failure').count(), 0);
    await host.screenshot('large-trace');
  } finally {
    await host.stop();
    fs.rmSync(workspace, { recursive: true, force: true });
  }
}

/** By the generator of the bench. */
export async function writeDump(file, megabytes) {
  const writer = path.join(root, 'test-output/vscode/writeDump.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/bench/writeDump.ts'],
    outfile: writer,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  execFileSync(process.execPath, [writer, file, String(megabytes)]);
}
