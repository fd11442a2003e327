/** A certificate that a configuration names by its file: where that may lie, and what is said of it. Keys are never shown. */
import { MarkupKind, type Hover } from 'vscode-languageserver-types';
import { fileNameOf, folderOf } from '../../text/uriParts';
import { readCertificates } from '../../model/certificate';
import { configNodeAt, rangeOfNode, type Place } from '../place/place';
import { describeAll } from './describeCertificate';

/** More of a file is not looked at, in UTF-16 units: bundles of authorities have a quarter of it. */
export const LONGEST_CERTIFICATE_FILE = 1024 * 1024;

/**
 * Where the file may lie that the `filename` (core.v3.DataSource) at the place names: the likeliest uri first, all of them beside or below the
 * document or in one of the workspace's folders (their uris). [] where the place names none.
 */
export function certificateFilesAt(place: Place, folders: readonly string[]): string[] {
  const node = configNodeAt(place);
  const path = node?.isField('filename') ? (node.asString() ?? '') : '';
  // What is no path of a file of the workspace: Envoy's own streams, templates.
  if (path === '' || /^\/(?:proc|dev)\/|[{}$<>%\\]/.test(path)) return [];
  const own = folderOf(place.uri);
  const roots = [own, ...folders.map((folder) => (folder.endsWith('/') ? folder : `${folder}/`))];
  const relative = path.replace(/^\/+/, '');
  const found = [...roots.map((root) => join(root, relative)), join(own, fileNameOf(relative))];
  return [...new Set(found)];
}

/** What the hover says besides, of the text of the file; the hover itself where there is no certificate in it. */
export function withCertificates(hover: Hover | null, place: Place, pem: string): Hover | null {
  if (pem === '') return hover;
  const node = configNodeAt(place);
  const text = describeAll(readCertificates(pem));
  if (!node || text === undefined) return hover;
  const before = hover && typeof hover.contents === 'object' && 'value' in hover.contents ? hover.contents.value : undefined;
  const value = before === undefined ? text : `${text}\n\n---\n\n${before}`;
  return { range: hover?.range ?? rangeOfNode(node), contents: { kind: MarkupKind.Markdown, value } };
}

/** A path below a folder's uri, without its dots: what leads out of the folder stays in it. */
function join(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/'))
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(encodeURIComponent(part));
  return folder + parts.join('/');
}
