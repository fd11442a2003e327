/** The answer of a condition: yes, no with the reason, or not known with what is missing. Three-valued and/or/not. */
import type { ConfigNode } from '../schema/configNode';
import { say, type Sentence } from './record/sentence';

export type Verdict =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no'; readonly because: Sentence; readonly at?: ConfigNode }
  | { readonly kind: 'unknown'; readonly missing: Sentence; readonly at?: ConfigNode };

export const YES: Verdict = { kind: 'yes' };

/** A certain no; `at`: the condition that fails. */
export function no(because: Sentence, at?: ConfigNode): Verdict {
  return { kind: 'no', because, at };
}

/** `missing`: what would have to be told. */
export function unknown(missing: Sentence, at?: ConfigNode): Verdict {
  return { kind: 'unknown', missing, at };
}

/** The first no; else the first unknown; else yes. A later no beats an earlier unknown: what is certain is said. */
export function allOf<Item>(items: readonly Item[], test: (item: Item) => Verdict): Verdict {
  let open: Verdict | undefined;
  for (const item of items) {
    const verdict = test(item);
    if (verdict.kind === 'no') return verdict;
    if (verdict.kind === 'unknown') open ??= verdict;
  }
  return open ?? YES;
}

/** Yes when any is; unknown when any could be; else the first no. */
export function anyOf<Item>(items: readonly Item[], test: (item: Item) => Verdict): Verdict {
  let open: Verdict | undefined;
  let failed: Verdict | undefined;
  for (const item of items) {
    const verdict = test(item);
    if (verdict.kind === 'yes') return verdict;
    if (verdict.kind === 'unknown') open ??= verdict;
    else failed ??= verdict;
  }
  return open ?? failed ?? no(say`there is no alternative`);
}

/** Inverts yes and no; unknown stays. */
export function invert(verdict: Verdict, because: Sentence, at?: ConfigNode): Verdict {
  if (verdict.kind === 'unknown') return verdict;
  return verdict.kind === 'yes' ? no(because, at) : YES;
}
