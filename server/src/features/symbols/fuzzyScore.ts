/** How well a name fits what was typed, as people are used to from their editors. */

/** The whole of it, its beginning, the beginning of a word in it, somewhere in it, the beginnings of its words, its letters in order. */
const TIERS = { exact: 0, prefix: 1, word: 2, inside: 3, humps: 4, letters: 5 } as const;

/** Between two tiers; no position or length in a name reaches it. */
const TIER = 1_000_000;
const MAX_LENGTH = 1_000;

/**
 * Lower is better; undefined: no match. `wanted` in lower case, without spaces; '' fits all alike. Inside a tier early hits come first, then short
 * names. Linear in the name.
 */
export function scoreName(name: string, wanted: string): number | undefined {
  if (wanted === '') return 0;
  const folded = name.toLowerCase();
  const length = Math.min(name.length, MAX_LENGTH);
  const whole = folded.indexOf(wanted);
  if (whole >= 0) {
    const tier = folded.length === wanted.length ? 'exact' : whole === 0 ? 'prefix' : beginsWord(name, whole) ? 'word' : 'inside';
    return TIERS[tier] * TIER + Math.min(whole, MAX_LENGTH - 1) * MAX_LENGTH + length;
  }
  const humps = spread(folded, wanted, (at) => beginsWord(name, at));
  const found = humps ?? spread(folded, wanted, () => true);
  if (found === undefined) return undefined;
  return TIERS[humps === undefined ? 'letters' : 'humps'] * TIER + Math.min(found, MAX_LENGTH - 1) * MAX_LENGTH + length;
}

/** From the first letter to the last, where they stand in order at places that count; undefined where they do not. */
function spread(folded: string, wanted: string, counts: (at: number) => boolean): number | undefined {
  let at = -1;
  let first = -1;
  for (const letter of wanted) {
    do at = folded.indexOf(letter, at + 1);
    while (at >= 0 && !counts(at));
    if (at < 0) return undefined;
    if (first < 0) first = at;
  }
  return at - first;
}

/** Behind a mark, or a capital behind a small letter. */
function beginsWord(name: string, at: number): boolean {
  const before = name.charAt(at - 1);
  return at === 0 || !/[\p{L}\p{N}]/u.test(before) || (/\p{Lu}/u.test(name.charAt(at)) && !/\p{Lu}/u.test(before));
}
