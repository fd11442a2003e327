/** The dialog for a request: what Enter takes, also when it comes close behind the text. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { Memento } from 'vscode';

/** As VS Code has it: the choice is told by its place in the list that the window shows, which may be the one before. */
class QuickPick {
  items: { label: string; line: string }[] = [];
  activeItems: object[] = [];
  value = '';
  chosen = 0;
  change?: () => void;
  accept?: () => void;
  hide?: () => void;
  get selectedItems() {
    return this.items.slice(this.chosen, this.chosen + 1);
  }
  onDidChangeValue = (listener: () => void) => (this.change = listener);
  onDidAccept = (listener: () => void) => (this.accept = listener);
  onDidHide = (listener: () => void) => (this.hide = listener);
  show = vi.fn();
  dispose = vi.fn();
}

const { window } = vi.hoisted(() => ({ window: { createQuickPick: vi.fn() } }));
vi.mock('vscode', () => ({ window, l10n: { t: (text: string) => text }, ThemeIcon: vi.fn() }));

const { askForRequest } = await import('../../client/src/commands/askForRequest');

const HISTORY = ['http://last/', 'http://first/'];
let pick: QuickPick;
let asked: Promise<string | undefined>;

const type = (text: string) => {
  pick.value = text;
  pick.change?.();
};

beforeEach(() => {
  pick = new QuickPick();
  window.createQuickPick.mockReturnValue(pick);
  asked = askForRequest({ get: () => HISTORY, update: () => Promise.resolve() } as unknown as Memento);
});

test('what is typed comes first, and Enter takes it', async () => {
  type('http://new/');
  pick.accept?.();
  expect(await asked).toBe('http://new/');
});

test('with nothing typed, the last request is at hand', () => {
  expect(pick.activeItems).toEqual([expect.objectContaining({ line: HISTORY[0] })]);
});

test('one of those before is taken, whatever list the window shows', async () => {
  pick.chosen = pick.items.findIndex(({ line }) => line === 'http://first/');
  type('first');
  pick.accept?.();
  expect(await asked).toBe('http://first/');
});

test('what is no request stays', async () => {
  type('ftp://new/');
  pick.accept?.();
  pick.hide?.();
  expect(await asked).toBeUndefined();
});
