/** The status bar item that names the proxy of the active document. */
import * as vscode from 'vscode';
import { Requests, type ListProxiesResult, type ProxyItem } from '../../../server/src/protocol/requests';
import { documentUriAtHand } from '../activeDocument';
import type { LanguageServer } from '../languageServer';
import { shortenLabel } from './shortenLabel';

/** Milliseconds of quiet before the server is asked: it is a courtesy, and must cost nothing while one types or switches tabs. */
const quiet = 400;

/** Hidden while the server is not running, and where the active document belongs to no proxy. */
export function createProxyStatus(server: LanguageServer): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('envoyLens.proxy', vscode.StatusBarAlignment.Right, 90);
  item.name = vscode.l10n.t('Envoy Lens: proxy');
  item.command = 'envoyLens.selectProxy';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const update = async () => {
    const uri = documentUriAtHand()?.toString();
    const proxies = uri && server.isRunning ? await server.request<ListProxiesResult>(Requests.listProxies, {}).catch(() => []) : [];
    if (uri !== documentUriAtHand()?.toString()) return;
    const proxy = proxies.find((candidate) => uri !== undefined && candidate.documents.includes(uri));
    if (proxy) show(item, proxy);
    else item.hide();
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void update(), quiet);
  };
  return vscode.Disposable.from(
    item,
    { dispose: () => clearTimeout(timer) },
    server.onDidStart(soon),
    vscode.window.onDidChangeActiveTextEditor(soon),
    vscode.window.tabGroups.onDidChangeTabs(soon),
    // Also when its language changes.
    vscode.workspace.onDidOpenTextDocument(soon),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === vscode.window.activeTextEditor?.document) soon();
    }),
  );
}

function show(item: vscode.StatusBarItem, proxy: ProxyItem): void {
  item.text = `$(server) ${shortenLabel(proxy.label)}`;
  // Plain text, not Markdown: a node id comes from the dump.
  const { length } = proxy.documents;
  item.tooltip = length === 1 ? vscode.l10n.t('Proxy {0}', proxy.id) : vscode.l10n.t('Proxy {0}, from {1} files', proxy.id, length);
  item.show();
}
