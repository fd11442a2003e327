/** The first of `size` ordered places that fulfils a condition which all behind it fulfil too; `size` where none does. */
export function findFirst(size: number, isBehind: (index: number) => boolean): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBehind(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
