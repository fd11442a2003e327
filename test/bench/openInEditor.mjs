// Opens a dump in a real VS Code as a person does, with a probe in its extension host.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { poll, startHost } from '../vscode/host.mjs';

const probe = path.join(import.meta.dirname, 'editorProbe');
const settings = { 'workbench.editorLargeFileConfirmation': 1_000 };

/** `line:character` in a reference to a cluster in the middle of the dump. */
export function positionOfReference(text) {
  const at = text.indexOf('"cluster": "outbound|', text.length >> 1);
  assert.ok(at > 0, 'the dump has references to clusters');
  const before = text.slice(0, at + '"cluster": "out'.length);
  return `${before.split('\n').length - 1}:${before.length - before.lastIndexOf('\n') - 1}`;
}

/**
 * Opens `dump.json` of the workspace. `position`: asks for a definition there, of the extension (task `definition`) or of one that has nothing
 * to do (task `floor`); undefined where only the text is waited for. Milliseconds from the double click, and what the probe has noted.
 */
export async function openDump(options, position, task = 'definition') {
  const env = position === undefined ? {} : { PROBE_TASK: task, PROBE_POSITION: position };
  return inWindow(options, env, async ({ page, notes }) => {
    const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'dump.json' }).first();
    await row.waitFor();
    const begin = Date.now();
    await row.dblclick();
    const shown = await page.evaluate(
      () =>
        new Promise((done) => {
          const look = () =>
            [...document.querySelectorAll('.editor-instance .view-line')].some((line) => line.textContent.includes('configs'))
              ? done(Date.now())
              : window.requestAnimationFrame(look);
          look();
        }),
    );
    if (position === undefined) return { shown: shown - begin };
    const timeOf = (wanted) => poll(wanted, () => notes().find(({ what }) => what === wanted)?.at, 120_000);
    const definition = (await timeOf('definition')) - begin;
    return { begin, shown: shown - begin, document: (await timeOf('document')) - begin, definition, notes: notes() };
  });
}

/** A window with the probe in its extension host. */
export async function inWindow(options, env, work) {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'probe-')), 'notes.jsonl');
  fs.writeFileSync(file, '');
  const notes = () =>
    fs
      .readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const window = await startHost({ ...options, extensionDevelopmentPath: probe, settings, env: { PROBE_FILE: file, ...env } });
  try {
    await poll('probe', () => notes().some(({ what }) => what === 'ready'));
    return await work({ ...window, notes });
  } finally {
    await window.stop();
    fs.rmSync(path.dirname(file), { recursive: true, force: true });
  }
}
