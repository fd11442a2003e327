/** "Go to Proxy…": the proxies that the open files and the workspace describe; choosing one opens its dump. */
import * as vscode from 'vscode';
import { Requests, type ListProxiesParams, type ListProxiesResult, type ProxyItem } from '../../../server/src/protocol/requests';
import type { LanguageServer } from '../languageServer';

/** The list is there at once, and fills when the workspace is read. */
export async function selectProxy(server: LanguageServer): Promise<void> {
  const params: ListProxiesParams = { all: true };
  const items = server.request<ListProxiesResult>(Requests.listProxies, params).then(itemsOf);
  const options = {
    title: vscode.l10n.t('Go to proxy'),
    placeHolder: vscode.l10n.t('Node id or file'),
    matchOnDescription: true,
    matchOnDetail: true,
  };
  const nothing = new vscode.CancellationTokenSource();
  const closeEmpty = ({ length }: { readonly length: number }) => {
    if (length > 0) return;
    nothing.cancel();
    void vscode.window.showInformationMessage(vscode.l10n.t('No proxy is known: open a configuration first.'));
  };
  const [chosen] = await Promise.all([vscode.window.showQuickPick(items, options, nothing.token), items.then(closeEmpty)]);
  const [document] = chosen?.proxy.documents ?? [];
  if (document !== undefined) await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(document));
}

function itemsOf(proxies: ListProxiesResult) {
  return proxies.toSorted(byName).map((proxy) => ({
    label: proxy.label,
    description: proxy.id === proxy.label ? '' : proxy.id,
    detail: proxy.documents.map((uri) => vscode.workspace.asRelativePath(vscode.Uri.parse(uri))).join(', '),
    proxy,
  }));
}

/** What was read from the disk arrives in any order. */
function byName(one: ProxyItem, other: ProxyItem): number {
  return one.label.localeCompare(other.label, undefined, { numeric: true });
}
