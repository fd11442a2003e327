/** The timer and the clock that Node and web workers share; the core knows no other global of its host. */
declare function setTimeout(callback: () => void, milliseconds: number): unknown;
declare const performance: { now(): number };

export function delay(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, milliseconds);
  });
}

/** Milliseconds that only go forward. */
export function now(): number {
  return performance.now();
}
