/** Reads a text by what is in it: JSON, YAML, or prose around pieces of either. */
import { parseJson } from './parseJson';
import { parseYaml } from './parseYaml';
import type { SyntaxTree } from './syntaxTree';

/** The tree of any text; never throws. The language id decides only where the content does not. */
export function parseText(uri: string, text: string, languageId?: string): SyntaxTree {
  const first = firstSignificant(text);
  const code = text.charCodeAt(first);
  if (code === 123 || code === 91 || (code === 47 && (text.charCodeAt(first + 1) === 47 || text.charCodeAt(first + 1) === 42)))
    return parseJson(uri, text);
  return languageId === 'json' || languageId === 'jsonc' ? parseJson(uri, text) : parseYaml(uri, text);
}

function firstSignificant(text: string): number {
  let at = 0;
  while (at < text.length && (text.charCodeAt(at) <= 32 || text.charCodeAt(at) === 0xfeff)) at++;
  return at;
}
