/** What a run has found: timings by subject, and the figures that have a floor. */
import type { Timing } from './interleave';

export interface Figure {
  /** Example: `text → snapshot with all links` */
  readonly work: string;
  /** Example: `sidecar 50 MB` */
  readonly on: string;
  /** What was measured, by the unit of the floor. */
  readonly value: number;
  readonly unit: 'ratio' | 'per second' | 'ms';
  /** What it is compared with. Example: `JSON.parse` */
  readonly reference: string;
  readonly floor: number;
  readonly aim: number;
}

export interface Subject {
  /** Example: `sidecar 5 MB minified` */
  readonly name: string;
  readonly bytes: number;
  readonly timings: readonly Timing[];
  /** Retained bytes by task. */
  readonly retained?: Readonly<Record<string, number>>;
}

export interface Curve {
  readonly name: string;
  readonly unit: string;
  readonly along: string;
  readonly points: readonly (readonly [along: number, value: number])[];
}

export interface Report {
  readonly subjects: Subject[];
  readonly figures: Figure[];
  readonly curves: Curve[];
}

export function makeReport(): Report {
  return { subjects: [], figures: [], curves: [] };
}
