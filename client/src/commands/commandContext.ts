/** What the commands work with. */
import type * as vscode from 'vscode';
import type { LanguageServer } from '../languageServer';
import type { TracePanel } from '../traceView/tracePanel';

export interface CommandContext {
  readonly server: LanguageServer;
  readonly tracePanel: TracePanel;
  readonly output: vscode.LogOutputChannel;
  /** What the workspace remembers. */
  readonly memory: vscode.Memento;
}
