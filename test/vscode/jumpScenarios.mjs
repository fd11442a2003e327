// What a person does with the list of clusters.
import { poll } from './host.mjs';
import { places } from './sample.mjs';
import { currentLine, expectLine, goTo, pick, quickRows } from './workbench.mjs';

/** As in `scenarios.mjs`. */
export const jumpScenarios = [
  {
    name: 'Jump to Cluster leads on to all files',
    async run({ page }) {
      await goTo(page, { line: 1, column: 1 });
      await pick(page, '>Envoy Lens: Jump to Cluster');
      await quickRows(page).filter({ hasText: 'main_internal' }).first().waitFor({ timeout: 20000 });
      const input = page.locator('.quick-input-widget input').first();
      await input.fill('connect_terminate');
      await quickRows(page).filter({ hasText: 'Search in all files' }).click();
      await poll('the search', async () => (await input.inputValue()) === '#connect_terminate', 10000);
      await quickRows(page).filter({ hasText: 'connect_terminate' }).first().waitFor();
      await page.keyboard.press('Escape');
    },
  },
  {
    name: 'Jump to Cluster lists, previews and jumps',
    inWeb: true,
    async run({ page, screenshot }) {
      await goTo(page, { line: 1, column: 1 });
      await pick(page, '>Envoy Lens: Jump to Cluster');
      const rows = quickRows(page);
      await rows.filter({ hasText: 'main_internal' }).first().waitFor({ timeout: 20000 });
      await page.locator('.quick-input-widget input').first().fill('vip9080productpage');
      await rows.filter({ hasText: places.cluster }).first().waitFor();
      await expectLine(page, places.clusterItself);
      await screenshot('jump');
      await page.keyboard.press('Escape');
      await poll('the cursor back where it was', async () => (await currentLine(page)) === 1, 5000);
      await pick(page, '>Envoy Lens: Jump to Cluster');
      await rows.filter({ hasText: 'main_internal' }).first().waitFor();
      await page.locator('.quick-input-widget input').first().fill('vip9080productpage');
      await rows.filter({ hasText: places.cluster }).first().waitFor();
      await page.keyboard.press('Enter');
      await expectLine(page, places.clusterItself);
    },
  },
];
