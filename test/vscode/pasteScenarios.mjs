// What a person does with a configuration that is in no file.
import { poll } from './host.mjs';
import { happens, pick, quickRows } from './workbench.mjs';

const paste = '{ "static_resources": { "clusters": [{ "name": "pasted" }] } }';

/** As in `scenarios.mjs`. */
export const pasteScenarios = [
  {
    name: 'a paste that is read as JSON has the button and the name of its proxy',
    async run({ page, screenshot }) {
      // The rows of New File move, and the list may close, while they come.
      await poll('an untitled file', async () => {
        await pick(page, '>Create: New File');
        const isChosen = await happens(quickRows(page).filter({ hasText: 'Text File' }).first().click({ timeout: 3000 }));
        return isChosen && happens(page.locator('.tab.active', { hasText: 'Untitled-1' }).waitFor({ timeout: 5000 }));
      });
      await page.keyboard.insertText(paste);
      // Unless VS Code has told the language itself.
      const offer = page.locator('.notification-list-item .monaco-button', { hasText: 'Read as JSON' });
      if (await happens(offer.waitFor({ timeout: 8000 }))) await offer.click();
      await page.locator('.editor-group-container.active .codicon-debug-start').first().waitFor();
      await page.locator('.statusbar-item', { hasText: 'Untitled-1' }).waitFor();
      await screenshot('paste');
      await pick(page, '>View: Revert and Close Editor', 'Revert and Close Editor');
      await page.locator('.tab', { hasText: 'Untitled-1' }).waitFor({ state: 'detached' });
    },
  },
];
