// What a person does in VS Code, as functions over playwright's page. Everything polls: nothing here waits for a fixed time.
import { poll } from './host.mjs';

/** Chooses `row` in the palette (F1) or quick open, again and again, as what offers it may still be starting. */
export async function pick(page, text, row = text.replace(/^>/, '')) {
  await poll(
    `'${row}' in the palette`,
    async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      const found = quickRows(page).filter({ hasText: row }).first();
      return (await fillQuickInput(page, text)) && happens(found.waitFor({ timeout: 2500 }));
    },
    40000,
  );
  await page.keyboard.press('Enter');
}

/** The rows of the list that is shown. Those of the list before stay in the document, hidden, to be used again. */
export function quickRows(page) {
  return page.locator('.quick-input-list .monaco-list-row').filter({ visible: true });
}

/** False when there was no input to fill: one that is just closing cannot be. */
function fillQuickInput(page, text) {
  return happens(page.locator('.quick-input-widget input').first().fill(text, { timeout: 2000 }));
}

/** Whether what is waited for comes. */
export function happens(promise) {
  return promise.then(
    () => true,
    () => false,
  );
}

/** Opens `folder/file` from the explorer: the web host's quick open finds no files. */
export async function openFile(page, file) {
  for (const [index, name] of file.split('/').entries()) {
    const row = page
      .locator('.explorer-folders-view .monaco-list-row')
      .filter({ hasText: new RegExp(`^${name.replaceAll('.', '\\.')}$`) })
      .first();
    await row.waitFor();
    const isLast = index === file.split('/').length - 1;
    if (isLast) await row.dblclick();
    else if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
  }
  await page.locator('.tab.active', { hasText: file.split('/').at(-1) }).waitFor();
  await page.locator('.editor-instance .view-line').first().waitFor();
}

/** Puts the cursor at a line and column (from 1) of the first editor, and the keyboard into it. */
export async function goTo(page, { line, column }) {
  await poll('the input for a line', async () => {
    await page.keyboard.press('Escape');
    await focusFirstEditor(page);
    await page.keyboard.press('Control+g');
    return fillQuickInput(page, `:${line}:${column}`);
  });
  await page.keyboard.press('Enter');
  // The list previews the line while one types: only afterwards the cursor is there.
  await page.locator('.quick-input-widget input').first().waitFor({ state: 'hidden' });
  await poll('the focus in the editor', () => isFirstEditorFocused(page), 5000);
  await poll(`cursor in line ${line}`, async () => (await currentLine(page)) === line, 10000);
}

/** Out of the preview too, which hands its keys on to VS Code a moment later. */
async function focusFirstEditor(page) {
  await poll('the focus in the first editor', async () => {
    await page.keyboard.press('Control+1');
    return poll('focus', () => isFirstEditorFocused(page), 1000).catch(() => false);
  });
}

/** The status bar has the position only once the workbench, too, takes the editor for the active one. */
function isFirstEditorFocused(page) {
  return page.evaluate(() => {
    const editor = document.querySelector('.editor-group-container')?.querySelector('.monaco-editor');
    return Boolean(editor?.contains(document.activeElement) && document.getElementById('status.editor.selection'));
  });
}

/** The line of the cursor in the first editor, from 1; also while something else, such as a peek in it, has the focus. */
export async function currentLine(page) {
  return page.evaluate(() => {
    const numbers = [...(document.querySelector('.editor-group-container')?.querySelectorAll('.active-line-number') ?? [])];
    return Number(numbers.find((number) => !number.closest('.peekview-widget, .sticky-widget'))?.textContent ?? NaN);
  });
}

/** Waits until the cursor is in one of the lines of `place`. */
export async function expectLine(page, { lines: [first, last] }, timeout = 10000) {
  let line;
  const arrived = await poll('line', async () => (line = await currentLine(page)) >= first && line <= last, timeout).catch(() => false);
  if (!arrived) throw new Error(`the cursor is in line ${line}, not in ${first}–${last}`);
  return line;
}

/** Presses `key` at `place` until `probe` gives something: before the server has read the file there is no answer. */
export async function pressUntil(page, place, key, probe) {
  return poll(
    `answer to ${key}`,
    async () => {
      await goTo(page, place);
      for (const part of key.split(' ')) await page.keyboard.press(part);
      return poll('answer', probe, 2500).catch(() => false);
    },
    60000,
  );
}

/** The document inside the preview. */
export function preview(page) {
  return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
}

/** Errors that VS Code shows as notifications. */
export async function errorNotifications(page) {
  return page.locator('.notification-list-item', { has: page.locator('.codicon-error') }).allInnerTexts();
}
