/** Messages between the extension and the preview page: two closed unions. Wire types only. */
import type { Location, Trace, TraceRequest } from './trace';

/** What the extension tells the page. */
export type ToPage =
  | { kind: 'show'; trace: Trace; title: string }
  | { kind: 'busy'; title: string }
  | { kind: 'failed'; message: string }
  /** The cursor moved: light up the boxes whose place holds it (line is 1-based). */
  | { kind: 'cursor'; uri: string; line: number };

/** What the page tells the extension. */
export type FromPage =
  { kind: 'ready' } | { kind: 'reveal'; at: Location } | { kind: 'trace'; request: TraceRequest } | { kind: 'copy'; format: TraceFormat };

/** As what a trace is copied; `curl`: its request alone. */
export type TraceFormat = 'text' | 'json' | 'mermaid' | 'curl';
