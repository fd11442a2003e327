// The preview in light and high contrast: its colours come from the theme, so text must differ from what it stands on.
import assert from 'node:assert/strict';
import { poll } from './host.mjs';
import { goTo, pick, preview } from './workbench.mjs';

/** By the name that the list of themes shows, with the class that the workbench then has. */
const themes = {
  light: ['Light Modern', 'vs'],
  'high-contrast': ['Dark High Contrast', 'hc-black'],
  'high-contrast-light': ['Light High Contrast', 'hc-light'],
};

/** Changes the theme while the preview is open, as a person does. */
export async function checkThemes({ host, version, test }) {
  const { page } = host;
  for (const [name, [theme, className]] of Object.entries(themes)) {
    await test(
      `${version}: the preview in the theme ${name}`,
      async () => {
        await goTo(page, { line: 1, column: 1 });
        await pick(page, '>Preferences: Color Theme');
        await page.locator('.quick-input-widget input').first().fill(theme);
        await page.locator('.quick-input-list .monaco-list-row', { hasText: theme }).first().waitFor();
        await page.keyboard.press('Enter');
        await poll(`theme ${name}`, () => page.locator(`.monaco-workbench.${className}`).count(), 15000);
        const box = preview(page).locator('.box').first();
        await poll('contrast', async () => (await contrastOf(box)) >= 4.5, 5000);
        await host.screenshot(`preview-${name}`);
        assert.ok((await contrastOf(preview(page).locator('.banner').first())) >= 4.5);
      },
      host,
    );
  }
}

/** WCAG's ratio between the colour of an element's text and the first opaque background below it. */
async function contrastOf(locator) {
  return locator.evaluate((element) => {
    const read = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
    let below = element;
    while (below && (read(window.getComputedStyle(below).backgroundColor)[3] ?? 1) === 0) below = below.parentElement;
    const luminance = (color) => {
      const [red, green, blue] = read(color).map((value) =>
        value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const background = below
      ? window.getComputedStyle(below).backgroundColor
      : window.getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background');
    const values = [luminance(window.getComputedStyle(element).color), luminance(background)].sort((a, b) => b - a);
    return (values[0] + 0.05) / (values[1] + 0.05);
  });
}
