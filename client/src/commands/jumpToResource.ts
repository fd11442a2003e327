/** "Jump to Cluster/Listener/Route": a list of the proxy's resources with details, which previews while one moves through it. */
import * as vscode from 'vscode';
import { Requests, type ListResourcesParams, type ListResourcesResult, type ResourceItem } from '../../../server/src/protocol/requests';
import { documentUriAtHand } from '../activeDocument';
import type { LanguageServer } from '../languageServer';
import { revealLocation } from '../views/revealLocation';

type ResourceKind = ListResourcesParams['kind'];
type ResourcePick = vscode.QuickPickItem & { resource: ResourceItem };

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
    pick.items = resources.map(pickOf);
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
  const before = vscode.window.activeTextEditor;
  const position = before?.selection;
  const viewport = before?.visibleRanges[0];
  let chosen = false;
  let moved = false;
  // One after the other: a slow preview must not come after the jump.
  let last: Promise<void> = Promise.resolve();
  const show = (item: ResourcePick, options: { preserveFocus: boolean; preview: boolean }) => {
    last = last.then(() => revealLocation(item.resource.location, { ...options, viewColumn: before?.viewColumn })).catch(() => undefined);
  };
  pick.onDidChangeActive(([item]) => {
    if (!item || chosen) return;
    // The first item is active before one has moved at all: the editor stays until then.
    if (moved || pick.value !== '') show(item, { preserveFocus: true, preview: true });
    moved = true;
  });
  pick.onDidAccept(() => {
    const [item] = pick.selectedItems;
    if (!item) return;
    chosen = true;
    pick.hide();
    show(item, { preserveFocus: false, preview: false });
  });
  pick.onDidHide(() => {
    if (chosen || !before || !position) return;
    last = last.then(async () => {
      const editor = await vscode.window.showTextDocument(before.document, { viewColumn: before.viewColumn, selection: position });
      if (viewport) editor.revealRange(viewport, vscode.TextEditorRevealType.AtTop);
    });
  });
}
