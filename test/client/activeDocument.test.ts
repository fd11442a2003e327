/** Which of several editors of one document a command is about. */
import { expect, test, vi } from 'vitest';

interface Editor {
  document: { uri: string };
  viewColumn: number | undefined;
}

const { window, focus } = vi.hoisted(() => {
  const listeners: ((editor: Editor | undefined) => void)[] = [];
  const window = {
    activeTextEditor: undefined as Editor | undefined,
    visibleTextEditors: [] as Editor[],
    tabGroups: { all: [], activeTabGroup: {} },
    onDidChangeActiveTextEditor: (listener: (editor: Editor | undefined) => void) => listeners.push(listener),
  };
  const focus = (editor: Editor | undefined) => {
    window.activeTextEditor = editor;
    for (const listener of listeners) listener(editor);
  };
  return { window, focus };
});
vi.mock('vscode', () => ({
  window,
  ViewColumn: { Two: 2, Three: 3 },
  // No tab is open.
  ...{ TabInputText: Map, TabInputCustom: Map, TabInputTextDiff: Map },
}));

const { ViewColumn } = await import('vscode');
const { documentUriAtHand, rememberColumn, visibleEditorOf } = await import('../../client/src/activeDocument');

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

test('while the preview has the keyboard, the document at hand is the one where one worked before', () => {
  rememberColumn();
  focus(other);
  focus(undefined);
  expect(documentUriAtHand()).toBe('b');
});

test('the first that shows, where that editor is closed', () => {
  focus(editor('c', 4));
  focus(undefined);
  expect(documentUriAtHand()).toBe('a');
});
