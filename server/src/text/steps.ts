/**
 * Work that can be laid aside: between two steps the one who drives it may answer others, or give up. What is yielded is the share that is
 * done, from 0 to 1.
 */
export type Steps<Result> = Generator<number, Result, void>;

/** Does all the steps at once. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Steps that are a stretch of some longer work: from one share of it to another. */
export function* stretch<Result>(steps: Steps<Result>, from: number, to: number): Steps<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield from + (to - from) * step.value;
  }
}
