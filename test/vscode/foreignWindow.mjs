// A window with JSON and YAML that is not ours: the extension may look, but its server must not run.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { poll, startHost } from './host.mjs';
import { openFile, pick } from './workbench.mjs';

export async function checkForeignWindow(options) {
  const workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'foreign-'));
  fs.writeFileSync(
    path.join(workspace, 'package.json'),
    JSON.stringify({ name: 'foreign', version: '1.0.0', dependencies: {} }, undefined, 2),
  );
  fs.writeFileSync(path.join(workspace, 'settings.yaml'), 'language: en\nports: [80, 443]\n');
  const host = await startHost({ ...options, workspace });
  try {
    await openFile(host.page, 'package.json');
    await poll('activation of the extension', () => /ActivateExtension envoy-lens\.envoy-lens/.test(host.logs()), 30000);
    await openFile(host.page, 'settings.yaml');
    await pick(host.page, '>Developer: Show Running Extensions');
    await host.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Envoy Lens' }).first().waitFor({ timeout: 20000 });
    await host.screenshot('running-extensions');
    assert.deepEqual(serversOf(host.run), []);
  } finally {
    await host.stop();
    fs.rmSync(workspace, { recursive: true, force: true });
  }
}

/** The command lines of our servers among the processes of this host. */
function serversOf(run) {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(run) && /dist\/server\.js/.test(line));
}
