/**
 * The compiled scanner (scan.wasm.ts) with its memory (layout.ts). There is one for all texts: who reads a text has it for a while, and may find
 * another's window and keys in it when it comes back.
 */
import { decodeBase64 } from '../../../text/encoding';
import {
  KEY_DISTANCES,
  KEY_IDS,
  KINDS,
  LENGTHS,
  MARGIN,
  MOST_BYTES,
  PARENT_DISTANCES,
  SIZES,
  STARTS,
  STATE,
  TYPES,
  WINDOW,
  WINDOW_SIZE,
} from './layout';
import { LENGTH } from './state';
import { SCANNER_BYTES } from './scanner.generated';

/** What Node and web workers share of it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: Imports) => { readonly exports: object };
};

interface Imports {
  readonly 'keys.wasm': { readonly internAt: InternAt };
}

/** Gives the characters at an offset of the window their id. */
type InternAt = (start: number, length: number) => number;

interface Loop {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly scan: () => void;
  readonly forgetKeys: () => void;
  readonly joinUtf8: (count: number) => void;
}

export interface Scanner extends Loop {
  readonly cells: Int32Array;
  readonly window: Uint8Array;
  readonly kinds: Uint8Array;
  readonly lengths: Uint16Array;
  readonly sizes: Uint16Array;
  readonly keyDistances: Uint16Array;
  readonly starts: Int32Array;
  readonly parentDistances: Int32Array;
  readonly keyIds: Int32Array;
  readonly types: Int32Array;
  /** Set while a text is being scanned. */
  internAt: InternAt;
  /** Whose window and keys are in the memory. */
  reader: number;
}

let scanner: Scanner | undefined;

/** Compiled when the first JSON text is read: less than a millisecond. */
export function theScanner(): Scanner {
  return (scanner ??= makeScanner());
}

function makeScanner(): Scanner {
  const imports: Imports = { 'keys.wasm': { internAt: (start, length) => made.internAt(start - WINDOW, length) } };
  const module = new WebAssembly.Module(decodeBase64(SCANNER_BYTES) ?? new Uint8Array());
  const loop = new WebAssembly.Instance(module, imports).exports as Loop;
  const { buffer } = loop.memory;
  const made: Scanner = {
    ...loop,
    cells: new Int32Array(buffer, STATE, LENGTH),
    window: new Uint8Array(buffer, WINDOW, MOST_BYTES * WINDOW_SIZE + MARGIN),
    kinds: new Uint8Array(buffer, KINDS, WINDOW_SIZE),
    lengths: new Uint16Array(buffer, LENGTHS, WINDOW_SIZE),
    sizes: new Uint16Array(buffer, SIZES, WINDOW_SIZE),
    keyDistances: new Uint16Array(buffer, KEY_DISTANCES, WINDOW_SIZE),
    starts: new Int32Array(buffer, STARTS, WINDOW_SIZE),
    parentDistances: new Int32Array(buffer, PARENT_DISTANCES, WINDOW_SIZE),
    keyIds: new Int32Array(buffer, KEY_IDS, WINDOW_SIZE),
    types: new Int32Array(buffer, TYPES, 2 * WINDOW_SIZE),
    internAt: () => -1,
    reader: 0,
  };
  return made;
}
