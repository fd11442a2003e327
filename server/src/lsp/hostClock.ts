/** The one timer that Node and web workers share; the core knows no other global of its host. */
declare function setTimeout(callback: () => void, milliseconds: number): unknown;

export function delay(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, milliseconds);
  });
}
