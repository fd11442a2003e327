/** Which of several editors of one document a command is about. */
import type { ViewColumn } from 'vscode';
import { expect, test, vi } from 'vitest';

interface Editor {
  document: { uri: string };
  viewColumn: number | undefined;
}

const { window } = vi.hoisted(() => ({
  window: { activeTextEditor: undefined as Editor | undefined, visibleTextEditors: [] as Editor[] },
}));
vi.mock('vscode', () => ({ window }));

const { visibleEditorOf } = await import('../../client/src/activeDocument');

const editor = (uri: string, viewColumn?: number): Editor => ({ document: { uri }, viewColumn });
const [first, second, other, peek] = [editor('a', 1), editor('a', 2), editor('b', 3), editor('a')];
window.visibleTextEditors = [first, second, other, peek];

test.each([
  ['the one that has the keyboard', second, undefined, second],
  ['the one in the given column', first, 2, second],
  ['the first, where the column shows another document', other, undefined, first],
  ['the first, while the preview has the keyboard', undefined, 3, first],
])('%s', (_, active, column, expected) => {
  window.activeTextEditor = active;
  expect(visibleEditorOf('a', column as ViewColumn | undefined)).toBe(expected);
  expect(visibleEditorOf('c', column as ViewColumn | undefined)).toBeUndefined();
});
