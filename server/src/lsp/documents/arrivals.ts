/** Documents that are open for the editor already, while their text is still on its way: requests wait for them, changes are kept. */
import type { DidChangeTextDocumentParams } from 'vscode-languageserver';

export interface Arrivals {
  /** A document was opened; its text follows. */
  begin(uri: string): Arrival;
  /** What is on its way; undefined where the document is here, or not open at all. */
  of(uri: string): Arrival | undefined;
  /** Its text is here, or nobody wants it any more. */
  end(uri: string): void;
  /** When every text is here; undefined where all are. */
  all(): Promise<void> | undefined;
}

export interface Arrival {
  /** What was edited meanwhile, in order. */
  readonly changes: DidChangeTextDocumentParams[];
}

export function makeArrivals(): Arrivals {
  const arriving = new Map<string, Arrival>();
  let waiting: (() => void)[] = [];
  return {
    begin(uri) {
      const arrival: Arrival = { changes: [] };
      arriving.set(uri, arrival);
      return arrival;
    },
    of: (uri) => arriving.get(uri),
    end(uri) {
      arriving.delete(uri);
      if (arriving.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    all: () =>
      arriving.size === 0
        ? undefined
        : new Promise((resolve) => {
            waiting.push(resolve);
          }),
  };
}
