/** "Did you mean …?": the name nearest to one that is not known. */

/** The nearest of the names, when only a slip lies between; undefined where none is near or two are equally near. */
export function suggestName(wrong: string, names: Iterable<string>): string | undefined {
  const plain = wrong.toLowerCase().slice(0, 100);
  const limit = Math.min(3, Math.floor(plain.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of names) {
    if (Math.abs(name.length - plain.length) > limit) continue;
    const distance = distanceOf(plain, name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
    else if (distance === bestDistance && name !== best) best = undefined;
  }
  return bestDistance <= limit ? best : undefined;
}

/** Optimal string alignment: insertions, deletions, replacements, neighbours swapped. */
function distanceOf(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, (beforeLast[j - 2] ?? 0) + 1);
      row.push(value);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
