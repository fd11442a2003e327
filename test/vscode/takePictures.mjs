// Takes the pictures of the documentation in a real VS Code: node test/vscode/takePictures.mjs [NAME …]
// `preview` and `completion` go to docs/images; the others, which are for looking at, to test-output/vscode/pictures.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { extractZip } from '../../tools/listZip.mjs';
import { poll, startHost } from './host.mjs';
import { places, root, samplePath, workspace } from './sample.mjs';
import { goTo, openFile, pick, preview, pressUntil } from './workbench.mjs';

const version = '4.139.1';
const out = path.join(root, 'test-output/vscode/pictures');
const wanted = process.argv.slice(2);

/** As somebody might write it, with one mistake. */
const HAND_WRITTEN = `static_resources:
  listeners:
  - name: ingress
    address:
      socket_address: { address: 0.0.0.0, port_value: 8080 }
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: ingress
          route_config:
            name: shop
            virtual_hosts:
            - name: shop
              domains: ["*"]
              routes:
              - match: { prefix: /api }
                route: { cluster: apy }
              - match: { prefix: / }
                route: { cluster: web }
          http_filters:
          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
  clusters:
  - name: api
    type: STATIC
    load_assignment:
      cluster_name: api
      endpoints:
      - lb_endpoints:
        - endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 8080 } } }
        - endpoint: { address: { socket_address: { address: 10.0.0.2, port_value: 8080 } } }
          health_status: UNHEALTHY
  - name: web
    type: STRICT_DNS
    load_assignment:
      cluster_name: web
      endpoints:
      - lb_endpoints:
        - endpoint: { address: { socket_address: { address: web.internal, port_value: 80 } } }
`;

const lineOf = (text) => HAND_WRITTEN.split('\n').findIndex((line) => line.includes(text)) + 1;

const pictures = {
  async preview({ page, save }) {
    await openFile(page, samplePath);
    await pick(page, '>View: Toggle Primary Side Bar Visibility', 'Toggle Primary Side Bar');
    await goTo(page, places.splitRoute);
    await pick(page, '>Envoy Lens: Trace from Here');
    await preview(page).locator('.box').first().waitFor();
    await preview(page).locator('.box.lit').first().waitFor();
    await save('docs/images/preview.png');
  },
  async completion({ page, save }) {
    await openHandWritten(page);
    await openLine(page, lineOf('http_filters:'), '          - name: ');
    await page.keyboard.type('jwt', { delay: 80 });
    await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'jwt_authn' }).first().waitFor();
    await save();
    await page.keyboard.press('Enter');
    await poll('the snippet', () => page.locator('.view-line', { hasText: 'JwtAuthentication' }).count());
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'providers' }).first().waitFor();
    await save('completion-taken');
  },
  async fields({ page, save }) {
    await openHandWritten(page);
    await openLine(page, lineOf('type: STATIC'), '    ');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget.visible .monaco-list-row').first().waitFor();
    await page.keyboard.press('Control+Space');
    await save();
    await page.keyboard.type('lb_pol', { delay: 60 });
    await page.keyboard.press('Enter');
    await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'MAGLEV' }).first().waitFor();
    await save('values');
  },
  async problems({ page, save }) {
    await openHandWritten(page);
    await pick(page, '>View: Focus Problems', 'Problems');
    await page.locator('.markers-panel .monaco-list-row', { hasText: 'apy' }).first().waitFor();
    await goTo(page, { line: lineOf('cluster: apy'), column: HAND_WRITTEN.split('\n')[lineOf('cluster: apy') - 1].indexOf('apy') + 2 });
    await page.keyboard.press('Control+.');
    await page.locator('.action-widget .monaco-list-row, .codeActionMenuWidget').first().waitFor();
    await save();
  },
  async outline({ page, save }) {
    await openHandWritten(page);
    await pick(page, '>Outline: Focus on Outline View', 'Focus on Outline');
    await page.locator('.outline-pane .monaco-list-row', { hasText: 'Listeners' }).first().waitFor();
    await save();
    await goTo(page, { line: lineOf('- name: api'), column: 13 });
    await pressUntil(page, { line: lineOf('- name: api'), column: 13 }, 'Control+k Control+i', () =>
      page.locator('.monaco-hover:not(.hidden)', { hasText: 'Cluster' }).first().isVisible(),
    );
    await save('hover-cluster');
    await page.keyboard.press('Escape');
    await pick(page, '>Calls: Show Call Hierarchy', 'Show Call Hierarchy').catch(() => pick(page, '>Peek Call Hierarchy'));
    await page
      .locator('.call-hierarchy .monaco-list-row, .call-hierarchy-tree .monaco-list-row')
      .first()
      .waitFor({ timeout: 10000 })
      .catch(() => undefined);
    await save('calls');
  },
};

/** A new line below, with nothing on it but the text. */
async function openLine(page, line, text) {
  await goTo(page, { line, column: 1 });
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Home');
  await page.keyboard.press('Shift+Home');
  await page.keyboard.press('Delete');
  await page.keyboard.type(text, { delay: 30 });
}

async function openHandWritten(page) {
  await openFile(page, 'envoy.yaml');
  await page.locator('.codelens-decoration:visible', { hasText: 'Trace from here' }).first().waitFor({ timeout: 60000 });
}

async function take(name, vsix) {
  const hand = fs.mkdtempSync(path.join(os.tmpdir(), 'pictures-'));
  fs.writeFileSync(path.join(hand, 'envoy.yaml'), HAND_WRITTEN);
  const settings = {
    'workbench.colorTheme': 'Default Dark Modern',
    'editor.minimap.enabled': false,
    'workbench.layoutControl.enabled': false,
  };
  const host = await startHost({
    version,
    extensionVsix: vsix,
    workspace: name === 'preview' ? workspace : hand,
    settings,
    screenshots: out,
  });
  try {
    host.page.setDefaultTimeout(20000);
    const save = async (target = name) => {
      const file = await host.screenshot(path.basename(target, '.png'));
      if (target.endsWith('.png')) fs.copyFileSync(file, path.join(root, target));
      console.log(file);
    };
    await pictures[name]({ page: host.page, save });
  } catch (error) {
    console.log(`${name}: ${error.message}\n${await host.screenshot(`failed-${name}`)}`);
    process.exitCode = 1;
  } finally {
    await host.stop();
    fs.rmSync(hand, { recursive: true, force: true });
  }
}

fs.mkdirSync(out, { recursive: true });
const vsix = path.join(out, 'envoy-lens.vsix');
execFileSync(process.execPath, ['tools/package.mjs', vsix], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
extractZip(vsix, 'extension/', path.join(out, 'extension'));
for (const name of wanted.length > 0 ? wanted : Object.keys(pictures)) await take(name, vsix);
