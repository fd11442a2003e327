// The preview in light and high contrast: its colours come from the theme, so text must differ from what it stands on.
import assert from 'node:assert/strict';
import { poll, startHost } from './host.mjs';
import { places, samplePath } from './sample.mjs';
import { goTo, openFile, pick, preview } from './workbench.mjs';

const themes = {
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
};

/** One start for each: these VS Codes do not notice a change of their settings file. */
export async function checkThemes({ options, version, test }) {
  for (const [name, theme] of Object.entries(themes)) {
    await test(`${version}: the preview in the theme ${name}`, () => checkTheme(options, name, theme));
  }
}

async function checkTheme(options, name, theme) {
  const host = await startHost({ ...options, settings: { 'workbench.colorTheme': theme } });
  try {
    await openFile(host.page, samplePath);
    await goTo(host.page, places.splitRoute);
    await pick(host.page, '>Envoy Lens: Trace from Here');
    const box = preview(host.page).locator('.box').first();
    await box.waitFor();
    // The theme's colours reach the page a little after the page itself.
    for (const part of ['.box', '.banner', '.banner .disposition', '.box .kind', '.path .end']) {
      let contrast = 0;
      const measure = async () => (contrast = await contrastOf(preview(host.page).locator(part).first())) >= 4.5;
      await poll('contrast', measure, 10000).catch(() => assert.fail(`${part} has a contrast of ${contrast.toFixed(1)}`));
    }
  } finally {
    await host.screenshot(`preview-${name}`);
    await host.stop();
  }
}

/** WCAG's ratio between the colour of an element's text and the first opaque background below it. */
async function contrastOf(locator) {
  return locator.evaluate((element) => {
    // Drawn and read back, as a colour may be written in many ways.
    const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
    const read = (color) => {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data];
    };
    const backgroundOf = (candidate) => window.getComputedStyle(candidate).backgroundColor;
    let below = element;
    while (below && read(backgroundOf(below))[3] < 255) below = below.parentElement;
    const editor = window.getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background').trim();
    const luminance = (color) => {
      const [red, green, blue] = read(color).map((value) =>
        value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const values = [window.getComputedStyle(element).color, below ? backgroundOf(below) : editor].map(luminance).sort((a, b) => b - a);
    return (values[0] + 0.05) / (values[1] + 0.05);
  });
}
