/** Document links: files that a configuration names (filesystem xDS, certificates), relative to its own folder. */
import type { DocumentLink } from 'vscode-languageserver-types';
import { folderOf, type Snapshot } from '../index/buildSnapshot';
import { ConfigNode } from '../schema/configNode';
import { rangeOfNode } from './place';

const PATH_KEYS = new Set(['path', 'filename']);
const LIMIT = 2_000;

/** Paths that an open or known document has, by their end; others would lead nowhere. */
export function findDocumentLinks(snapshot: Snapshot, uri: string): DocumentLink[] {
  const tree = snapshot.documents.get(uri)?.tree;
  if (!tree) return [];
  const ids = [...PATH_KEYS].map((key) => tree.idOfKey(key));
  const found: DocumentLink[] = [];
  for (let id = 0; id < tree.size && found.length < LIMIT; id++) {
    if (!ids.includes(tree.keyId(id))) continue;
    const node = new ConfigNode(tree, id);
    const target = targetOf(snapshot, uri, node);
    if (target !== undefined) found.push({ range: rangeOfNode(node), target, tooltip: 'Open the file that the configuration names' });
  }
  return found;
}

function targetOf(snapshot: Snapshot, uri: string, node: ConfigNode): string | undefined {
  const path = node.asString();
  if (!path || path.startsWith('/proc/')) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const beside = folderOf(uri) + name;
  if (name !== '' && snapshot.documents.has(beside)) return beside;
  return [...snapshot.documents.keys()].find((each) => each !== uri && path.includes('/') && each.endsWith(path.replace(/^\.?\//, '/')));
}
