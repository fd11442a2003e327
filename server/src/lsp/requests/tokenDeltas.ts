/** Semantic tokens after an edit as what has changed of them: a dump has tens of thousands, and an edit moves a few. */
import type { SemanticTokens, SemanticTokensDelta } from 'vscode-languageserver';

/** Documents whose last answer is kept; an editor shows fewer at a time. */
const MAX_DOCUMENTS = 16;

export interface TokenDeltas {
  /** The answer with an id, to which the next one may refer. */
  whole(uri: string, tokens: SemanticTokens): SemanticTokens;
  /** What is different from the answer of that id; the whole where it is not the last one. */
  since(uri: string, previous: string, tokens: SemanticTokens): SemanticTokens | SemanticTokensDelta;
}

export function makeTokenDeltas(): TokenDeltas {
  const last = new Map<string, { readonly resultId: string; readonly data: readonly number[] }>();
  let count = 0;
  const keep = (uri: string, data: readonly number[]): string => {
    const resultId = String(++count);
    last.delete(uri);
    last.set(uri, { resultId, data });
    const [oldest] = last.keys();
    if (last.size > MAX_DOCUMENTS && oldest !== undefined) last.delete(oldest);
    return resultId;
  };
  return {
    whole: (uri, { data }) => ({ resultId: keep(uri, data), data }),
    since(uri, previous, { data }) {
      const before = last.get(uri);
      const resultId = keep(uri, data);
      return before?.resultId === previous ? { resultId, edits: difference(before.data, data) } : { resultId, data };
    },
  };
}

/** One edit: what lies between the common beginning and the common end. [] where nothing is different. */
function difference(before: readonly number[], after: readonly number[]): SemanticTokensDelta['edits'] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  if (start === before.length && start === after.length) return [];
  return [{ start, deleteCount: before.length - start - end, data: after.slice(start, after.length - end) }];
}
