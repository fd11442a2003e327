/** Names beside each other, cut down to what tells them apart. */

/** Shorter ones are read at a glance. */
const LONG = 24;
/** Names are cut between their words only, and addresses nowhere. */
function isCut(name: string, at: number): boolean {
  return /[|/.:_~-]/.test(name.charAt(at)) && !/\d[.:]\d/.test(name.slice(Math.max(at - 1, 0), at + 2));
}

/** `inbound|80|v1|reviews.shop` and `inbound|80|v2|reviews.shop` are `…v1…` and `…v2…`; short names, equal ones and single ones stay. */
export function shortenNames(names: readonly string[]): string[] {
  // What has no name at all tells nothing of the others.
  const different = [...new Set(names)].filter((name) => name !== '');
  if (different.length < 2) return [...names];
  const start = commonStart(different);
  const end = commonEnd(different, start);
  return names.map((name) =>
    name.length < LONG ? name : `${start > 0 ? '…' : ''}${name.slice(start, name.length - end)}${end > 0 ? '…' : ''}`,
  );
}

/** How many characters all begin with, up to the end of a word. */
function commonStart([first = '', ...others]: readonly string[]): number {
  let length = 0;
  while (length < first.length && others.every((other) => other[length] === first[length])) length++;
  while (length > 0 && !isCut(first, length - 1)) length--;
  return length;
}

/** How many characters all end with, from the beginning of a word; what they begin with counts once. */
function commonEnd([first = '', ...others]: readonly string[], start: number): number {
  const rest = Math.min(first.length, ...others.map((other) => other.length)) - start;
  const fromEnd = (text: string, length: number) => text.charAt(text.length - 1 - length);
  let length = 0;
  while (length < rest && others.every((other) => fromEnd(other, length) === fromEnd(first, length))) length++;
  while (length > 0 && !isCut(first, first.length - length)) length--;
  return length;
}
