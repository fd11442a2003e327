// A path over three proxies of an ambient mesh, of whose dumps one is open and two lie on the disk.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { poll, startHost } from './host.mjs';
import { root } from './sample.mjs';
import { openFile, pick, preview } from './workbench.mjs';

const workspace = path.join(root, 'samples/ambient-l7');

export async function checkSeveralDumps(options) {
  const [{ connection, http }] = JSON.parse(fs.readFileSync(path.join(workspace, 'request.json'), 'utf8'));
  const host = await startHost({ ...options, workspace });
  try {
    await openFile(host.page, 'ztunnel-a.json');
    await pick(host.page, '>Envoy Lens: Trace a Request');
    const line = `http://${http.authority}${http.path} --dst ${connection.destination} --src ${connection.source}`;
    await host.page.locator('.quick-input-widget input').first().fill(line);
    await host.page.keyboard.press('Enter');
    const hops = preview(host.page).locator('.hop .proxy');
    await poll('three proxies in the preview', async () => new Set(await hops.allInnerTexts()).size >= 3, 30_000);
    await host.screenshot('several-dumps');
    // The last hop stands in a file that is not open: a click on its first place opens it.
    const place = preview(host.page).locator('.hop').last().locator('button.place').first();
    await place.click();
    const opened = async () => {
      const tabs = await host.page.locator('.tab.active').allInnerTexts();
      return tabs.some((tab) => /waypoint|ztunnel-b/.test(tab));
    };
    await poll('the other dump', opened, 10_000);
    assert.ok(await opened());
  } finally {
    await host.stop();
  }
}
