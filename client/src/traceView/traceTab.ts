/** The tab of the preview. */
import * as vscode from 'vscode';

export const TRACE_VIEW = 'envoyLens.trace';

/** VS Code puts a word of its own before the type of a panel. */
export function isTraceTab(tab: vscode.Tab | undefined): boolean {
  return tab?.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(TRACE_VIEW);
}
