/** Lists of rejected candidates that cost nothing until they are read: thousands of chains or map keys lose at every trace. */
import type { Rejected, RejectedList } from './hopRecord';

/** `length` candidates; `list` is called when the first of them is read. */
export function lazyRejected(length: number, list: () => readonly Rejected[]): RejectedList {
  let read: readonly Rejected[] | undefined;
  return { length, slice: (start, end) => (read ??= list()).slice(start, end) };
}

/** Several lists, one after the other. */
export function joinRejected(lists: readonly RejectedList[]): RejectedList {
  if (lists.length === 1 && lists[0]) return lists[0];
  return {
    length: lists.reduce((sum, { length }) => sum + length, 0),
    slice: (start, end) => {
      const found: Rejected[] = [];
      let before = 0;
      for (const list of lists) {
        if (before >= end) break;
        found.push(...list.slice(Math.max(0, start - before), Math.min(list.length, end - before)));
        before += list.length;
      }
      return found;
    },
  };
}
