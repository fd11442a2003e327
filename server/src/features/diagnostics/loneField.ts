/** A field that was pasted without the message around it: `filter_chains: […]`, `outlier_detection: {…}`. */
import type { DocumentFacts } from '../../index/documentFacts';
import type { Problem } from './rule';

/** True for what a message lacks of which one field alone stands in the document: its author has the rest elsewhere. */
export function isLackAroundField({ parts: [part, ...more], tree }: DocumentFacts, { at }: Problem): boolean {
  if (part?.kind !== 'partial' || more.length > 0 || !tree.roots.includes(at.id)) return false;
  const [[key, value] = ['', undefined], ...others] = at.entries();
  return others.length === 0 && !key.startsWith('@') && value !== undefined && (value.isObject || value.isArray);
}
