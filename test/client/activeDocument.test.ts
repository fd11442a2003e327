/** Which of several editors of one document a command is about. */
import { expect, test, vi } from 'vitest';

interface Editor {
  document: { uri: string };
  viewColumn: number | undefined;
}

const { window } = vi.hoisted(() => ({
  window: { activeTextEditor: undefined as Editor | undefined, visibleTextEditors: [] as Editor[] },
}));
vi.mock('vscode', () => ({ window, ViewColumn: { Two: 2, Three: 3 } }));

const { ViewColumn } = await import('vscode');
const { visibleEditorOf } = await import('../../client/src/activeDocument');

const editor = (uri: string, viewColumn?: number): Editor => ({ document: { uri }, viewColumn });
const [first, second, other, peek] = [editor('a', 1), editor('a', 2), editor('b', 3), editor('a')];
window.visibleTextEditors = [first, second, other, peek];

test.each([
  ['the one that has the keyboard', second, undefined, second],
  ['the one in the given column', first, ViewColumn.Two, second],
  ['the first, where the column shows another document', other, undefined, first],
  ['the first, while the preview has the keyboard', undefined, ViewColumn.Three, first],
])('%s', (_, active, column, expected) => {
  window.activeTextEditor = active;
  expect(visibleEditorOf('a', column)).toBe(expected);
  expect(visibleEditorOf('c', column)).toBeUndefined();
});
