/** The document of the preview: nothing but its own script and style may run in it. */
import * as vscode from 'vscode';
import { englishStrings } from '../../webview/pageStrings';

/** The page with a fresh nonce; the words of the page, translated, travel in an attribute. */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = globalThis.crypto.randomUUID().replaceAll('-', '');
  const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escapeHtml(resource('webview.css'))}">
<title>Envoy Lens</title>
</head>
<body data-strings="${escapeHtml(JSON.stringify(translatedStrings()))}">
<div id="page"></div>
<script nonce="${nonce}" src="${escapeHtml(resource('webview.js'))}"></script>
</body>
</html>`;
}

function translatedStrings(): Record<string, string> {
  return Object.fromEntries(Object.entries(englishStrings).map(([key, english]) => [key, vscode.l10n.t(english)]));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
