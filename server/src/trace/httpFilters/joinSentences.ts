/** Several sentences as one, with commas. */
import type { Sentence } from '../record/sentence';

export function joinSentences(parts: readonly Sentence[]): Sentence {
  return { strings: ['', ...parts.map((_, index) => (index < parts.length - 1 ? ', ' : ''))], values: parts };
}
