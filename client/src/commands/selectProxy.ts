/** "Go to Proxy…": the proxies that the open files and the workspace describe; choosing one opens its dump. */
import * as vscode from 'vscode';
import { Requests, type ListProxiesParams, type ListProxiesResult, type ProxyItem } from '../../../server/src/protocol/requests';
import type { LanguageServer } from '../languageServer';

export async function selectProxy(server: LanguageServer): Promise<void> {
  const params: ListProxiesParams = { all: true };
  const proxies = await server.request<ListProxiesResult>(Requests.listProxies, params);
  const items = proxies.toSorted(byName).map((proxy) => ({
    label: proxy.label,
    description: proxy.id === proxy.label ? '' : proxy.id,
    detail: proxy.documents.map((uri) => vscode.workspace.asRelativePath(vscode.Uri.parse(uri))).join(', '),
    proxy,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Go to proxy'),
    placeHolder: items.length > 0 ? vscode.l10n.t('Node id or file') : vscode.l10n.t('No proxy is known: open a configuration first.'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  const [document] = chosen?.proxy.documents ?? [];
  if (document !== undefined) await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(document));
}

/** What was read from the disk arrives in any order. */
function byName(one: ProxyItem, other: ProxyItem): number {
  return one.label.localeCompare(other.label, undefined, { numeric: true });
}
