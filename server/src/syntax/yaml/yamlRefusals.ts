/** What Envoy's YAML reader (yaml-cpp) refuses in a text that is YAML to us. */
import { FLAG_COPY, NodeKind, type NodeId, type SyntaxTree } from '../tree/syntaxTree';
import type { TextRefusal } from '../textRefusal';

/** In document order of the nodes; what stands before the documents first. Linear. */
export function findYamlRefusals(tree: SyntaxTree): TextRefusal[] {
  const found = findBadDirectives(tree.text.slice(0, HEAD));
  for (let node = 0; node < tree.size; node++) {
    if (tree.hasFlag(node, FLAG_COPY)) continue;
    const key = tree.keySpan(node);
    if (key && key.end - key.start > MAX_KEY) found.push({ span: key, message: `a key has at most ${MAX_KEY} characters` });
    if (tree.kind(node) === NodeKind.string) found.push(...refusalsOfText(tree, node));
    else if (!tree.isContainer(node) && tree.start(node) < tree.end(node)) found.push(...findTab(tree, node));
  }
  return found;
}

/** Directives stand at the beginning. */
const HEAD = 4096;
/** A key without `?` is to be found within so many characters (yaml-cpp simplekey.cpp). */
const MAX_KEY = 1024;

/** yaml-cpp singledocparser, directives.cpp. */
function findBadDirectives(head: string): TextRefusal[] {
  const found: TextRefusal[] = [];
  const versions = [
    ...head
      .split(/^---/m, 1)
      .join('')
      .matchAll(/^%YAML[ \t]+(\S+)/gm),
  ];
  versions.forEach((match, at) => {
    const span = { start: match.index, end: match.index + match[0].length };
    if (at > 0) found.push({ span, message: 'repeated YAML directive' });
    else if (Number(/^\d+/.exec(match[1] ?? '')?.[0] ?? 1) > 1) found.push({ span, message: 'YAML major version too large' });
  });
  return found;
}

function refusalsOfText(tree: SyntaxTree, node: NodeId): TextRefusal[] {
  const start = tree.start(node);
  const quote = tree.text.charCodeAt(start);
  if (quote !== 34 && quote !== 39) return findTab(tree, node);
  const source = tree.text.slice(start, tree.end(node));
  const marker = /\n(?:---|\.\.\.)(?=\s)/.exec(source);
  const found = marker ? [refusal(start + marker.index + 1, 3, 'a mark of documents stands in a quoted text')] : [];
  const surrogate = quote === 34 ? findSurrogate(source) : undefined;
  if (surrogate)
    found.push(refusal(start + (surrogate.index ?? 0), surrogate[0].length, `invalid unicode ${surrogate[0]}: write the character itself`));
  return found;
}

function findSurrogate(source: string): RegExpMatchArray | undefined {
  if (!/\\(?:u|U0000)[dD][89a-fA-F]/.test(source)) return undefined;
  return [...source.matchAll(/\\(?:(?:u|U0000)([dD][89a-fA-F][0-9a-fA-F]{2})|[^])/g)].find(([, surrogate]) => surrogate !== undefined);
}

/** Lines of nothing but space (or a remark) behind a plain text: no tab may stand where its indentation is looked for (scanscalar.cpp). */
function findTab(tree: SyntaxTree, node: NodeId): TextRefusal[] {
  const { text } = tree;
  const sign = text.charAt(tree.start(node));
  let at = tree.end(node);
  while (text.charAt(at) === ' ' || text.charAt(at) === '\t') at++;
  if (!/[\r\n]/.test(text.charAt(at)) || /[|>"'&*!]/.test(sign)) return [];
  const parent = tree.parent(node);
  if (parent < 0 || /[{[]/.test(text.charAt(tree.start(parent)))) return [];
  const indent = columnOf(tree, tree.start(parent));
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 10 && code !== 13) break;
    const line = at + 1;
    while (text.charCodeAt(at + 1) === 32) at++;
    if (text.charCodeAt(at + 1) === 9 && at + 1 - line <= indent && text.charCodeAt(at) !== 13)
      return [refusal(at + 1, 1, 'illegal tab when looking for indentation')];
    while (text.charCodeAt(at + 1) === 32 || text.charCodeAt(at + 1) === 9) at++;
  }
  return [];
}

function columnOf({ text }: SyntaxTree, offset: number): number {
  let start = offset;
  while (start > 0 && text.charCodeAt(start - 1) !== 10 && text.charCodeAt(start - 1) !== 13) start--;
  return offset - start;
}

function refusal(start: number, length: number, message: string): TextRefusal {
  return { span: { start, end: start + length }, message };
}
