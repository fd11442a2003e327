// What a person does with the extension, from opening a file to following a request. Each scenario starts from where the one before left the editor.
import assert from 'node:assert/strict';
import { poll } from './host.mjs';
import { jumpScenarios } from './jumpScenarios.mjs';
import { pasteScenarios } from './pasteScenarios.mjs';
import { places } from './sample.mjs';
import { currentLine, errorNotifications, expectLine, goTo, pick, pressUntil, preview } from './workbench.mjs';

const peek = (page) => page.locator('.peekview-widget');
const visible = (locator) => locator.first().isVisible();

/** `inWeb`: also where there is no Node (and no code-server); `isEssential`: the others make no sense without it. */
export const scenarios = [
  {
    name: 'a sample has code lenses',
    isEssential: true,
    inWeb: true,
    async run({ page, screenshot }) {
      await goTo(page, places.chainName);
      await page.locator('.codelens-decoration:visible', { hasText: 'Trace from here' }).first().waitFor({ timeout: 60000 });
      await screenshot('lenses');
    },
  },
  {
    name: 'Go to Definition on a cluster shows a peek with the cluster and its endpoints; the second lands in the endpoints',
    inWeb: true,
    async run({ page, screenshot }) {
      await pressUntil(page, places.clusterInRoute, 'F12', () => visible(peek(page)));
      const rows = peek(page).locator('.ref-tree .monaco-list-row .reference-file, .ref-tree .monaco-list-row .referenceMatch');
      const references = peek(page).locator('.ref-tree .monaco-list-row', { has: page.locator('.referenceMatch') });
      await references.nth(1).waitFor();
      assert.equal(await references.count(), 2, `the peek lists ${await rows.allInnerTexts()}`);
      await screenshot('peek');
      await references.nth(1).click();
      await page.keyboard.press('Enter');
      await expectLine(page, places.endpoints);
      assert.equal(await peek(page).count(), 0, 'the peek closes');
    },
  },
  {
    name: 'Go to Implementation on a cluster lands in the endpoints at once',
    async run({ page }) {
      await goTo(page, places.clusterInRoute);
      // Not Control+F12: in a browser VS Code gives that key to Go to Definition.
      await pick(page, '>Go to Implementations');
      await expectLine(page, places.endpoints);
      assert.equal(await peek(page).count(), 0);
    },
  },
  {
    name: 'Go to Definition on server_listener_name lands in the internal listener',
    async run({ page }) {
      await goTo(page, places.serverListenerName);
      await page.keyboard.press('F12');
      await expectLine(page, places.internalListener);
    },
  },
  {
    name: 'a hover on a matcher action tells its conditions and where it leads',
    inWeb: true,
    async run({ page, screenshot }) {
      const hover = page.locator('.monaco-hover:not(.hidden)', { hasText: '10.96.40.10' });
      await pressUntil(page, places.action, 'Control+k Control+i', () => visible(hover));
      const text = await hover.first().innerText();
      assert.match(text, /9080/, text);
      assert.doesNotMatch(text, /undefined|\[object/, text);
      await screenshot('hover');
      await page.keyboard.press('Escape');
    },
  },
  {
    name: 'Trace from here says where there is nothing to trace',
    async run({ page, screenshot }) {
      await goTo(page, { line: 1, column: 1 });
      await pick(page, '>Envoy Lens: Trace from Here');
      const message = page.locator('.notifications-toasts .notification-list-item', { hasText: 'This place implies no request' });
      await message.waitFor();
      await screenshot('nothing-to-trace');
      await pick(page, '>Notifications: Clear All Notifications');
      await message.waitFor({ state: 'detached' });
    },
  },
  {
    name: 'Trace from here opens the preview beside the editor',
    inWeb: true,
    async run({ page, screenshot }) {
      await goTo(page, places.chainName);
      await pick(page, '>Envoy Lens: Trace from Here');
      await preview(page).locator('.box.kind-endpoint').first().waitFor({ timeout: 30000 });
      await preview(page).locator('.box.kind-filterChain', { hasText: places.splitChain }).first().waitFor();
      assert.equal(await preview(page).locator('.banner.bad.failure').count(), 0);
      await screenshot('preview');
    },
  },
  {
    name: 'a click in the preview moves the editor, and the cursor lights up the box',
    inWeb: true,
    async run({ page, screenshot }) {
      await goTo(page, { line: 1, column: 1 });
      const box = preview(page).locator('.box.kind-filterChain', { hasText: places.splitChain }).first();
      await box.click();
      await expectLine(page, places.chain);
      await preview(page).locator('.box.kind-filterChain.lit').first().waitFor();
      await screenshot('clicked');
      await goTo(page, { line: 1, column: 1 });
      await poll('box to go out', async () => (await preview(page).locator('.box.kind-filterChain.lit').count()) === 0, 5000);
    },
  },
  {
    name: 'the keyboard walks the preview',
    async run({ page }) {
      await preview(page).locator('.box').first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      const focused = preview(page).locator('.box:focus');
      assert.equal(await focused.count(), 1);
      const label = (await focused.getAttribute('aria-label')) ?? '';
      const line = Number(/:(\d+)$/.exec(label)?.[1]);
      assert.ok(line > 0, `a box says where it stands: ${label}`);
      await page.keyboard.press('Enter');
      await poll(`editor in line ${line}`, async () => (await currentLine(page)) === line, 5000);
    },
  },
  {
    name: 'a changed request is traced anew',
    async run({ page, screenshot }) {
      const frame = preview(page);
      const before = await frame.locator('.banner').first().innerText();
      await frame.locator('details.more > summary').click();
      // From the listeners on, an address that no file knows leads nowhere.
      await frame.locator('input[name="here"]').uncheck();
      await frame.locator('input[name="destination"]').fill('192.0.2.1:1');
      await frame.locator('input[name="url"]').fill('http://192.0.2.1:1/');
      await frame.locator('button.primary').click();
      await poll('another outcome', async () => (await frame.locator('.banner').first().innerText()) !== before, 15000);
      await screenshot('changed');
    },
  },
  {
    name: 'Trace a Request takes a URL with headers',
    async run({ page, screenshot }) {
      await goTo(page, { line: 1, column: 1 });
      await pick(page, '>Envoy Lens: Trace a Request');
      const input = page.locator('.quick-input-widget input').first();
      await input.fill(`curl -X POST http://productpage:9080/productpage -H 'end-user: jason' --dst 10.96.40.10:9080`);
      await page.keyboard.press('Enter');
      await poll(
        'the request in the form',
        async () => (await preview(page).locator('input[name="method"]').inputValue()) === 'POST',
        15000,
      );
      assert.equal(await preview(page).locator('input[name="url"]').inputValue(), 'http://productpage:9080/productpage');
      await screenshot('typed');
    },
  },
  {
    name: 'the title of the preview has a button for the next request, which begins at the file beside it',
    async run({ page, screenshot }) {
      await preview(page).locator('.banner').first().click();
      await page.locator('.editor-group-container.active .codicon-debug-start').first().click();
      await page.locator('.quick-input-widget input').first().fill('http://reviews:9080/from-the-title --dst 10.96.40.10:9080');
      await page.keyboard.press('Enter');
      const url = preview(page).locator('input[name="url"]');
      await poll('the request in the form', async () => (await url.inputValue()).endsWith('/from-the-title'), 15000);
      await preview(page).locator('.box.kind-proxy', { hasText: 'waypoint-7d6c8f9b54-qv8zr' }).first().waitFor();
      await screenshot('title-button');
    },
  },
  ...jumpScenarios,
  ...pasteScenarios,
  {
    name: 'the status bar names the proxy',
    async run({ page }) {
      await page
        .locator('[id="envoy-lens.envoy-lens.envoyLens.proxy"], .statusbar-item', { hasText: 'waypoint-7d6c8f9b54-qv8zr' })
        .first()
        .waitFor();
    },
  },
  {
    name: 'nothing has failed on the way',
    inWeb: true,
    async run({ page, logs }) {
      assert.deepEqual(await errorNotifications(page), []);
      // The output channel of the extension: the server's own errors end up there.
      const errors = logs()
        .split('\n')
        .filter((line) => /\[error\]/.test(line) && /envoy|Envoy Lens/.test(line));
      assert.deepEqual(errors, []);
    },
  },
];
