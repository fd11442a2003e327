/** Completion in YAML files that are still empty; what is taken makes the file one of ours, and the server goes on from there. */
import * as vscode from 'vscode';
import { startersFor, type OfferedStarter } from './starters';

/** Longer texts are no new files. */
const MAX_LINES = 50;

export function offerStarters(): vscode.Disposable {
  return vscode.languages.registerCompletionItemProvider({ language: 'yaml' }, { provideCompletionItems });
}

function provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionList | undefined {
  if (document.lineCount > MAX_LINES) return undefined;
  const text = document.getText();
  const offset = document.offsetAt(position);
  const starters = startersFor(text.slice(0, offset).replaceAll('\r', ''), text.slice(offset).replaceAll('\r', ''));
  // The next letter may make it another's file.
  return new vscode.CompletionList(starters.map(itemOf), true);
}

/** Fits no word, so that VS Code does not show it. */
const NO_WORD = '\n';

function itemOf({ label, snippet, kind, isEarly }: OfferedStarter): vscode.CompletionItem {
  const item = new vscode.CompletionItem(label, kind === 'key' ? vscode.CompletionItemKind.Field : vscode.CompletionItemKind.Snippet);
  // After an empty list VS Code does not ask again for what was typed meanwhile.
  if (isEarly) item.filterText = NO_WORD;
  item.insertText = new vscode.SnippetString(snippet);
  item.detail = kind === 'key' ? vscode.l10n.t('Envoy bootstrap') : vscode.l10n.t('Envoy bootstrap that runs as it is');
  if (kind === 'key') item.command = { title: 'Suggest', command: 'editor.action.triggerSuggest' };
  return item;
}
