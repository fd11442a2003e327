/** "Jump to Cluster/Listener/Route": a list of the proxy's resources with details, which previews while one moves through it. */
import * as vscode from 'vscode';
import { Requests, type ListResourcesParams, type ListResourcesResult, type ResourceItem } from '../../../server/src/protocol/requests';
import { documentUriAtHand } from '../activeDocument';
import type { LanguageServer } from '../languageServer';
import { revealLocation } from '../views/revealLocation';

type ResourceKind = ListResourcesParams['kind'];
/** Without a resource: the way to those of other proxies. */
type ResourcePick = vscode.QuickPickItem & { resource?: ResourceItem };

export async function jumpToResource(server: LanguageServer, kind: ResourceKind): Promise<void> {
  const uri = documentUriAtHand();
  if (!uri) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open an Envoy or Istio configuration first.'));
    return;
  }
  const pick = vscode.window.createQuickPick<ResourcePick>();
  Object.assign(pick, { ...wordsOf(kind), matchOnDescription: true, matchOnDetail: true, busy: true });
  const cancellation = new vscode.CancellationTokenSource();
  previewWhileMoving(pick);
  pick.onDidHide(() => {
    cancellation.cancel();
    pick.dispose();
  });
  pick.show();
  try {
    const params: ListResourcesParams = { uri: uri.toString(), kind };
    const resources = await server.request<ListResourcesResult>(Requests.listResources, params, cancellation.token);
    pick.items = [...resources.map(pickOf), searchOf()];
    if (resources.length === 0) pick.placeholder = vscode.l10n.t('This configuration has none.');
    pick.busy = false;
  } catch (error) {
    if (cancellation.token.isCancellationRequested) return;
    pick.hide();
    throw error;
  }
}

function pickOf(resource: ResourceItem): ResourcePick {
  return { label: resource.name, description: resource.description, detail: resource.detail, resource };
}

/** The list is the proxy's own: where a name is not in it, it may be in another file. */
function searchOf(): ResourcePick {
  return { label: vscode.l10n.t('Search in all files…'), iconPath: new vscode.ThemeIcon('search'), alwaysShow: true };
}

function wordsOf(kind: ResourceKind): { title: string; placeholder: string } {
  switch (kind) {
    case 'cluster':
      return { title: vscode.l10n.t('Jump to cluster'), placeholder: vscode.l10n.t('Name, type, endpoint or user of a cluster') };
    case 'listener':
      return { title: vscode.l10n.t('Jump to listener'), placeholder: vscode.l10n.t('Name or address of a listener') };
    case 'route':
      return { title: vscode.l10n.t('Jump to route'), placeholder: vscode.l10n.t('Name, domain, match or cluster of a route') };
  }
}

/** Shows the item under the cursor in the editor; leaving the list without a choice goes back to where one was. */
function previewWhileMoving(pick: vscode.QuickPick<ResourcePick>): void {
  const viewColumn = vscode.window.activeTextEditor?.viewColumn;
  const goBack = wayBack();
  let chosen: ResourcePick | undefined;
  let moved = false;
  // One after the other: a slow preview must not come after the jump.
  let last: Promise<unknown> = Promise.resolve();
  const show = ({ resource }: ResourcePick, options: { preserveFocus: boolean; preview: boolean }) => {
    if (resource) last = last.then(() => revealLocation(resource.location, { ...options, viewColumn })).catch(() => undefined);
  };
  pick.onDidChangeActive(([item]) => {
    if (!item || chosen) return;
    // The first item is active before one has moved at all: the editor stays until then.
    if (moved || pick.value !== '') show(item, { preserveFocus: true, preview: true });
    moved = true;
  });
  pick.onDidAccept(() => {
    [chosen] = pick.selectedItems;
    if (!chosen) return;
    pick.hide();
    show(chosen, { preserveFocus: false, preview: false });
  });
  pick.onDidHide(() => {
    if (chosen?.resource) return;
    last = last.then(goBack);
    if (chosen) last = last.then(() => vscode.commands.executeCommand('workbench.action.quickOpen', `#${pick.value}`));
  });
}

/** Leads to where one is now. */
function wayBack(): () => Promise<void> {
  const before = vscode.window.activeTextEditor;
  const selection = before?.selection;
  const viewport = before?.visibleRanges[0];
  return async () => {
    if (!before || !selection) return;
    // The focus is back by itself, and may be somewhere else by now.
    const options = { viewColumn: before.viewColumn, selection, preserveFocus: true };
    const editor = await vscode.window.showTextDocument(before.document, options);
    if (viewport) editor.revealRange(viewport, vscode.TextEditorRevealType.AtTop);
  };
}
