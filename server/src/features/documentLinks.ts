/** Document links: files that a configuration names (filesystem xDS, certificates), relative to its own folder. */
import type { DocumentLink } from 'vscode-languageserver-types';
import { ConfigNode } from '../schema/configNode';
import { addToGroup } from '../text/addToGroup';
import { rangeOfNode } from './place/place';
import { fileNameOf, folderOf } from '../text/uriParts';
import type { Snapshot } from '../index/snapshot';

const LIMIT = 2_000;

/** Paths that an open or known document has, by their end; others would lead nowhere. */
export function findDocumentLinks(snapshot: Snapshot, uri: string): DocumentLink[] {
  const tree = snapshot.documents.get(uri)?.tree;
  if (!tree) return [];
  const files = filesByName(snapshot, uri);
  if (files.size === 0) return [];
  const [path, filename] = [tree.idOfKey('path'), tree.idOfKey('filename')];
  const found: DocumentLink[] = [];
  for (let id = 0; id < tree.size && found.length < LIMIT; id++) {
    const key = tree.keyId(id);
    if (key < 0 || (key !== path && key !== filename)) continue;
    const node = new ConfigNode(tree, id);
    const target = targetOf(files, uri, node);
    if (target !== undefined) found.push({ range: rangeOfNode(node), target, tooltip: 'Open the file that the configuration names' });
  }
  return found;
}

/** The other documents by the last part of their uri: a dump has more paths (of its routes) than one would search all files for. */
function filesByName(snapshot: Snapshot, uri: string): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const each of snapshot.documents.keys()) if (each !== uri) addToGroup(files, fileNameOf(each), each);
  return files;
}

function targetOf(files: ReadonlyMap<string, readonly string[]>, uri: string, node: ConfigNode): string | undefined {
  const path = node.asString();
  if (!path || path.startsWith('/proc/')) return undefined;
  const candidates = files.get(fileNameOf(path)) ?? [];
  const beside = folderOf(uri) + fileNameOf(path);
  if (candidates.includes(beside)) return beside;
  return path.includes('/') ? candidates.find((each) => each.endsWith(path.replace(/^\.?\//, '/'))) : undefined;
}
