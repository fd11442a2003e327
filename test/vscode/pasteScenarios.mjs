// What a person does with a configuration that is in no file.
import { poll } from './host.mjs';
import { happens, pick, quickRows } from './workbench.mjs';

const paste = '{ "static_resources": { "clusters": [{ "name": "pasted" }] } }';

/** As in `scenarios.mjs`. */
export const pasteScenarios = [
  {
    name: 'a paste that is read as JSON has the button and the name of its proxy',
    async run({ page, screenshot }) {
      await openUntitled(page);
      await page.keyboard.insertText(paste);
      // Unless VS Code has told the language itself.
      const offer = page.locator('.notification-list-item .monaco-button', { hasText: 'Read as JSON' });
      if (await happens(offer.waitFor({ timeout: 8000 }))) await offer.click();
      await page.locator('.editor-group-container.active .codicon-debug-start').first().waitFor();
      await page.locator('.statusbar-item', { hasText: 'Untitled-1' }).waitFor();
      await screenshot('paste');
      await closeUntitled(page);
    },
  },
  {
    name: 'a new YAML file offers what it may begin with, however fast one types, and goes on from there',
    async run({ page, screenshot }) {
      await openUntitled(page);
      await pick(page, '>Change Language Mode');
      await page.locator('.quick-input-widget input[placeholder*="Language Mode"]').fill('YAML');
      await quickRows(page).filter({ hasText: 'YAML' }).first().click();
      await page.locator('.statusbar-item', { hasText: 'YAML' }).first().waitFor();
      const offered = (label) => page.locator('.suggest-widget.visible .monaco-list-row', { hasText: label }).first();
      await page.keyboard.type('st', { delay: 30 });
      await offered('static_resources').waitFor();
      await page.keyboard.press('Enter');
      await offered('listeners').waitFor();
      await screenshot('new-file');
      await page.keyboard.press('Escape');
      await closeUntitled(page);
    },
  },
];

/** The rows of New File move, and the list may close, while they come. */
async function openUntitled(page) {
  await poll('an untitled file', async () => {
    await pick(page, '>Create: New File');
    const isChosen = await happens(quickRows(page).filter({ hasText: 'Text File' }).first().click({ timeout: 3000 }));
    return isChosen && happens(page.locator('.tab.active', { hasText: 'Untitled-1' }).waitFor({ timeout: 5000 }));
  });
}

async function closeUntitled(page) {
  await pick(page, '>View: Revert and Close Editor', 'Revert and Close Editor');
  await page.locator('.tab', { hasText: 'Untitled-1' }).waitFor({ state: 'detached' });
}
